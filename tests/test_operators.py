"""What operators do at the command line with runs: go on with what was killed, replay, take over, cancel, clean up."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from support.commands import GRACE, LARGE, document, lines, parked, refunds, said, started, switchboard
from support.terminal import Terminal

from scenarios.refund_duplicate_charge import scenario
from switchboard.database import open_engine, sqlite_url
from switchboard.models.scripted import Reply, ScriptedModel

EMMA = ["--email", "emma.lindqvist@example.com"]
TWICE = "I was charged twice for order #W1000001, please refund the second charge."


def execute(folder: Path, statement: str, file: str = "switchboard.db") -> list[Any]:
    """One statement on the rows, as another program would make it."""
    engine = open_engine(sqlite_url(folder / "data" / file))
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        found = list(result) if result.returns_rows else []
    engine.dispose()
    return found


class Refunding:
    """A model that plays the refund, and holds back its second answer until it is told to go on."""

    def __init__(self) -> None:
        self.replies = list(scenario.script["refunds"])
        self.answered: list[int] = []
        self.is_asked, self.goes_on = threading.Event(), threading.Event()

    def __call__(self, request: dict[str, Any]) -> Reply:
        number = sum(message["role"] == "tool" for message in request["messages"])
        if number == 1 and not self.is_asked.is_set():
            self.is_asked.set()
            self.goes_on.wait(120)  # longer than anything else here is waited for
            return 500  # whoever asked is dead, or hears it and asks again
        self.answered.append(number)
        return self.replies[number]


@pytest.fixture
def model() -> Iterator[Refunding]:
    script = Refunding()
    with ScriptedModel(script) as server:
        script.config = {"OAI_CONFIG_LIST": json.dumps([{"model": "m", "base_url": server.url, "api_key": "x"}])}  # type: ignore[attr-defined]
        yield script
        script.goes_on.set()


def killed(folder: Path, model: Any) -> str:
    """The id of a run whose process was killed while the model was at its second answer."""
    asking = started(folder, "ask", TWICE, *EMMA, **model.config)
    assert model.is_asked.wait(30)
    os.kill(asking.pid, signal.SIGKILL)
    asking.communicate(timeout=20)
    model.goes_on.set()
    return str(document(folder, "cases")[0]["case_id"])


@pytest.mark.slow
def test_a_killed_run_is_shown_resumed_and_replayed_and_no_answer_is_asked_for_twice(tmp_path: Path, model: Any) -> None:
    asking = started(tmp_path, "ask", TWICE, *EMMA, **model.config)
    assert model.is_asked.wait(30)
    [row] = document(tmp_path, "cases")
    assert row["end"] is None
    assert "working" in said(switchboard(tmp_path, "cases"))
    case_id = row["case_id"]
    shown = said(switchboard(tmp_path, "show", case_id, "--trace", **model.config))
    assert "This case is not over: it is being worked on by" in shown
    assert "list_charges: order_id #W1000001" in shown
    live = switchboard(tmp_path, "resume", case_id, **model.config)
    assert (live.returncode, f"{case_id} is being worked on by" in said(live)) == (2, True)

    os.kill(asking.pid, signal.SIGKILL)
    asking.communicate(timeout=20)
    model.goes_on.set()
    shown = said(switchboard(tmp_path, "show", case_id, **model.config))
    assert f"it was cut off; `switchboard resume {case_id}` goes on with it" in shown

    resumed = switchboard(tmp_path, "resume", "--all", **model.config)
    assert resumed.returncode == 0, said(resumed)
    assert "Your refund of 42.50" in said(resumed) or "42.50 USD" in said(resumed)
    found = document(tmp_path, "show", case_id)
    assert (found["end"], refunds(found), found["model_calls"]) == ("resolved", [("done", 4250)], 3)
    assert model.answered == [0, 1, 2]
    assert execute(tmp_path, "SELECT count(*) FROM refunds WHERE order_id = '#W1000001'") == [(1,)]

    execute(tmp_path, "UPDATE orders SET status = 'cancelled'")  # what a tool would read today is not what it read then
    replayed = switchboard(tmp_path, "replay", case_id, "--trace", **model.config)
    assert replayed.returncode == 0, said(replayed)
    assert "Today's code goes the same way." in said(replayed)
    assert "status delivered" in said(replayed)
    assert model.answered == [0, 1, 2]
    assert execute(tmp_path, "SELECT count(*) FROM refunds WHERE order_id = '#W1000001'") == [(1,)]

    again = switchboard(tmp_path, "resume", case_id)
    assert (again.returncode, said(again)) == (
        2,
        f"{case_id} is over; it ended resolved. `switchboard ask --case {case_id} …` continues the case.",
    )


@pytest.mark.slow
def test_any_command_goes_on_with_what_was_killed_and_says_so(tmp_path: Path, model: Any) -> None:
    killed(tmp_path, model)
    done = switchboard(tmp_path, "ask", "How much is express shipping?", **model.config)
    [other, left] = document(tmp_path, "cases")
    assert f"Taking up {left['case_id']}, which was left unfinished." in done.stderr
    assert f"{left['case_id']}: resolved." in done.stderr
    assert left["end"] == "resolved"
    assert other["end"] is not None
    assert execute(tmp_path, "SELECT count(*) FROM refunds WHERE order_id = '#W1000001'") == [(1,)]


@pytest.mark.slow
def test_a_run_that_is_cancelled_after_it_was_cut_off_does_nothing_more(tmp_path: Path, model: Any) -> None:
    case_id = killed(tmp_path, model)
    found = document(tmp_path, "cancel", case_id, **model.config)
    assert found["end"] == "cancelled"
    assert "Nothing was changed" in found["reply"]
    assert execute(tmp_path, "SELECT count(*) FROM refunds WHERE order_id = '#W1000001'") == [(0,)]


def test_a_replay_by_other_code_says_where_it_goes_another_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from groupchats.desk import team
    from switchboard.declare.moves import Say

    case_id = document(tmp_path, "ask", TWICE, *EMMA)["case_id"]
    members = {**team.members, "refunds": replace(team.members["refunds"], without_model=lambda view: Say("No."))}
    monkeypatch.setattr("groupchats.desk.team", replace(team, members=members))
    done = switchboard(tmp_path, "replay", case_id)
    assert done.returncode == 1
    assert "Another way: run 1: entry" in said(done)
    assert "Today's code goes another way." in said(done)
    assert document(tmp_path, "replay", case_id)["replay"]["complete"] is False


@pytest.mark.slow
def test_an_operator_takes_a_case_over_and_the_agents_go_on_after_it_is_handed_back(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    taken = switchboard(tmp_path, "take", case_id[:8], "--as", "dana")
    assert taken.returncode == 0
    assert "I was charged twice" in said(taken)
    assert document(tmp_path, "approvals") == []
    assert document(tmp_path, "cases")[0]["held_by"] == "dana"
    assert "dana" in said(switchboard(tmp_path, "cases"))
    added = switchboard(tmp_path, "ask", "--case", case_id, "Is anybody there?", *GRACE)
    assert "Your message was added to the case. dana answers it." in said(added)
    document(tmp_path, "say", case_id, "Yes: I look at your charges now.", "--as", "dana")
    found = document(tmp_path, "show", case_id)
    assert (found["end"], found["held_by"]) == ("escalated", "dana")
    assert lines(found, "message")[-2:] == ["Is anybody there?", "Yes: I look at your charges now."]

    back = document(tmp_path, "hand-back", case_id, "--note", "I sent a voucher; no refund.", "--as", "dana")
    assert back["end"] in ("resolved", "awaiting_customer")
    assert refunds(back) == [("refused", 17990)]
    assert "I sent a voucher; no refund." in lines(back, "decision")
    assert document(tmp_path, "show", case_id)["held_by"] is None
    further = document(tmp_path, "ask", "--case", case_id, "Where is my order #W1000009?")
    assert "delivered" in further["reply"]


def test_a_case_that_waits_is_cancelled_and_the_customer_hears_what_was_not_done(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    done = switchboard(tmp_path, "cancel", case_id, "--as", "dana")
    assert (done.returncode, done.stderr) == (0, "")  # it says nothing of taking up what was left: it is what was asked for
    found = document(tmp_path, "show", case_id)
    assert (found["end"], found["reason"]) == ("cancelled", "dana cancelled the case.")
    assert "Nothing was changed" in found["reply"]
    late = switchboard(tmp_path, "approve", case_id, "--for", bound)
    assert (late.returncode, said(late)) == (2, f"{case_id} does not wait for an approval; it stands at cancelled.")


@pytest.mark.slow
def test_clean_up_deletes_the_steps_of_what_is_over_and_leaves_what_waits(tmp_path: Path) -> None:
    waiting, bound = parked(tmp_path)
    over = document(tmp_path, "ask", TWICE, *EMMA)["case_id"]
    assert document(tmp_path, "clean-up") == {"cases": 0}
    execute(tmp_path, "UPDATE runs SET started_at = '2020-01-01 00:00:00.000000'")
    assert "deleted, over for more than 30 days: 1." in said(switchboard(tmp_path, "clean-up", "--older-than", "30"))
    assert execute(tmp_path, "SELECT DISTINCT case_id FROM runs") == [(waiting,)]
    gone = switchboard(tmp_path, "replay", over)
    assert (gone.returncode, "There is nothing to replay" in said(gone)) == (2, True)
    assert document(tmp_path, "show", over)["end"] == "resolved"
    assert refunds(document(tmp_path, "approve", waiting, "--for", bound)) == [("done", 17990)]
    assert "Tracking" in document(tmp_path, "ask", "--case", over, "Where is my order #W1000001?")["reply"]
    partly = switchboard(tmp_path, "replay", over)
    assert partly.returncode == 1
    assert "Run 1 has no record (any more), so nothing is known of it. Today's code goes the same way where there is" in said(
        partly
    )


BROKEN = {
    "by the engine": ("switchboard-engine.db", "UPDATE workflow_status SET status = 'ERROR'"),
    "by the deaths of its processes": ("switchboard.db", "UPDATE runs SET attempts = 5, reached = 99"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_a_run_that_cannot_go_on_is_closed_truthfully_by_resume(tmp_path: Path, model: Any, name: str) -> None:
    case_id = killed(tmp_path, model)
    file, statement = BROKEN[name]
    execute(tmp_path, statement, file)
    found = document(tmp_path, "resume", case_id)
    assert found["end"] == "failed"
    assert "Nothing was changed" in found["reply"]
    assert "ticket" in found["reply"]
    assert model.answered == [0]


@pytest.mark.slow
def test_ctrl_c_leaves_a_resumed_run_for_the_next_command(tmp_path: Path, model: Any) -> None:
    case_id = killed(tmp_path, model)
    model.is_asked.clear()
    model.goes_on.clear()
    resuming = Terminal(tmp_path, "resume", case_id, **model.config)
    assert model.is_asked.wait(30)
    resuming.interrupt()
    resuming.wait_for("Stopped.")
    assert resuming.end() == 1
    assert "Traceback" not in resuming.seen
    model.goes_on.set()
    found = document(tmp_path, "resume", case_id, **model.config)
    assert (found["end"], refunds(found)) == ("resolved", [("done", 4250)])
    assert model.answered == [0, 1, 2]


@pytest.mark.slow
def test_bad_use_gets_one_clear_sentence(tmp_path: Path) -> None:
    waiting, _ = parked(tmp_path)
    over = document(tmp_path, "ask", TWICE, *EMMA)["case_id"]
    played = document(tmp_path, "demo")["case_id"]
    document(tmp_path, "ask", LARGE, *GRACE)
    switchboard(tmp_path, "take", waiting, "--as", "dana")
    bad = {
        ("take", waiting, "--as", "erik"): "dana has this case already.",
        ("take", waiting, "--as", "dana"): "You have this case already.",
        ("say", waiting, "Hello", "--as", "erik"): "dana has this case. Ask them to hand it back.",
        ("say", waiting, "  ", "--as", "dana"): "The message is empty.",
        ("hand-back", waiting, "--note", " ", "--as", "dana"): "The note is empty.",
        ("approve", waiting): f"{waiting} does not wait for an approval; it stands at escalated.",
        ("resume", waiting): f"{waiting} was not cut off; it waits for dana, who has taken it over.",
        ("say", over, "Hello"): "This case is with the agents; it stands at resolved. Take it first:",
        (
            "hand-back",
            over,
            "--note",
            "Go on.",
        ): "This case is with the agents; it stands at resolved. There is nothing to hand",
        ("approve", over): f"{over} does not wait for an approval; it stands at resolved.",
        ("cancel", over): f"{over} is over; it ended resolved. There is nothing to cancel.",
        ("resume", over): f"{over} is over; it ended resolved. `switchboard ask --case {over} …` continues the case.",
        ("resume", played): f"{played} is over; it ended resolved.",
        ("replay", played): "There is nothing to replay",
        ("ask", "--case", played, "Hello"): "so it cannot go on.",
        ("resume",): "Name one case, or give --all.",
        ("show", "case_"): "More than one case begins with 'case_'.",
        **{(name, "run_nope", *more): "No case begins with 'run_nope'." for name, *more in COMMANDS},
        ("ask", "hello", "--case", "run_nope"): "No case begins with 'run_nope'.",
    }
    for command, words in bad.items():
        done = switchboard(tmp_path, *command)
        assert (done.returncode, done.stdout) == (2, ""), (command, said(done))
        assert words in said(done), (command, said(done))
        assert len(done.stderr.splitlines()) <= 2, (command, done.stderr)


COMMANDS = [
    ("show",),
    ("resume",),
    ("cancel",),
    ("replay",),
    ("approve",),
    ("deny", "--why", "no"),
    ("take",),
    ("say", "hello"),
    ("hand-back", "--note", "x"),
]


def test_a_database_newer_than_the_code_is_left_alone(tmp_path: Path) -> None:
    parked(tmp_path)
    execute(tmp_path, "UPDATE schema_versions SET version = '9999_later' WHERE chain <> 'project'")
    for command in (["runs"], ["approvals"], ["resume", "--all"]):
        done = switchboard(tmp_path, *command)
        assert (done.returncode, done.stdout) == (2, "")
        assert "The database is at version 9999_later of" in said(done)
        assert "which this program does not know: install a newer" in said(done)


def test_help_is_there_at_once() -> None:
    run = "from switchboard.console.terminal.cli import main\ntry:\n    main()\nfinally:"
    code = f"import sys\n{run}\n    print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"], cwd=Path(__file__).parent.parent, capture_output=True, text=True
    )
    for module in ("sqlalchemy", "dbos", "autogen", "pydantic"):
        assert f"'{module}'" not in done.stdout
    assert "hand-back" in done.stdout
