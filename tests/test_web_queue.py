"""The queue's page over rows in each state: what it counts, what its filters leave, and how near each deadline is."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast, get_args

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.orm import Session
from support.toy_desk import House, house

from switchboard.cases.entries import append_lines
from switchboard.cases.tables import ApprovalRow, CaseRow
from switchboard.declare.transcript import MessageEntry
from switchboard.service.operators.notes import add_note
from switchboard.service.tickets.working import Desk
from switchboard.service.watching.queue import FAILED, PAGE, State, Wanted, queue
from switchboard.tables.project_file import ProjectFile
from switchboard.tickets.rows import Ticket

ENDS: dict[State, str | None] = {
    "approval": "awaiting_approval",
    "human": "escalated",
    "customer": "awaiting_customer",
    "running": None,
    "failed": "failed",
    "done": "resolved",
}
KEY = re.compile(r'<li class="row near-(\w+)[^"]*" data-key="([^"]+)"')
COUNT = re.compile(r'<a class="is-(\w+)" [^>]*>\w+ <b>([\d,]+)</b>')


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("desk")) as found:
        yield found


@pytest.fixture
def desk(built: House) -> House:
    """A desk without cases."""
    with Session(built.desk.engine) as session, session.begin():
        for table in ("case_words", "operator_notes", "approvals", "tickets", "entries", "runs", "cases"):
            session.execute(text(f"DELETE FROM {table}"))
    return built


def now() -> datetime:
    return datetime.now(UTC)


def put(
    engine: Engine,
    name: str,
    state: State,
    *,
    call: tuple[float, float] | None = None,
    ticket: float | None = None,
    assigned: str | None = None,
    said: str = "Hello.",
    age: float = 0,
    **values: Any,
) -> str:
    """A case in a state. `call` is since how many hours a call waits and in how many its deadline is, `ticket` since how many
    hours one of high urgency is open, which is to be answered in four; `age` is the case's, in hours.
    """
    row: dict[str, Any] = {"team": "toys", "end": ENDS[state], "reason": "", "opening": said, "seconds": 0.0, "run": 1}
    row |= {"used": {}, "state": {"pending": None}, "inbox": [], "created_at": now() - timedelta(hours=age)}
    with Session(engine) as session, session.begin():
        session.add(CaseRow(id=name, **{**row, **values}))
        session.flush()
        append_lines(session, name, 1, [MessageEntry("customer", said, "human")])
        if state == "approval" or call:
            since, until = call or (0.0, 24.0)
            made = {"call_id": "c1", "agent": "worker", "tool": "pay", "arguments": {}, "arguments_hash": "h", "why": "-"}
            moments = {"asked_at": now() - timedelta(hours=since), "deadline": now() + timedelta(hours=until)}
            session.add(ApprovalRow(case_id=name, operators=1, state="open", **made, **moments))
        if state in ("human", "failed") or ticket is not None:
            opened: dict[str, Any] = {
                "department": "hire",
                "priority": "high",
                "status": "open",
                "subject": "-",
                "summary": "-",
            }
            opened |= {"created_at": now() - timedelta(hours=ticket or 0.0), "assigned_to": assigned}
            session.add(Ticket(key=name, case_id=name, **opened))
    return name


def page(desk: House, path: str) -> str:
    found = desk.inside("operator").get(path)
    assert found.status_code == 200
    return found.text


def keys(text: str) -> list[str]:
    """The cases of a page, in their order."""
    return [key for _, key in KEY.findall(text)]


@pytest.mark.slow
def test_each_of_the_six_states_is_counted_and_shown_by_itself(desk: House) -> None:
    made: dict[State, list[str]] = {}
    for number, state in enumerate(get_args(State), start=1):
        made[state] = [put(desk.desk.engine, f"{state}_{n}", state) for n in range(number)]
    for end in FAILED:
        made["failed"].append(put(desk.desk.engine, f"left_{end}", "failed", end=end))
    made["done"].append(put(desk.desk.engine, "settled", "failed", end="failed", reason="somebody has settled it"))
    with Session(desk.desk.engine) as session, session.begin():
        session.execute(text("UPDATE tickets SET status = 'closed' WHERE case_id = 'settled'"))
    made["human"].append(put(desk.desk.engine, "taken", "customer", held_by="dana"))
    counts = {state: str(len(names)) for state, names in made.items()}
    assert len(set(counts.values())) >= 5
    for state, names in made.items():
        shown = page(desk, f"/?state={state}")
        assert sorted(keys(shown)) == sorted(names), state
        assert dict(COUNT.findall(shown)) == counts
    people = sum(len(made[state]) for state in ("approval", "human", "failed"))
    shown = page(desk, "/")
    assert re.search(rf"<title>\({people}\) Queue · ", shown) and f'data-waiting="{people}"' in shown
    assert sorted(keys(shown)) == sorted(made["approval"] + made["human"] + made["failed"])
    assert len(keys(page(desk, "/?state=all"))) == sum(map(len, made.values()))


def test_a_queue_in_which_nobody_waits_has_no_number_in_its_title(desk: House) -> None:
    put(desk.desk.engine, "over", "done")
    shown = page(desk, "/")
    assert "<title>Queue · " in shown and "Nothing waits here." in shown and keys(shown) == []


@pytest.mark.slow
def test_each_filter_leaves_what_it_says_and_nothing_else(desk: House) -> None:
    put(desk.desk.engine, "toys_hire", "done", department="hire")
    put(desk.desk.engine, "toys_sales", "done", department="sales")
    put(desk.desk.engine, "kites_hire", "customer", team="kites", department="hire")
    put(desk.desk.engine, "kites_taken", "human", team="kites", held_by="dana")
    put(desk.desk.engine, "toys_assigned", "human", assigned="erik")
    shown = page(desk, "/?state=all")
    assert all(f"<option>{one}</option>" in shown for one in ("toys", "kites", "hire", "sales"))
    for asked, expected in {
        "department=hire": {"toys_hire", "kites_hire"},
        "department=sales": {"toys_sales"},
        "department=none": set(),
        "team=kites": {"kites_hire", "kites_taken"},
        "team=toys": {"toys_hire", "toys_sales", "toys_assigned"},
        "team=kites&department=hire": {"kites_hire"},
        "whose=-": {"toys_hire", "toys_sales", "kites_hire"},
        "whose=dana": {"kites_taken"},
        "whose=erik": {"toys_assigned"},
        "whose=-&team=kites": {"kites_hire"},
    }.items():
        shown = page(desk, f"/?state=all&{asked}")
        assert set(keys(shown)) == expected, asked
        assert sum(int(count) for _, count in COUNT.findall(shown)) == len(expected), asked
    assert keys(page(desk, "/?whose=dana")) == ["kites_taken"]
    assert keys(page(desk, "/?state=customer&team=toys")) == []


def test_how_near_a_deadline_is_is_its_colour_and_the_nearest_is_first(desk: House) -> None:
    """A call is at risk from three quarters of its time on, a ticket from three of its four hours on."""
    put(desk.desk.engine, "without", "human", held_by="dana")
    with Session(desk.desk.engine) as session, session.begin():
        session.execute(text("UPDATE tickets SET status = 'closed'"))
    put(desk.desk.engine, "call_on_time", "approval", call=(1.0, 9.0))
    put(desk.desk.engine, "call_at_risk", "approval", call=(8.0, 2.0))
    put(desk.desk.engine, "ticket_on_time", "human", ticket=1.0)
    put(desk.desk.engine, "ticket_at_risk", "human", ticket=3.5)
    put(desk.desk.engine, "ticket_late", "failed", ticket=5.0)
    assert KEY.findall(page(desk, "/")) == [
        ("breached", "ticket_late"),
        ("at_risk", "ticket_at_risk"),
        ("at_risk", "call_at_risk"),
        ("on_time", "ticket_on_time"),
        ("on_time", "call_on_time"),
        ("none", "without"),
    ]
    styles = desk.browser().get("/static/desk.css").text
    assert ".near-at_risk" in styles and ".near-breached" in styles


def test_a_call_that_nobody_has_answered_in_time_is_late_until_somebody_looks(engine: Engine) -> None:
    for name, waits in {"at_risk": (8.0, 2.0), "breached": (8.0, -1.0), "on_time": (1.0, 1.5)}.items():
        put(engine, name, "approval", call=waits)
    found = queue(cast(Desk, SimpleNamespace(engine=engine, project=SimpleNamespace(file=ProjectFile(name="Toys")))), Wanted())
    assert [(row.case_id, row.what) for row in found.rows] == [(one, "approval") for one in ("breached", "on_time", "at_risk")]
    assert all(row.near == row.case_id for row in found.rows)


def test_of_a_call_and_a_ticket_of_one_case_the_nearer_deadline_counts(desk: House) -> None:
    put(desk.desk.engine, "both", "approval", call=(1.0, 9.0), ticket=3.9)
    put(desk.desk.engine, "call", "approval", call=(1.0, 1.0))
    assert KEY.findall(page(desk, "/")) == [("at_risk", "both"), ("on_time", "call")]


@pytest.mark.slow
def test_a_deadline_that_is_moved_changes_the_colour_and_the_place(desk: House) -> None:
    for name in ("first", "second"):
        put(desk.desk.engine, name, "approval", call=(1.0, 5.0))
    assert KEY.findall(page(desk, "/")) == [("on_time", "first"), ("on_time", "second")]
    with Session(desk.desk.engine) as session, session.begin():
        moved = {"asked_at": now() - timedelta(hours=8), "deadline": now() + timedelta(hours=2)}
        session.execute(update(ApprovalRow).where(ApprovalRow.case_id == "second").values(moved))
    shown = page(desk, "/?whose=-")  # another question than before, which is kept for a second
    assert KEY.findall(shown) == [("at_risk", "second"), ("on_time", "first")]


@pytest.mark.slow
def test_it_is_sorted_as_is_asked_and_the_next_page_goes_on_there(desk: House) -> None:
    names = [put(desk.desk.engine, f"case_{n:03}", "approval", age=n, call=(1.0, 200.0 - n)) for n in range(PAGE + 3)]
    assert keys(page(desk, "/?sort=newest")) == names[:PAGE] and keys(page(desk, "/?sort=newest&page=2")) == names[PAGE:]
    assert keys(page(desk, "/?sort=oldest")) == names[::-1][:PAGE] == keys(page(desk, "/?sort=due"))
    assert keys(page(desk, "/?sort=due&page=2")) == names[::-1][PAGE:] == keys(page(desk, "/?sort=oldest&page=2"))
    assert f"Page 2 of 2, {PAGE + 3} cases" in page(desk, "/?page=2")


@pytest.mark.slow
def test_what_was_said_or_noted_is_searched_and_counted_in_each_state(desk: House) -> None:
    put(desk.desk.engine, "kettle_done", "done", said="The kettle leaks.")
    put(desk.desk.engine, "kettle_waits", "approval", said="A KETTLE, please.")
    put(desk.desk.engine, "toaster", "human", said="My toaster leaks.")
    add_note(desk.desk, "toaster", "otto", "They mean the Kéttle.")
    assert keys(page(desk, "/?q=kettle")) == ["toaster", "kettle_waits"]
    shown = page(desk, "/?state=done&q=leak+kett")
    assert keys(shown) == ["kettle_done"] and dict(COUNT.findall(shown))["human"] == "1"
    for odd in ("%22", "*", "NEAR(a+b)", "%25", "!!!", "x" * 10_000, "%F0%9F%98%80", "%ED%A0%80"):
        assert keys(page(desk, f"/?state=all&q={odd}")) == [], odd
