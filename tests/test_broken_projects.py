"""What is wrong in a module of a project is one sentence with its file and its line, whichever command reads it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from support.small_project import small_project
from test_project import switchboard

from switchboard.errors import OperatorError
from switchboard.project import find_project
from switchboard.tables.project_file import read_file

BROKEN = {
    "no Python": ("def (", "agents/greeter.py, line 5: this is not Python: "),
    "an import of what is not there": ("import nowhere", "agents/greeter.py, line 5: ModuleNotFoundError: No module named"),
    "a line that fails": ("\n1 / 0", "agents/greeter.py, line 6: ZeroDivisionError: division by zero."),
    "a line that ends the program": ("raise SystemExit(0)", "agents/greeter.py, line 5: it ends the program"),
    "a byte that is no text": ("\udcff", "agents/greeter.py"),
    "a byte that no text holds": ("\0", ""),
    "no agent": ("del agent", "groupchats/counter.py, line 5: AttributeError: module 'agents.greeter'"),
    "another thing for an agent": ("agent = 3", "groupchats/counter.py, line 5: Team counter: the member 'greeter' "),
    "an argument that there is not": ("AgentSpec(nam='x')", "agents/greeter.py, line 5: TypeError: "),
    "two of one name": (
        'agent = AgentSpec("b", "", "")',
        "groupchats/counter.py, line 5: Team counter: the member ",
    ),
}


def added(project: Path, name: str, text: str) -> None:
    path = project / name
    path.write_bytes(path.read_bytes() + text.encode("utf-8", "surrogateescape") + b"\n")


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_in_an_agents_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    text, words = BROKEN[name]
    project = small_project(tmp_path)
    added(project, "agents/greeter.py", text)
    done = switchboard(project, "ask", "Hello")
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr


@pytest.mark.slow
def test_every_command_says_it_and_help_is_there(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    added(project, "scenarios/greeting.py", "import nowhere")
    added(project, "groupchats/counter.py", "team = 3")
    for command, words in (
        (["scenarios"], "scenarios/greeting.py, line 5: ModuleNotFoundError"),
        (["run", "--all"], "scenarios/greeting.py, line 5: ModuleNotFoundError"),
        (["worker"], "groupchats/counter.py must declare `team`, a TeamSpec called 'counter'."),
        (["check"], "groupchats/counter.py must declare `team`, a TeamSpec called 'counter'."),
    ):
        done = switchboard(project, *command)
        assert done.returncode in (1, 2)
        assert words in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    assert "Usage" in switchboard(project, "--help").stdout


@pytest.mark.slow
def test_a_setup_that_cannot_be_read_is_one_sentence_and_help_is_there(tmp_path: Path) -> None:
    project = small_project(tmp_path, toml='name = "A"\nsetup = "tools.setup"\n', setup="import nowhere\n")
    done = switchboard(project, "stock")
    assert done.stderr.startswith(f"{project}/tools/setup.py, line 1: ModuleNotFoundError: No module named 'nowhere'. (to be ")
    assert "Usage" in switchboard(project, "--help").stdout


@pytest.mark.slow
def test_a_project_without_a_team_is_said(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    (project / "groupchats" / "counter.py").unlink()
    done = switchboard(project, "ask", "Hello")
    assert (done.returncode, done.stderr) == (2, f"The project Acme Tools has no team. Add one to {project}/groupchats.\n")


@pytest.mark.slow
def test_a_project_without_a_scenario_is_said(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    (project / "scenarios" / "greeting.py").unlink()
    done = switchboard(project, "run", "--all")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "The project Acme Tools has no scenario to run.\n")


# What its setup does


SETUP = """
from switchboard.project import ProjectSetup


def broken(*given):
    1 / 0


setup = ProjectSetup({part}=broken)
"""
TOML = 'name = "A"\nsetup = "tools.setup"\n'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "command"),
    [("services", "ask Hello"), ("migrate", "cases"), ("route", "route Hello"), ("load_sample", "sample load")],
)
def test_what_a_setup_raises_is_one_sentence_with_its_line_and_check_tells_it(tmp_path: Path, part: str, command: str) -> None:
    project = small_project(tmp_path, toml=TOML, setup=SETUP.format(part=part))
    done = switchboard(project, *command.split())
    words = f"{project}/tools/setup.py, line 5: ZeroDivisionError: division by zero."
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{words} (to be mended by: developer)\n"
    if part != "load_sample":
        found = switchboard(project, "check", "--json")
        assert found.returncode == 2
        assert {"what": "project", "state": "wrong", "text": words} in json.loads(found.stdout)["findings"]


@pytest.mark.slow
def test_services_that_are_none_and_a_setup_that_ends_the_program_are_said(tmp_path: Path) -> None:
    nothing = SETUP.format(part="services").replace("1 / 0", "pass")
    project = small_project(tmp_path, toml=TOML, setup=nothing)
    assert switchboard(project, "ask", "Hello").stderr.startswith(
        "tools/setup.py: `broken` gives NoneType, which is no Mapping."
    )
    (project / "tools" / "setup.py").write_text(nothing.replace("pass", "raise SystemExit(0)"))
    assert "tools/setup.py, line 6: it ends the program" in switchboard(project, "ask", "Hello").stderr


@pytest.mark.slow
def test_a_module_beside_the_teams_that_declares_none_is_no_team(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    (project / "groupchats" / "rules.py").write_text(
        "from switchboard.declare.team import Rule\n\nRULES = (Rule('approve'),)\n"
    )
    assert json.loads(switchboard(project, "ask", "Hello", "--json").stdout)["team"] == "counter"
    found = switchboard(project, "check", "--json")
    assert found.returncode == 0, found.stderr
    told = [row["text"] for row in json.loads(found.stdout)["findings"] if row["what"] == "project"]
    assert told[0].endswith("with these teams: counter.")
    assert told[1:] == ["groupchats/rules.py declares no `team`, so it is none."]


# What is gone while cases are open

ASKS = """
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Say

agent = AgentSpec("{name}", "Greets.", "You greet.", lambda view: {move})
"""
TEAM = """
from agents import asker, greeter
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.hub import hub

members = {{"greeter": greeter.agent, "{name}": asker.agent}}
team = TeamSpec("counter", "Greets.", members, hub("greeter", {{"{name}": []}}), (Rule("approve"),))
"""


@pytest.mark.slow
def test_a_case_whose_agent_is_gone_ends_with_a_sentence_and_check_names_it(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    (project / "agents" / "greeter.py").write_text(ASKS.format(name="greeter", move="HandOff('asker', 'asks')"))
    (project / "agents" / "asker.py").write_text(ASKS.format(name="asker", move="Say('Which one?', asks=True)"))
    (project / "groupchats" / "counter.py").write_text(TEAM.format(name="asker"))
    case = json.loads(switchboard(project, "ask", "Hello", "--json").stdout)
    assert case["end"] == "awaiting_customer"
    for file in ("agents/asker.py", "agents/greeter.py"):
        (project / file).write_text(
            (project / file).read_text().replace("'asker'", "'inquirer'").replace('"asker"', '"inquirer"')
        )
    (project / "groupchats" / "counter.py").write_text(TEAM.format(name="inquirer"))
    found = json.loads(switchboard(project, "check", "--json").stdout)["findings"]
    told = [row["text"] for row in found if row["what"] == "cases"]
    assert told == [
        f"The team counter has no agent 'asker' any more, who has open cases ({case['case_id']}): "
        "each goes to a human when it goes on."
    ]
    done = switchboard(project, "ask", "--case", case["case_id"], "The red one", "--json")
    after = json.loads(done.stdout)
    assert (after["end"], after["reason"]) == (
        "failed",
        "The agent 'asker', who had this case, is no member of the team counter any more.",
    )
    assert "Traceback" not in done.stderr


TOOL = """
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Say, call
from switchboard.declare.tool import tool


@tool(effect="send", public=True)
def {name}(to: str) -> str:
    \"\"\"Greet somebody.\"\"\"
    return "Greeted."


def rules(view):
    made = view.last("{name}")
    return Say("Greeted.") if made and made.done else call("{name}", to="all")


agent = AgentSpec("greeter", "Greets.", "You greet.", rules, tools=({name},))
"""


@pytest.mark.slow
def test_a_call_that_waits_for_a_tool_that_was_renamed_is_refused_with_a_sentence(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    (project / "agents" / "greeter.py").write_text(TOOL.format(name="greet"))
    team = project / "groupchats" / "counter.py"
    team.write_text(team.read_text().replace('Rule("approve")', 'Rule("ask")'))
    case = json.loads(switchboard(project, "ask", "Hello", "--json").stdout)
    assert case["end"] == "awaiting_approval"
    (project / "agents" / "greeter.py").write_text(TOOL.format(name="welcome"))
    [waiting] = json.loads(switchboard(project, "approvals", "--json").stdout)
    given = ("--as", "Odile", "--for", waiting["hash"], "--json")
    done = switchboard(project, "approve", case["case_id"], *given)
    assert "Traceback" not in done.stderr, done.stderr
    after = json.loads(done.stdout)
    refused = next(line for line in after["transcript"] if line["kind"] == "result" and line["tool"] == "greet")
    assert refused["status"] == "refused"
    assert "greeter cannot call 'greet'. It holds: welcome." in refused["text"]
    assert after["end"] == "awaiting_approval", "the rules call the tool by its new name, and that waits anew"


# Its file, and its folder


@pytest.mark.parametrize("put", [Path.mkdir, lambda path: path.symlink_to(path), lambda path: path.symlink_to("nowhere")])
def test_what_is_called_like_a_projects_file_and_is_none_is_said_and_no_other_project_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, put: Callable[[Path], None]
) -> None:
    project = small_project(tmp_path)
    (project / "switchboard.toml").unlink()
    put(project / "switchboard.toml")
    monkeypatch.chdir(project / "agents")
    assert find_project() == find_project(project) == project
    with pytest.raises(OperatorError, match=r"switchboard\.toml cannot be read: "):
        read_file(project / "switchboard.toml")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("a" * 5000, "There is no folder"),
        ("a\0b", "There is no folder"),
        ("~nobody-of-this-name/x", "There is no folder"),
        ("acme/switchboard.toml", "is no folder. Name a project's with --project"),
    ],
)
def test_a_folder_that_cannot_be_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, words: str) -> None:
    small_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OperatorError, match=words):
        find_project(Path(given))
