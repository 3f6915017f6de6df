"""The README is true: every command in it runs, and its transcript is the demo's."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS[2:] for line in block.splitlines() if line.strip()]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    name, *arguments = shlex.split(command)
    assert name == "switchboard"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("SWITCHBOARD_", "OAI_", "OPENAI_"))}
    program = [sys.executable, "-c", "from console.cli import main; main()", *arguments]
    environment = {**inherited, "SWITCHBOARD_DATA": str(folder), "COLUMNS": "120"}
    return subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


def test_the_first_two_blocks_set_up_and_test() -> None:
    assert len(BLOCKS) >= 3
    assert "switchboard demo" in BLOCKS[0]
    assert BLOCKS[1].strip().endswith("pytest")
    assert [len(block.strip().splitlines()) for block in BLOCKS[:2]] == [1, 1]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(command: str, tmp_path: Path) -> None:
    done = run(command, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout or "No runs yet" in done.stderr


def test_the_transcript_is_what_the_demo_prints(tmp_path: Path) -> None:
    shown = re.search(r"^```text\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert shown
    printed = run("switchboard demo", tmp_path).stdout
    changes = r"run_\w{12}|\d+\.\d\d s|\d{4}-\d\d-\d\d"  # the id of the run, its duration, the days of the sample shop
    told, heard = re.sub(changes, "…", shown[1]), re.sub(changes, "…", printed)
    assert [line.rstrip() for line in told.splitlines()] == [line.rstrip() for line in heard.splitlines()][
        : len(told.splitlines())
    ]


def test_every_command_is_named_in_the_readme() -> None:
    from console.cli import app

    names = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    assert [name for name in sorted(names) if not re.search(rf"`?(switchboard )?\b{name}\b", README)] == []
