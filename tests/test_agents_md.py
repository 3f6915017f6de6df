"""AGENTS.md is true: its four examples are put where they say and run, and what it names is there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_house import PROJECT, ROOT

TEXT = (ROOT / "AGENTS.md").read_text(encoding="utf-8")
EXAMPLES = {
    found[1]: found[0] for found in re.findall(r"^```python\n(# (\S+)\n.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
}  # fmt: skip

USES = """
from dataclasses import replace
from pathlib import Path

from agents.desk import support
from groupchats.desk import team
from switchboard.database import open_engine, sqlite_url
from switchboard.errors import ToolError
from switchboard.declare.moves import HandOff
from switchboard.loop.drive import run_team
from scenarios import names
from tools.store import migrate, seed
from tools.warranty import get_warranty

assert get_warranty.validated({"item_id": 3000000101}) == {"item_id": "3000000101"}
assert not get_warranty.takes({"item_id": "12"}) and not get_warranty.takes({})
assert "warranty_question" in names()
assert team.flow.reaches["support"] == ("warranty", "triage") and team.flow.reaches["warranty"] == ("support",)

parent = replace(support.agent, without_model=lambda view: HandOff("warranty", "asks for the warranty"))
desk = replace(team, members={**team.members, "support": parent})
engine = open_engine(sqlite_url(Path("shop.db")))
migrate(engine)
seed(engine)
words = "My kettle with the item number {} has stopped working, can you fix it?"
document = run_team(desk, words.format("3000000101"), engine=engine).document
assert document["end"] == "resolved" and "24 months" in document["reply"], document
document = run_team(desk, words.format("9999999999"), engine=engine).document
assert document["end"] == "awaiting_customer" and "Which item" in document["reply"], document
print("used")
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with the examples in it, and the agent under a parent, as AGENTS.md says."""
    folder = tmp_path_factory.mktemp("house")
    for floor in ("switchboard", *PROJECT):
        shutil.copytree(ROOT / floor, folder / floor, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "switchboard.toml", folder)
    for path, code in EXAMPLES.items():
        assert not (folder / path).exists(), f"{path} is there already; the example would not be a new file"
        (folder / path).write_text(code, encoding="utf-8")
    desk = folder / "groupchats" / "desk.py"
    before = desk.read_text(encoding="utf-8")
    assert '"support": ["warranty"]' in TEXT and '"support": []' in before
    desk.write_text(before.replace('"support": []', '"support": ["warranty"]'), encoding="utf-8")
    return folder


def python(house: Path, *arguments: str) -> str:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("SWITCHBOARD_", "OAI_", "OPENAI_"))}
    environment = {**inherited, "PYTHONPATH": str(house)}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=house, env=environment, capture_output=True, text=True, timeout=60
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_there_is_one_example_of_each() -> None:
    assert [path.split("/")[0] for path in EXAMPLES] == ["tools", "agents", "groupchats", "scenarios"]
    assert len(EXAMPLES) == TEXT.count("```python")
    assert max(len(code.splitlines()) for code in EXAMPLES.values()) <= 30


@pytest.mark.slow
def test_the_example_of_a_scenario_plays_as_told_with_the_example_of_a_team(house: Path) -> None:
    assert "It went as told." in python(house, "-m", "scenarios.warranty_question")


@pytest.mark.slow
def test_the_example_of_an_agent_works_under_a_parent_on_the_desk_and_calls_the_example_of_a_tool(house: Path) -> None:
    assert python(house, "-c", USES) == "used\n"


def test_the_examples_are_written_as_the_house_is(house: Path) -> None:
    files = [str(house / path) for path in EXAMPLES]
    config = ["--config", str(ROOT / "pyproject.toml")]
    python(house, "-m", "ruff", "check", "--quiet", *config, *files)
    python(house, "-m", "ruff", "format", "--check", "--quiet", *config, *files)


def test_every_file_and_folder_that_is_named_is_there() -> None:
    named = re.findall(rf"`((?:{'|'.join(PROJECT)}|switchboard|tests|coding|\.ci)/[\w./]*)`", TEXT)
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).exists() and path not in EXAMPLES] == []


def test_the_places_that_know_the_departments_hold_what_is_said_of_them() -> None:
    places = re.findall(r"`([\w/]+\.py)`: `(\w+)`(?: says whose\s+they are, and `(\w+)`)?", TEXT)
    pairs = [(path, name) for path, *found in places for name in found if name]
    assert len(pairs) == 8
    assert [(p, n) for p, n in pairs if not re.search(rf"^(?:def )?{n}\b", (ROOT / p).read_text("utf-8"), re.MULTILINE)] == []
