"""What people do in an order that nobody planned: stopping, cancelling and writing while something waits or goes on."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.commands import document, parked, refunds, said, switchboard
from support.own_shop import data_folder
from support.toys import agent, run, statuses, team, told

from switchboard.declare.moves import call
from switchboard.declare.tool import Context, tool

STOP = "Stop, please do not refund it, my bank has sent it back already."


def ends(folder: Path, case_id: str) -> tuple[str, list[tuple[str, int]]]:
    found = document(folder, "show", case_id)
    return found["end"], refunds(found)


@pytest.mark.slow
def test_a_call_of_a_cancelled_case_is_dead_whatever_the_customer_says_next(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    assert switchboard(tmp_path, "cancel", case_id).returncode == 0
    document(tmp_path, "ask", "--case", case_id, "Thank you. Never mind, please do not refund anything.")
    assert said(switchboard(tmp_path, "approvals")) == "Nothing waits for an approval."
    assert ends(tmp_path, case_id)[1] == [("refused", 17990)]


def test_a_case_to_which_the_customer_wrote_while_it_waited_is_cancelled_all_the_same(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    switchboard(tmp_path, "ask", "--case", case_id, "Any news on my refund?")
    done = switchboard(tmp_path, "cancel", case_id)
    assert done.returncode == 0, said(done)
    found = document(tmp_path, "show", case_id)
    assert found["end"] == "cancelled"
    assert "Any news on my refund?" in [e["text"] for e in found["transcript"]]


def test_an_operator_sees_what_the_customer_wrote_while_the_call_waits(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    switchboard(tmp_path, "ask", "--case", case_id, STOP)
    assert "my bank has sent it back" in said(switchboard(tmp_path, "approvals"))
    shown = switchboard(tmp_path, "approve", case_id, given="\n")
    assert "my bank has sent it back" in shown.stdout + shown.stderr


@pytest.mark.slow
def test_one_person_is_one_operator_however_they_write_their_name_and_may_take_it_back(tmp_path: Path) -> None:
    words = "I was charged twice for order #W1000010, please refund it."
    case_id = document(tmp_path, "ask", words, "--email", owner(tmp_path))["case_id"]
    first = switchboard(tmp_path, "approve", case_id, "--as", "anna", "--with", '{"reason": "Edited"}', given="y\n")
    assert "--with '{" in said(first)
    listed = said(switchboard(tmp_path, "approvals"))
    assert "Edited" in listed
    again = switchboard(tmp_path, "approve", case_id, "--as", "Anna", "--with", '{"reason": "Edited"}', given="y\n")
    assert (again.returncode, "a different operator" in said(again)) == (2, True)
    taken_back = switchboard(tmp_path, "deny", case_id, "--as", "anna", "--why", "I was mistaken.")
    assert taken_back.returncode == 0, said(taken_back)
    assert {status for status, _ in ends(tmp_path, case_id)[1]} == {"refused"}


def owner(folder: Path) -> str:
    from sqlalchemy import text

    from switchboard.database import open_engine, sqlite_url

    engine = open_engine(sqlite_url(data_folder(folder) / "switchboard.db"))
    with engine.connect() as connection:
        query = "SELECT c.email FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.id = '#W1000010'"
        email = str(connection.execute(text(query)).scalar_one())
    engine.dispose()
    return email


def test_only_the_operator_who_has_a_case_cancels_it(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    assert switchboard(tmp_path, "take", case_id, "--as", "anna").returncode == 0
    other = switchboard(tmp_path, "cancel", case_id, "--as", "bob")
    assert (other.returncode, "anna has this case" in said(other)) == (2, True)


@pytest.mark.slow
def test_a_case_on_the_queue_is_worked_on_or_cancelled_without_a_worker(tmp_path: Path) -> None:
    lines = '{"id": "a", "text": "Where is my order #W1000002?"}\n{"id": "b", "text": "Where is my order #W1000002?"}\n'
    (tmp_path / "m.jsonl").write_text(lines, encoding="utf-8")
    assert switchboard(tmp_path, "submit", str(tmp_path / "m.jsonl"), "--no-wait").returncode == 0
    first, second = (row["case_id"] for row in document(tmp_path, "cases"))
    assert "switchboard resume" in said(switchboard(tmp_path, "show", first))
    assert document(tmp_path, "resume", first)["end"] in ("resolved", "awaiting_customer")
    done = switchboard(tmp_path, "cancel", second)
    assert done.returncode == 0, said(done)
    assert document(tmp_path, "show", second)["end"] == "cancelled"


def test_ctrl_c_on_the_other_side_leaves_in_the_record_that_it_may_be_done(tmp_path: Path) -> None:
    def interrupted(ctx: Context, result: Any) -> Any:
        raise KeyboardInterrupt

    @tool(effect="write", amount="cents", outside=interrupted)
    def pay(ctx: Context, cents: int) -> dict[str, Any]:
        """Pay."""
        return {"paid": cents}

    spec = team()
    members = {**spec.members, "worker": agent("worker", lambda view: call("pay", cents=300), pay)}
    result = run(tmp_path, replace(spec, members=members))
    assert (result.end, statuses(result)[-1]) == ("cancelled", ("pay", "failed"))
    assert "not known yet whether this was done: pay" in told(result)
