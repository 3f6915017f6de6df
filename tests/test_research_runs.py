"""A report under way: its parts side by side; killed, or stopped by Ctrl-C, it goes on and pays nothing twice."""

import os
import re
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.commands import document, said, started, switchboard
from support.research_model import PARTS, QUESTION, Team
from support.terminal import Terminal

from switchboard.models.scripted import ScriptedModel

QUICK, SLOW = PARTS[:4], PARTS[4:]
PATIENCE_SECONDS = 60


@pytest.fixture
def team() -> Team:
    """Two of its parts do not come to their end."""
    made = Team(seconds=0.02)
    made.slow = {f"find {part}": 60.0 for part in SLOW}
    return made


@pytest.fixture
def models(team: Team, tmp_path: Path) -> Iterator[str]:
    with ScriptedModel(team) as running:
        yield str(running.config(tmp_path))


def until_the_quick_parts_have_ended(folder: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        database = sqlite3.connect(folder / "data" / "switchboard.db")
        (ended,) = database.execute('SELECT count(*) FROM cases WHERE parent IS NOT NULL AND "end" IS NOT NULL').fetchone()
        database.close()
        if ended == len(QUICK):
            return
        time.sleep(0.05)
    raise AssertionError("the quick parts have not ended")


def of_parts(team: Team) -> dict[str, int]:
    """How often the model was asked for each step of each part."""
    return {who: n for who, n in team.asked.items() if who.startswith(("search", "find"))}


def once_but_for(*again: str) -> dict[str, int]:
    steps = [f"{step} {part}" for part in PARTS for step in ("search", "find")]
    return {step: 2 if step in again else 1 for step in steps}


@pytest.mark.slow
def test_six_parts_are_looked_into_at_the_same_time_and_none_is_lost(tmp_path: Path) -> None:
    team = Team(seconds=0.3)
    with ScriptedModel(team) as running:
        found = document(tmp_path, "research", QUESTION, OAI_CONFIG_LIST=str(running.config(tmp_path)))
    assert (found["end"], len(found["branches"]), team.most) == ("resolved", 6, 6)
    assert of_parts(team) == once_but_for()


@pytest.mark.slow
def test_a_report_that_is_killed_in_the_middle_goes_on_and_repeats_no_finished_part(
    tmp_path: Path, team: Team, models: str
) -> None:
    running = started(tmp_path, "research", QUESTION, "--out", "report.md", OAI_CONFIG_LIST=models)
    until_the_quick_parts_have_ended(tmp_path)
    running.send_signal(signal.SIGKILL)
    assert running.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    asked = of_parts(team)
    assert {who: n for who, n in asked.items() if who not in team.slow} == {
        who: n for who, n in once_but_for().items() if who not in team.slow
    }
    team.slow.clear()
    (case,) = document(tmp_path, "cases", OAI_CONFIG_LIST=models)  # to look at it works on nothing
    done = switchboard(tmp_path, "resume", case["case_id"], OAI_CONFIG_LIST=models)
    assert done.returncode == 0, said(done)
    assert of_parts(team) == once_but_for(*(f"find {part}" for part in SLOW))
    assert (team.asked["planner"], team.asked["writer"], team.asked["critic"]) == (1, 1, 1)
    assert (tmp_path / "report.md").read_text("utf-8").startswith(f"# {QUESTION}")


@pytest.mark.slow
def test_ctrl_c_keeps_what_was_found_and_resume_writes_the_report_where_it_was_to_go(
    tmp_path: Path, team: Team, models: str
) -> None:
    terminal = Terminal(tmp_path, "research", QUESTION, "--out", "reports.html", OAI_CONFIG_LIST=models)
    for part in SLOW:
        terminal.wait_for(part)
    until_the_quick_parts_have_ended(tmp_path)
    terminal.interrupt()
    assert terminal.end() == 1
    command = re.search(
        r"What was found so far is kept in (case_\w+); this goes on with it:\s+switchboard resume (case_\w+)", terminal.seen
    )
    assert command and command[1] == command[2]
    assert not (tmp_path / "reports.html").exists()
    team.slow.clear()
    (tmp_path / "elsewhere").mkdir()
    here = Path.cwd()
    os.chdir(tmp_path / "elsewhere")
    try:
        done = switchboard(tmp_path, "resume", command[1], OAI_CONFIG_LIST=models)
    finally:
        os.chdir(here)
    assert done.returncode == 0 and f"The report is in\n{tmp_path / 'reports.html'}\n" in done.stderr
    assert of_parts(team) == once_but_for(*(f"find {part}" for part in SLOW))
    assert (tmp_path / "reports.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    over = switchboard(tmp_path, "resume", command[1], OAI_CONFIG_LIST=models)
    assert over.returncode == 2 and "is over; it ended resolved" in said(over)


@pytest.mark.slow
def test_ctrl_c_while_it_goes_on_keeps_it_again(tmp_path: Path, team: Team, models: str) -> None:
    running = started(tmp_path, "research", QUESTION, "--out", "report.md", OAI_CONFIG_LIST=models)
    until_the_quick_parts_have_ended(tmp_path)
    running.send_signal(signal.SIGINT)
    assert running.wait(PATIENCE_SECONDS) == 1
    (case,) = document(tmp_path, "cases", OAI_CONFIG_LIST=models)
    again = started(tmp_path, "resume", case["case_id"], OAI_CONFIG_LIST=models)
    until = time.monotonic() + PATIENCE_SECONDS
    while any(team.asked[who] < 2 for who in team.slow) and time.monotonic() < until:
        time.sleep(0.05)
    again.send_signal(signal.SIGINT)
    out, err = again.communicate(PATIENCE_SECONDS)
    assert again.returncode == 1 and f"switchboard resume {case['case_id']}" in err, out + err
    team.slow.clear()
    done = switchboard(tmp_path, "resume", case["case_id"], OAI_CONFIG_LIST=models)
    assert done.returncode == 0 and (tmp_path / "report.md").exists()


@pytest.mark.slow
def test_a_report_that_another_command_came_to_the_end_of_is_written_by_resume(tmp_path: Path, team: Team, models: str) -> None:
    running = started(tmp_path, "research", QUESTION, "--out", "report.json", OAI_CONFIG_LIST=models)
    until_the_quick_parts_have_ended(tmp_path)
    running.send_signal(signal.SIGINT)
    running.wait(PATIENCE_SECONDS)
    team.slow.clear()
    switchboard(
        tmp_path, "ask", "Where is my order #W1000009?", OAI_CONFIG_LIST=models
    )  # it takes up what was left, and ends it
    case_id = next(one["case_id"] for one in document(tmp_path, "cases") if one["team"] == "research")
    assert not (tmp_path / "report.json").exists()
    assert switchboard(tmp_path, "resume", case_id).returncode == 0
    assert '"answer"' in (tmp_path / "report.json").read_text("utf-8")


@pytest.mark.slow
def test_the_terminal_shows_each_part_while_it_is_looked_into(tmp_path: Path) -> None:
    with ScriptedModel(Team(seconds=0.2)) as running:
        models = str(running.config(tmp_path))
        terminal = Terminal(tmp_path, "research", QUESTION, columns=100, OAI_CONFIG_LIST=models)
        assert terminal.end() == 0
    for part in PARTS:
        assert re.search(rf"✓ .*{re.escape(part)} +.*0:00:0\d", terminal.seen)


def folder_of_documents(folder: Path, number: int = 1500) -> Path:
    """So many that they are not read in a moment."""
    made = folder / "shelf"
    made.mkdir()
    for n in range(number):
        words = " ".join(f"word{(n * 7 + k) % 997}" for k in range(60))
        (made / f"note-{n:04}.md").write_text(f"# Note {n}\n\nThe lamp of room {n} is painted in green.\n\n{words}\n", "utf-8")
    return made


def read_of(folder: Path) -> list[tuple[str, int]]:
    """The documents that the index holds, and where their rows stand: one that is read again gets a new one."""
    (path,) = (folder / "data" / "indexes").glob("*.sqlite")
    database = sqlite3.connect(path, timeout=30)
    try:
        return database.execute("SELECT name, rowid FROM file ORDER BY name").fetchall()
    finally:
        database.close()


def killed_while_it_reads(folder: Path, *arguments: str) -> list[tuple[str, int]]:
    running = started(folder, *arguments)
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            if len(read_of(folder)) >= 50:
                break
        except (ValueError, sqlite3.Error):  # it is not there yet
            time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    assert running.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    return read_of(folder)


@pytest.mark.slow
def test_research_that_is_killed_while_it_reads_the_sources_is_a_case_that_resume_goes_on_with(tmp_path: Path) -> None:
    shelf = folder_of_documents(tmp_path)
    asked = ("research", "In what colour is the lamp of room 1234 painted?", "--sources", "shelf", "--out", "report.md")
    before = killed_while_it_reads(tmp_path, *asked)
    assert 0 < len(before) < len([*shelf.iterdir()]), "it was killed while it read"
    (case,) = document(tmp_path, "cases")
    assert (case["team"], case["end"]) == ("research", None)
    done = switchboard(tmp_path, "resume", case["case_id"])
    assert done.returncode == 0, said(done)
    assert set(before) <= set(read_of(tmp_path)), "what was read is not read again"
    assert "room 1234 is painted in green" in (tmp_path / "report.md").read_text("utf-8")


def test_sources_that_turn_out_to_hold_no_text_leave_no_case_to_be_resumed(tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf" / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing else")
    done = switchboard(tmp_path, "research", "What is painted?", "--sources", "shelf")
    assert done.returncode == 2 and "holds no text to search" in said(done) and "broken.pdf" in said(done)
    assert [case["end"] for case in document(tmp_path, "cases")] == ["cancelled"]
    assert "Nothing was left unfinished." in said(switchboard(tmp_path, "resume", "--all"))


@pytest.mark.slow
def test_ctrl_c_while_the_sources_are_read_says_how_to_go_on(tmp_path: Path) -> None:
    folder_of_documents(tmp_path)
    terminal = Terminal(tmp_path, "research", "Which lamp is painted in green?", "--sources", "shelf", "--out", "report.md")
    terminal.wait_for("Reading the sources")
    terminal.interrupt()
    assert terminal.end() == 1
    command = re.search(r"switchboard resume (case_\w+)", terminal.seen)
    assert command, terminal.seen
    assert switchboard(tmp_path, "resume", command[1]).returncode == 0
    assert (tmp_path / "report.md").exists()
