"""A project is found, checked and opened; a small one needs little, and nobody's database is filled but the sample's own."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text
from support import commands
from support.sample import sample_project
from support.small_project import SETUP, small_project
from support.terminal import PLAIN, environment

from switchboard.console.app import Workplace
from switchboard.console.databases import prepared
from switchboard.console.sample import begin_with_sample
from switchboard.console.terminal.projects import put_first
from switchboard.database import open_engine, sqlite_url
from switchboard.errors import OperatorError
from switchboard.migrations import migrate_cases
from switchboard.project import ProjectSetup, find_project, sample_folder
from switchboard.tables.project_file import read_file
from switchboard.tables.toml_lines import line_of
from tools.shop import Row
from tools.store import migrate

ROOT = Path(__file__).parent.parent


def switchboard(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, since a process has one project."""
    found = environment(folder, COLUMNS="200", **variables)
    return subprocess.run([*PLAIN, *arguments], cwd=folder, env=found, capture_output=True, text=True, timeout=120)


def refused(project: Path) -> str:
    with pytest.raises(OperatorError) as caught:
        read_file(project / "switchboard.toml")
    return str(caught.value).removeprefix(f"{project}/")


# Finding it


def test_a_project_is_found_in_the_current_folder_and_above_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = small_project(tmp_path)
    for folder in (project, project / "agents"):
        monkeypatch.chdir(folder)
        assert find_project() == project
    monkeypatch.chdir(tmp_path)
    assert find_project() == sample_folder() == ROOT


def test_the_one_that_is_given_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, other = small_project(tmp_path), small_project(tmp_path / "other")
    monkeypatch.chdir(other)
    assert find_project(project) == project
    assert find_project(Path("../../acme")).samefile(project)


def test_a_folder_that_is_no_project_is_said(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=rf"^{re.escape(str(tmp_path))} is no project: it holds no switchboard.toml.$"):
        find_project(tmp_path)
    with pytest.raises(OperatorError, match=r"^There is no folder .*nowhere"):
        find_project(tmp_path / "nowhere")


# Reading it


def test_a_project_needs_its_name_and_a_team(tmp_path: Path) -> None:
    file = read_file(small_project(tmp_path) / "switchboard.toml")
    assert (file.name, file.language, file.currency, file.teams) == ("Acme Tools", "en", "USD", None)


def test_the_sample_is_a_project_like_any_other() -> None:
    file = read_file(ROOT / "switchboard.toml")
    assert (file.name, file.default_team, file.demo) == ("Fernhill Supply", "desk", "refund_duplicate_charge")


A = 'name = "A"\n'
WRONG = {
    "a misspelt key": (f'{A}\nlanguag = "en"\n', 'line 3: there is no key "languag"; did you mean "language".'),
    "a key of no use": (f'{A}colour = "red"\n', 'line 2: there is no key "colour"; there is name, language, currency, '),
    "a table of no use": (f"{A}# one\n[colours]\nx = 1\n", 'line 3: there is no key "colours"; '),
    "a number for a name": ("# a comment\nname = 7\n", 'line 2: "name" is wrong: input should be a valid string.'),
    "no name": ('language = "en"\n', 'switchboard.toml: "name" is missing.'),
    "an empty file": ("# nothing\n", 'switchboard.toml: "name" is missing.'),
    "a blank name": ('name = " "\n', 'line 1: "name" is wrong: a name has a letter or a digit.'),
    "a name that no folder can have": ('name = "_"\n', 'line 1: "name" is wrong: a name has a letter or a digit.'),
    "a name that turns a line around": ('name = "A\\u202eB"\n', 'line 1: "name" is wrong: it holds a character that cannot be'),
    "a language that nobody speaks": (
        f'{A}language = "tlh"\n',
        "line 2: \"language\" is wrong: input should be 'en', 'de', 'fr' or 'es'.",
    ),
    "a currency that is no code": (
        f'{A}currency = "euro"\n',
        "line 2: \"currency\" is wrong: 'euro' is the code of no currency",
    ),
    "a text for a list": (f'{A}teams = "counter"\n', 'line 2: "teams" is wrong: input should be a valid list.'),
    "a number in a list": (f'{A}teams = [\n "counter",\n 3,\n]\n', 'line 2: "teams" is wrong: input should be a valid string.'),
    "no team": (f"{A}teams = []\n", 'line 2: "teams" is wrong: list should have at least 1 item'),
    "a team that is not there": (f'{A}teams = ["till"]\n', "line 2: there is no team 'till': groupchats/till.py is missing."),
    "a path for a team": (f'{A}teams = ["../counter"]\n', 'line 2: "teams" is wrong: '),
    "no such default team": (f'{A}default_team = "till"\n', "line 2: there is no team 'till'; there is counter."),
    "a setup that is not there": (f'{A}setup = "tools.setup"\n', "line 2: tools/setup.py is missing."),
    "a setup that is no module": (f'{A}setup = "tools/setup.py"\n', 'line 2: "setup" is wrong: '),
    "a demo that is not there": (f'{A}demo = "x"\n', "line 2: there is no scenario 'x': scenarios/x.py is missing."),
    "a path for a demo": (f'{A}demo = "../x"\n', 'line 2: "demo" is wrong: '),
    "a key that would colour the terminal": (f'{A}"\\u001b[31m" = 1\n', 'line 2: there is no key "\\x1b[31m"; '),
    "no TOML": (f"{A}teams = [\n", "line 2: this is not TOML: "),
    "no TOML in the middle": (f'{A}teams: "b"\nx = 1\n', "line 2: this is not TOML: "),
    "a key twice": (f'{A}name = "B"\n', "line 2: this is not TOML: cannot overwrite a value."),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_one_sentence_with_its_line(tmp_path: Path, name: str) -> None:
    written, words = WRONG[name]
    message = refused(small_project(tmp_path, toml=written))
    assert message.startswith(words if words.startswith("switchboard.toml") else f"switchboard.toml, {words}"), message
    assert message.count("\n") == 0
    assert message.endswith(".") and not message.endswith("..")


def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    (project / "switchboard.toml").write_bytes(b'name = "\xff"\n')
    assert refused(project) == "switchboard.toml is no UTF-8 text. Save it as UTF-8."
    (project / "switchboard.toml").write_text("# " + "x" * 70_000)
    assert "more than 60,000 characters" in refused(project)
    (project / "switchboard.toml").write_text("a = " + "[" * 15_000)
    assert "nested too deeply" in refused(project)
    (project / "switchboard.toml").unlink()
    assert "cannot be read: No such file" in refused(project)


def test_a_file_that_an_editor_of_windows_wrote_is_read(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    (project / "switchboard.toml").write_bytes(b'\xef\xbb\xbfname = "Acme"\r\nlanguage = "en"\r\n')
    assert read_file(project / "switchboard.toml").name == "Acme"
    (project / "switchboard.toml").write_bytes(b'\xef\xbb\xbfname = "Acme"\r\n\r\ncolour = "red"\r\n')
    assert "line 3" in refused(project)


@pytest.mark.parametrize("package", ["agents", "groupchats", "scenarios"])
def test_a_package_that_another_installed_one_would_be_taken_for_is_refused(tmp_path: Path, package: str) -> None:
    project = small_project(tmp_path)
    (project / package / "__init__.py").unlink()
    assert f"{package} has no __init__.py, so another package of this name could take its place" in refused(project)


def test_a_project_without_teams_is_refused(tmp_path: Path) -> None:
    shutil.rmtree(small_project(tmp_path) / "groupchats")
    assert "but no folder groupchats" in refused(tmp_path / "acme")


TOML = """
# name = "not this"
name = "A"
text = '''
teams = "nor this"
'''
teams = [
  "a",  # one
  "b",
]

[rules.first]
x = { y = 1 }
[[lines]]
a = 1
[[lines]]
a = 2
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [(["name"], 3), (["text"], 4), (["teams"], 7), (["teams", 1], 7), (["rules"], 12), (["rules", "first", "x", "y"], 13),
     (["lines", 1, "a"], 17), (["nothing"], None), (["teams", 9], None)],
)  # fmt: skip
def test_the_line_of_a_key_is_found_whatever_stands_around_it(path: list[str | int], line: int | None) -> None:
    assert line_of(TOML, path) == line


# Working in it


@pytest.mark.slow
def test_every_command_works_in_a_small_project(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    asked = switchboard(tmp_path, "ask", "Hello", "--json", "--project", "acme")
    assert asked.returncode == 0, asked.stderr
    document = json.loads(asked.stdout)
    assert (document["team"], document["reply"]) == ("counter", "Acme Tools is glad to hear from you.")
    listed = switchboard(tmp_path, "--project", "acme", "runs", "--json")
    assert [row["case_id"] for row in json.loads(listed.stdout)] == [document["case_id"]]
    within = switchboard(project / "agents", "scenarios", "--json")
    assert [row["name"] for row in json.loads(within.stdout)] == ["greeting"]
    for command in (["demo"], ["run", "greeting"], ["run", "--all"], ["show", document["case_id"]], ["check"]):
        done = switchboard(tmp_path, *command, SWITCHBOARD_PROJECT=str(project))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Fernhill" not in done.stdout + done.stderr
    assert "Acme Tools in " in done.stdout


@pytest.mark.slow
def test_the_variable_may_stand_in_the_file_of_variables(tmp_path: Path) -> None:
    small_project(tmp_path)
    (tmp_path / ".env").write_text("SWITCHBOARD_PROJECT=acme\n")
    for command in (["scenarios", "--json"], ["demo", "--json"]):
        assert "greeting" in json.dumps(json.loads(switchboard(tmp_path, *command).stdout)) or command[0] == "demo"
    assert json.loads(switchboard(tmp_path, "demo", "--json").stdout)["team"] == "counter"


@pytest.mark.slow
def test_what_a_project_does_not_have_is_said_in_one_sentence(tmp_path: Path) -> None:
    small_project(tmp_path)
    for command, words in (
        (["route", "hello"], "The project Acme Tools has no rules that route"),
        (["research", "What?"], "The project Acme Tools has no team 'research'; there is counter."),
        (["sample", "load"], "The project Acme Tools has no sample to load."),
        (["run", "refund_approved"], "There is no scenario 'refund_approved'. There are: greeting."),
    ):
        done = switchboard(tmp_path, *command, "--project", "acme")
        assert (done.returncode, done.stdout) == (2, ""), done.stdout + done.stderr
        assert done.stderr.startswith(words)
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_which_of_several_teams_is_asked_must_be_said(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    team = (project / "groupchats" / "counter.py").read_text().replace('"counter"', '"till"')
    (project / "groupchats" / "till.py").write_text(team)
    done = switchboard(tmp_path, "ask", "Hello", "--project", "acme")
    assert done.returncode == 2
    assert "does not say which team to ask: set default_team to counter or till." in done.stderr
    (project / "switchboard.toml").write_text('name = "Acme"\ndefault_team = "till"\n')
    assert json.loads(switchboard(tmp_path, "ask", "Hello", "--json", "--project", "acme").stdout)["team"] == "till"


@pytest.mark.parametrize("command", ["demo", "ask hello", "scenarios", "route hello", "runs", "sample load", "tau2 replay"])
def test_a_file_that_is_wrong_is_said_by_every_command_with_exit_code_2(tmp_path: Path, command: str) -> None:
    project = small_project(tmp_path, toml='name = "A"\ncolour = "red"\n')
    done = commands.switchboard(tmp_path, *command.split(), "--project", str(project))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{tmp_path}/acme/switchboard.toml, line 2: there is no key")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_help_is_there_where_the_file_is_wrong_and_check_tells_of_it(tmp_path: Path) -> None:
    small_project(tmp_path, toml='name = "A"\ncolour = "red"\n')
    assert "Usage" in switchboard(tmp_path, "--help", "--project", "acme").stdout
    assert "Usage" in switchboard(tmp_path, "ask", "--help", "--project", "acme").stdout
    done = switchboard(tmp_path, "check", "--json", "--project", "acme")
    assert done.returncode == 2
    assert "line 2" in json.loads(done.stdout)["findings"][0]["text"]


@pytest.mark.slow
def test_a_command_of_the_project_is_there_with_it_and_only_then(tmp_path: Path) -> None:
    small_project(tmp_path, toml='name = "Acme"\nsetup = "tools.setup"\n', setup=SETUP)
    for arguments in (["stock", "count", "--project", "acme"], ["--project=acme", "stock", "count"]):
        assert switchboard(tmp_path, *arguments).stdout == "Seven hammers.\n"
    assert " stock " in switchboard(tmp_path, "--help", "--project", "acme").stdout
    assert "--project" in switchboard(tmp_path, "stock", "count", "--help", "--project", "acme").stdout
    assert "No such command 'stock'" in switchboard(tmp_path, "stock", "count").stderr
    assert "No such command 'tau2'" in switchboard(tmp_path, "tau2", "replay", "--project", "acme").stderr
    named = switchboard(tmp_path, "stock", "name", "--project", "acme").stdout.strip()
    assert Path(named) == tmp_path / "acme" / "groupchats" / "__init__.py"


def test_the_option_may_stand_anywhere_before_two_dashes() -> None:
    assert put_first(["ask", "hi", "--project", "a"]) == ["--project", "a", "ask", "hi"]
    assert put_first(["ask", "--project=a", "hi"]) == ["--project=a", "ask", "hi"]
    assert put_first(["ask", "--", "--project", "a"]) == ["ask", "--", "--project", "a"]
    assert put_first(["ask", "hi", "--project"]) == ["--project", "ask", "hi"]
    assert put_first([]) == []


@pytest.mark.slow
def test_a_process_has_one_project(tmp_path: Path) -> None:
    small_project(tmp_path)
    code = (
        "from pathlib import Path; from switchboard.project import *;"
        "open_project(sample_folder()).teams; open_project(Path('acme').absolute())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert "was imported before, from" in done.stderr


# Whose rows they are


def tables(engine: Any) -> set[str]:
    return set(inspect(engine).get_table_names())


def customers(engine: Any) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM customers")).scalar() or 0)


def test_the_samples_own_file_is_filled_when_it_is_new(tmp_path: Path) -> None:
    assert customers(Workplace(tmp_path / "data", sample_project()).engine) == 40


@pytest.mark.slow
def test_a_database_that_is_named_is_never_filled_but_by_its_operator(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "company.db")
    asked = switchboard(tmp_path, "ask", "hello", SWITCHBOARD_DATABASE_URL=url)
    assert asked.returncode in (0, 3), asked.stderr
    engine = open_engine(url)
    assert customers(engine) == 0
    done = switchboard(tmp_path, "sample", "load", "--json", SWITCHBOARD_DATABASE_URL=url)
    assert json.loads(done.stdout) == {"loaded": True, "project": "Fernhill Supply"}
    assert customers(engine) == 40
    again = switchboard(tmp_path, "sample", "load", SWITCHBOARD_DATABASE_URL=url)
    assert (again.returncode, again.stdout) == (0, "")
    assert "Nothing was loaded: there are rows already." in again.stderr
    assert customers(engine) == 40


@pytest.mark.slow
def test_another_projects_database_is_never_filled_even_when_the_sample_is_pointed_at_it(tmp_path: Path) -> None:
    small_project(tmp_path)
    assert switchboard(tmp_path, "ask", "Hello", "--project", "acme").returncode == 0
    engine = open_engine(sqlite_url(tmp_path / "data" / "switchboard.db"))
    assert "customers" not in tables(engine)
    for _ in range(2):
        asked = switchboard(tmp_path, "runs")
        assert asked.returncode == 2
        assert "holds the cases of the project 'acme-tools'" in asked.stderr
        assert "customers" not in tables(engine)


@pytest.mark.slow
def test_a_copy_of_the_sample_is_another_project(tmp_path: Path) -> None:
    for name in ("agents", "groupchats", "tools", "scenarios"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "switchboard.toml", tmp_path / "copy")
    assert switchboard(tmp_path, "ask", "hello", "--project", "copy").returncode in (0, 3)
    assert customers(open_engine(sqlite_url(tmp_path / "data" / "switchboard.db"))) == 0
    demo = switchboard(tmp_path, "demo", "--json", "--project", "copy")
    assert json.loads(demo.stdout)["end"] == "resolved", "a story is played on rows that are thrown away"


@pytest.mark.slow
def test_each_project_has_a_data_folder_of_its_own(tmp_path: Path) -> None:
    small_project(tmp_path)
    home = {"XDG_DATA_HOME": str(tmp_path / "home"), "HOME": str(tmp_path), "SWITCHBOARD_DATA": ""}
    for arguments in (["ask", "Hello", "--project", "acme"], ["ask", "Hello"]):
        assert switchboard(tmp_path, *arguments, **home).returncode in (0, 3)
    found = {path.parent.name for path in tmp_path.rglob("switchboard.db")}
    assert found == {"switchboard", "acme-tools"}


def test_a_first_start_that_was_killed_before_the_sample_was_loaded_is_made_up_for(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "switchboard.db")
    engine = open_engine(url)
    assert begin_with_sample(engine)
    migrate_cases(engine)
    again = prepared(url, sample_project(), with_sample=True)
    assert customers(again) == 40
    assert not begin_with_sample(again)


def test_two_first_starts_at_once_agree_that_the_file_is_the_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.console.sample._state", lambda engine: None)  # both looked before either had marked it
    url = sqlite_url(tmp_path / "switchboard.db")
    assert [begin_with_sample(open_engine(url)) for _ in range(2)] == [True, True]
    assert customers(prepared(url, sample_project(), with_sample=True)) == 40
    assert customers(prepared(url, sample_project(), with_sample=True)) == 40


def test_a_database_that_was_filled_once_is_not_filled_again(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "switchboard.db")
    engine = prepared(url, sample_project(), with_sample=True)
    with engine.begin() as connection:
        for table in reversed(Row.metadata.sorted_tables):
            connection.execute(table.delete())
    assert customers(prepared(url, sample_project(), with_sample=True)) == 0


def test_a_database_of_before_there_were_projects_stays_as_it_is(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "switchboard.db")
    migrate(open_engine(url))
    assert customers(prepared(url, sample_project(), with_sample=True)) == 0


def test_a_setup_that_is_none_has_defaults_that_do_nothing() -> None:
    setup = ProjectSetup()
    assert (setup.services(), setup.settings(), setup.commands, setup.chore, setup.load_sample) == ({}, (), {}, None, None)


def test_the_sample_says_what_it_reads_where_nothing_is_given() -> None:
    from tools.documents import SOURCES

    assert sample_project().setup.sources == SOURCES
