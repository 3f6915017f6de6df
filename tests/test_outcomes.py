"""What became of cases, out of a closed list: by agents or by a person, why a person has them, and what customers think."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support.commands import document, said, switchboard
from support.many_cases import add_case
from support.postgres import running_server, with_driver

from switchboard.cases.documents import listing, load
from switchboard.cases.outcomes.outcome import Name, outcome_of
from switchboard.cases.outcomes.reasons import Reason
from switchboard.cases.statistics.queries import stats_of
from switchboard.cases.tables import CaseRow, EntryRow, RunRow
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.transcript import MessageEntry
from switchboard.migrations import migrate_cases
from switchboard.tickets.rows import Ticket

BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)
GRACE = ("--email", "grace.mbeki@example.com")
PERSON = "I want to speak to a person, please."


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Engine]]:
    with running_server() as fresh:
        urls = (sqlite_url(tmp_path_factory.mktemp("rows") / "cases.db"), with_driver(fresh()))
        found = [open_engine(url) for url in urls]
        for engine in found:
            migrate_cases(engine)
        yield found
        for engine in found:
            engine.dispose()


def kept(engine: Engine, name: str, end: str | None = "resolved", **more: Any) -> str:
    """A case of one run as it leaves its rows, and whatever is `more` in its row."""
    rows: dict[Any, list[dict[str, Any]]] = {CaseRow: [], RunRow: [], EntryRow: []}
    add_case(rows, f"case_{name}", 0, BEGAN)
    rows[CaseRow][0] |= {"end": end, **more}
    rows[RunRow][0] |= {"end": end}
    with Session(engine) as session, session.begin():
        for kind, some in rows.items():
            session.add_all([kind(**one) for one in some])
            session.flush()
    return f"case_{name}"


def ticket(engine: Engine, case_id: str, status: str = "open", **more: Any) -> None:
    values = {"key": case_id, "case_id": case_id, "department": "hire", "priority": "low", "subject": "-", "summary": "-"}
    with Session(engine) as session, session.begin():
        session.add(Ticket(**{**values, "status": status, "created_at": BEGAN, "reopened": 0, **more}))


def comes_back(engine: Engine, case_id: str, days: float, kind: str = "words", **given: bool) -> None:
    with Session(engine) as session, session.begin():
        first = session.get_one(RunRow, (case_id, 1))
        again = {name: getattr(first, name) for name in ("start", "version", "attempts", "reached", "priority")}
        again |= {"given": {"kind": kind, "words": "It broke again.", **given}, "started_at": BEGAN + timedelta(days=days)}
        session.add(RunRow(case_id=case_id, number=2, first=20, end="resolved", owner=None, **again))
        session.get_one(CaseRow, case_id).run = 2


def speaks(engine: Engine, case_id: str, words: str = "I have sent you another one.") -> None:
    line = MessageEntry("operator", words, "human", operator="dana").document()
    with Session(engine) as session, session.begin():
        session.add(EntryRow(case_id=case_id, n=90, run=1, kind="message", name="", data=line, at=BEGAN.timestamp()))


def named(engine: Engine, case_id: str) -> tuple[str, str | None]:
    with Session(engine) as session:
        found = outcome_of(session, case_id)
    return found.outcome, found.because


@pytest.mark.slow
def test_each_case_has_one_outcome_out_of_the_list_on_sqlite_and_postgres_alike(engines: list[Engine]) -> None:
    for engine in engines:
        assert named(engine, kept(engine, "a")) == ("resolved_by_agents", None)
        assert named(engine, kept(engine, "b", "ignored")) == ("ignored", None)
        assert named(engine, kept(engine, "c", "cancelled")) == ("cancelled", None)
        assert named(engine, kept(engine, "d", "not_found")) == ("not_found", None)
        for n, goes_on in enumerate((None, "awaiting_customer", "awaiting_approval")):
            assert named(engine, kept(engine, f"e{n}", goes_on)) == ("open", None)
        for end in ("limit", "loop", "failed"):
            assert named(engine, kept(engine, f"f{end}", end, handed_over="danger")) == ("handed_off", end)
        assert named(engine, kept(engine, "g", "escalated", handed_over="danger")) == ("handed_off", "danger")
        assert named(engine, kept(engine, "h", "escalated", held_by="dana")) == ("handed_off", "taken_over")
        assert named(engine, kept(engine, "i", "escalated")) == ("handed_off", "not_settled"), "of a row of an older version"
        counts = stats_of(engine).all
        assert counts.outcomes == {
            "resolved_by_agents": 1,
            "ignored": 1,
            "cancelled": 1,
            "not_found": 1,
            "open": 3,
            "handed_off": 6,
        }
        assert counts.because == {"limit": 1, "loop": 1, "failed": 1, "danger": 1, "taken_over": 1, "not_settled": 1}
        assert {*counts.outcomes} <= {*get_args(Name)} and {*counts.because} <= {*get_args(Reason)}


@pytest.mark.slow
def test_a_person_has_resolved_what_they_closed_or_spoke_in_to_its_end(engines: list[Engine]) -> None:
    for engine in engines:
        closed = kept(engine, "k", "escalated", handed_over="refused")
        ticket(engine, closed)
        assert named(engine, closed) == ("handed_off", "refused")
        with Session(engine) as session, session.begin():
            row = session.query(Ticket).filter_by(case_id=closed).one()
            row.status, row.closed_at, row.resolution = "closed", BEGAN, "Sent a new one."
        assert named(engine, closed) == ("resolved_by_human", "refused")
        ended = kept(engine, "l", "cancelled")
        speaks(engine, ended)
        assert named(engine, ended) == ("resolved_by_human", None)
        spoken = kept(engine, "m")
        speaks(engine, spoken)
        assert named(engine, spoken) == ("resolved_by_human", None)


def test_an_answer_with_work_left_for_people_is_no_resolved_case_until_that_is_done(engines: list[Engine]) -> None:
    for engine in engines:
        case_id = kept(engine, "n")
        ticket(engine, case_id)
        assert named(engine, case_id) == ("handed_off", "work_left")
        by_itself = kept(engine, "o")
        ticket(engine, by_itself, "closed", closed_at=BEGAN)
        assert named(engine, by_itself)[0] == "resolved_by_agents", "its answer went out by itself"


def test_who_comes_back_within_seven_days_reopens_a_case_and_later_does_not(engines: list[Engine]) -> None:
    for engine in engines:
        for name, days, outcome in (("p", 6.9, "reopened"), ("q", 7.1, "resolved_by_agents")):
            comes_back(engine, kept(engine, name), days)
            assert named(engine, f"case_{name}")[0] == outcome
        comes_back(engine, kept(engine, "r"), 1, "handed_back")
        assert named(engine, "case_r")[0] == "resolved_by_agents", "an operator's words are not the customer's"
        waiting = kept(engine, "s", "awaiting_customer")
        comes_back(engine, waiting, 1)
        assert named(engine, waiting)[0] == "open", "an answer to a question is no return"


def test_who_only_thanks_reopens_nothing_and_all_else_does(engines: list[Engine]) -> None:
    for engine in engines:
        for name, thanks, outcome in (("ta", True, "resolved_by_agents"), ("tb", False, "reopened")):
            comes_back(engine, kept(engine, name), 1, thanks=thanks)
            assert named(engine, f"case_{name}")[0] == outcome


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("Thank you very much, that helped!", "resolved_by_agents"),
        ("Vielen Dank für die schnelle Hilfe, schönen Tag noch", "resolved_by_agents"),
        ("Thanks, and is it waterproof?", "reopened"),
        ("Thanks for nothing.", "reopened"),
    ],
)
def test_what_is_written_after_an_answer_reopens_a_case_unless_it_is_thanks(tmp_path: Path, words: str, outcome: str) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "tents.md").write_text("# Tents\n\n## How big is a dome tent?\n\nA dome tent is 3 m wide.\n")
    about = '[departments.tents]\nabout = "Tents."\nexamples = ["How big is a dome tent?", "Are tents green?"]\n'
    (tmp_path / "switchboard.toml").write_text(f'name = "Fell"\narticles = "articles"\n{about}')
    own = ("--project", str(tmp_path))
    case_id = document(tmp_path, *own, "ask", "How big is a dome tent?")["case_id"]
    again = document(tmp_path, *own, "ask", words, "--case", case_id)
    assert again["outcome"]["outcome"] == outcome, again["reply"]
    if outcome == "resolved_by_agents":
        assert again["end"] == "resolved"


@pytest.mark.slow
def test_thanks_to_an_operator_open_no_ticket_again_and_what_is_still_wrong_does(tmp_path: Path) -> None:
    case_id = document(tmp_path, "ask", PERSON, *GRACE)["case_id"]
    [ticket] = [one["number"] for one in document(tmp_path, "tickets", "list") if one["case_id"] == case_id]
    assert switchboard(tmp_path, "tickets", "close", ticket, "--why", "Called them.").returncode == 0
    document(tmp_path, "ask", "Thanks a lot!", "--case", case_id)
    assert document(tmp_path, "show", ticket)["listed"]["status"] == "closed"
    assert document(tmp_path, "show", case_id)["outcome"]["outcome"] == "resolved_by_human"
    document(tmp_path, "ask", "Thanks, but nobody called.", "--case", case_id)
    assert document(tmp_path, "show", ticket)["listed"]["status"] == "open"
    assert document(tmp_path, "show", case_id)["outcome"]["outcome"] == "reopened"


def test_a_ticket_that_is_opened_again_within_seven_days_reopens_its_case(engines: list[Engine]) -> None:
    for engine in engines:
        for name, days, outcome in (("t", 6, "reopened"), ("u", 8, "handed_off")):
            case_id = kept(engine, name, "escalated", handed_over="not_settled")
            ticket(engine, case_id, was_closed_at=BEGAN, reopened_at=BEGAN + timedelta(days=days), reopened=1)
            assert named(engine, case_id)[0] == outcome


def test_documents_and_lists_tell_the_same_outcome(engines: list[Engine]) -> None:
    for engine in engines:
        case_id = kept(engine, "v", "escalated", handed_over="danger", thumb="down", state={"known": {}})
        told = {"outcome": "handed_off", "because": "danger", "thumb": "down"}
        assert load(engine, case_id)["outcome"] == {**told, "thumb_why": ""}
        assert told.items() <= next(one for one in listing(engine, 100) if one["case_id"] == case_id).items()


@pytest.mark.slow
def test_why_a_person_has_a_case_is_read_from_what_was_said_and_done(tmp_path: Path) -> None:
    asked = document(tmp_path, "ask", PERSON, *GRACE)
    assert asked["outcome"]["because"] == "asked_for_person"
    danger = document(tmp_path, "ask", "The heater that you sent me is on fire, there is smoke everywhere!", *GRACE)
    assert (danger["outcome"]["outcome"], danger["outcome"]["because"]) == ("handed_off", "danger")
    taken = document(tmp_path, "ask", "Where is my order #W1000009?", *GRACE)["case_id"]
    switchboard(tmp_path, "take", taken, "--as", "dana")
    assert document(tmp_path, "show", taken)["outcome"]["because"] == "taken_over"


@pytest.mark.slow
def test_a_customer_who_writes_to_a_closed_ticket_opens_it_again(tmp_path: Path) -> None:
    case_id = document(tmp_path, "ask", PERSON, *GRACE)["case_id"]
    number = next(one["name"] for one in document(tmp_path, "inbox") if one["case_id"] == case_id)
    switchboard(tmp_path, "tickets", "close", number, "--why", "Called them.")
    assert document(tmp_path, "show", case_id)["outcome"]["outcome"] == "resolved_by_human"
    switchboard(tmp_path, "ask", "It is broken once more.", "--case", case_id)
    assert document(tmp_path, "show", case_id)["outcome"]["outcome"] == "reopened"
    assert number in [one["name"] for one in document(tmp_path, "inbox")]


@pytest.mark.slow
def test_a_thumb_is_kept_shown_and_counted_and_the_newest_counts(tmp_path: Path) -> None:
    case_id = document(tmp_path, "ask", "Where is my order #W1000009?", *GRACE)["case_id"]
    switchboard(tmp_path, "thumb", case_id, "up")
    found = document(tmp_path, "thumb", case_id, "down", "--why", "It took a week.")
    assert (found["outcome"], found["thumb"], found["thumb_why"]) == ("resolved_by_agents", "down", "It took a week.")
    assert [one["thumb"] for one in document(tmp_path, "cases")] == ["down"] and "It took a week." in said(
        switchboard(tmp_path, "show", case_id)
    )
    assert document(tmp_path, "stats")["all"]["thumbs"] == {"down": 1}
    assert "1 resolved by agents" in said(switchboard(tmp_path, "stats"))
    assert switchboard(tmp_path, "thumb", case_id, "sideways").returncode == 2
    assert "no case" in said(switchboard(tmp_path, "thumb", "case_none", "up")).lower()
