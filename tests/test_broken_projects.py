"""What is wrong in a module of a project is one sentence with its file and its line, whichever command reads it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.small_project import small_project
from test_project import switchboard

from switchboard.errors import OperatorError
from switchboard.project import find_project
from switchboard.project_file import read_file

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


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_in_an_agents_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    text, words = BROKEN[name]
    project = small_project(tmp_path)
    added(project, "agents/greeter.py", text)
    done = switchboard(project, "ask", "Hello")
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr


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


def test_a_setup_that_cannot_be_read_is_one_sentence_and_help_is_there(tmp_path: Path) -> None:
    project = small_project(tmp_path, toml='name = "A"\nsetup = "tools.setup"\n', setup="import nowhere\n")
    done = switchboard(project, "stock")
    assert done.stderr.startswith(f"{project}/tools/setup.py, line 1: ModuleNotFoundError: No module named 'nowhere'. (to be ")
    assert "Usage" in switchboard(project, "--help").stdout


def test_a_project_without_a_team_is_said(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    (project / "groupchats" / "counter.py").unlink()
    done = switchboard(project, "ask", "Hello")
    assert (done.returncode, done.stderr) == (2, f"The project Acme Tools has no team. Add one to {project}/groupchats.\n")


def test_a_project_without_a_scenario_is_said(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    (project / "scenarios" / "greeting.py").unlink()
    done = switchboard(project, "run", "--all")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "The project Acme Tools has no scenario to run.\n")


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
