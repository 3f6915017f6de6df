"""Tickets as people work on them: the inbox, deadlines in business hours, whose they are, and what their customers hear."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from support.commands import document, switchboard
from support.notified import notifying_project

from switchboard.database import open_engine, sqlite_url
from switchboard.errors import OperatorError
from switchboard.migrations import migrate_cases
from switchboard.notifications import rows
from switchboard.notifications.table import NotificationsTable
from switchboard.service.notifications import letter, send_due
from switchboard.service.tickets.alerts import keep_alerts
from switchboard.tables.project_file import ProjectFile
from switchboard.tickets.deadlines import Alert, Hours, alerts, deadlines
from switchboard.tickets.rows import Ticket, numbered, open_for_person, opened
from switchboard.tickets.table import TicketsTable

FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
WEEK = Hours(tuple((day, "09:00-17:00") for day in range(5)), "UTC")
TABLE = TicketsTable()
PERSON = "I want to speak to a person, please."
AT_RISK = 'urls = ["json://a"]\nurgent = ["json://pager"]\n'


def a_ticket(urgency: str, since: datetime = FRIDAY, **more: Any) -> Ticket:
    values = {"id": 7, "key": "k", "case_id": "case_1", "status": "open", "reopened": 0, "subject": "-", "summary": "-"}
    return Ticket(**{**values, "department": "front", "priority": urgency, "created_at": since, **more})


def states(ticket: Ticket, now: datetime, hours: Hours = WEEK) -> list[str]:
    return [one.state for one in deadlines(ticket, TABLE, hours, now)]


def test_hours_count_while_people_answer_and_day_and_night_for_what_is_critical() -> None:
    (answer, _), (at_night, _) = (deadlines(a_ticket(one), TABLE, WEEK, FRIDAY) for one in ("high", "critical"))
    assert answer.due == datetime(2026, 11, 30, 11, 0, tzinfo=UTC), "two hours on Friday, two on Monday"
    assert at_night.due == FRIDAY + timedelta(hours=1)
    assert deadlines(a_ticket("high"), TABLE, Hours(), FRIDAY)[0].due == FRIDAY + timedelta(hours=4), "no hours are declared"


def test_a_day_may_end_at_midnight() -> None:
    hours = Hours(((FRIDAY.weekday(), "00:00-24:00"),), "Europe/Berlin")
    assert next(hours.spans(FRIDAY))[1] == datetime(FRIDAY.year, FRIDAY.month, FRIDAY.day, 23, tzinfo=UTC)


def test_a_day_on_which_the_clock_is_changed_has_its_own_hours() -> None:
    hours = Hours(((5, "00:00-04:00"), (6, "00:00-04:00")), "Europe/Berlin")
    since = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)  # 02:00 in summer; the hour after three is there twice
    assert hours.after(since, 2) == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


def test_a_deadline_is_on_time_then_at_risk_then_breached() -> None:
    moments = (FRIDAY, datetime(2026, 11, 30, 10, 0, tzinfo=UTC), datetime(2026, 11, 30, 11, 0, tzinfo=UTC))
    assert [states(a_ticket("high"), now)[0] for now in moments] == ["on_time", "at_risk", "breached"]


def test_what_is_answered_and_closed_is_met_or_missed_and_nothing_is_due() -> None:
    done = a_ticket("high", status="closed", answered_at=FRIDAY, closed_at=FRIDAY + timedelta(days=30))
    assert states(done, FRIDAY + timedelta(days=99)) == ["met", "missed"]
    assert alerts(done, TABLE, WEEK, FRIDAY + timedelta(days=99)) == []
    again = a_ticket("high", reopened_at=FRIDAY + timedelta(days=60), reopened=1)
    assert states(again, FRIDAY + timedelta(days=60)) == ["on_time", "on_time"], "what is taken up again begins anew"


@pytest.mark.parametrize(("text", "found"), [("T000005", 5), ("t-17", 17), ("case_1", None), ("T", None), ("5", None)])
def test_a_ticket_goes_by_its_number(text: str, found: int | None) -> None:
    assert numbered(text) == found


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / "rows.db"))
    migrate_cases(engine)
    yield engine
    engine.dispose()


def project(**more: Any) -> ProjectFile:
    table = NotificationsTable(urls=["json://a"], urgent=["json://pager"])
    return ProjectFile(name="acme", notifications=table, **more)


def kept(engine: Engine, urgency: str, since: datetime, **more: Any) -> int:
    with Session(engine) as session, session.begin():
        ticket = opened(
            session, f"k{urgency}", "case_1", {"department": "front", "priority": urgency, "subject": "-", "summary": "-"}
        )
        ticket.created_at = since
        for name, value in more.items():
            setattr(ticket, name, value)
        return ticket.id


def told(engine: Engine) -> list[tuple[str, str]]:
    return sorted((one.about, one.url) for one in rows.newest(engine, 99))


def test_what_is_late_is_told_once_and_what_is_urgent_to_the_pager_too(engine: Engine) -> None:
    file, now = project(), datetime.now(UTC)
    high, low = kept(engine, "high", now - timedelta(hours=5)), kept(engine, "low", now - timedelta(hours=13))
    for _ in range(3):
        keep_alerts(engine, file, file.notifications or pytest.fail())
    assert told(engine) == [
        (f"{high} answer breached 0", "json://a"),
        (f"{high} answer breached 0", "json://pager"),
        (f"{low} answer at_risk 0", "json://a"),
    ]
    sent: list[str] = []
    send_due(engine, file, lambda *given: sent.append(given[3]) or "")  # type: ignore[func-returns-value]
    send_due(engine, file, lambda *given: sent.append(given[3]) or "")  # type: ignore[func-returns-value]
    assert len(sent) == 3 and sum("the first answer of ticket T000001 is overdue" in one for one in sent) == 2


def test_what_is_answered_before_an_alert_goes_out_is_told_to_nobody(engine: Engine) -> None:
    file, now = project(), datetime.now(UTC)
    kept(engine, "high", now - timedelta(hours=5))
    keep_alerts(engine, file, file.notifications or pytest.fail())
    with Session(engine) as session, session.begin():
        session.get_one(Ticket, 1).answered_at = now
    sent: list[str] = []
    send_due(engine, file, lambda *given: sent.append(given[3]) or "")  # type: ignore[func-returns-value]
    assert sent == [] and {one.state for one in rows.newest(engine, 9)} == {"overtaken"}


def test_nobody_is_told_of_what_is_late_for_weeks(engine: Engine) -> None:
    file = project()
    kept(engine, "low", datetime.now(UTC) - timedelta(days=90))
    keep_alerts(engine, file, file.notifications or pytest.fail())
    assert told(engine) == []


def test_a_case_that_has_an_open_ticket_gets_no_second_one(engine: Engine) -> None:
    about = {"opening": "Where is it?", "reason": "", "department": "front"}
    with Session(engine) as session, session.begin():
        (first,) = open_for_person(session, "case_1", 1, "escalated", about, FRIDAY)
        (again,) = open_for_person(session, "case_1", 2, "escalated", about, FRIDAY)
        assert first.id == again.id
        first.status = "closed"
        (later,) = open_for_person(session, "case_1", 3, "failed", about, FRIDAY)
        assert (later.id != first.id, later.priority) == (True, "high")
        assert open_for_person(session, "case_2", 1, "resolved", about, FRIDAY) == []


def test_an_alert_reads_as_it_was_written() -> None:
    alert = Alert(5, "resolution", "at_risk", 2)
    assert Alert.from_text(str(alert)) == alert
    row = rows.Notification("case_1", 0, "json://a", str(alert), "at_risk", "front", "taken", 1, 0.0, "", True)
    assert letter(row, alert).startswith("Case case_1 (front): the resolution of ticket T000005 is nearly due.")
    assert letter(row, alert).endswith("You may have had this already.") and len({row.key, row._replace(run=1).key}) == 2


@pytest.mark.slow
def test_a_project_without_python_has_tickets_an_inbox_and_who_settles_them(tmp_path: Path) -> None:
    acme = notifying_project(tmp_path, "\n[tickets]\nat_risk = 0.5\n")
    case = document(acme, "ask", PERSON, "--email", "ada@example.com", new=True)["case_id"]
    (waits,) = json.loads(switchboard(acme, "inbox", "--json", new=True).stdout)
    assert (waits["name"], waits["case_id"], waits["what"], waits["state"]) == ("T000001", case, "answer", "on_time")
    switchboard(acme, "tickets", "assign", "T000001", "--to", "anna", new=True)
    switchboard(acme, "say", case, "I look into it.", "--as", "anna", new=True)
    shown = json.loads(switchboard(acme, "show", "T000001", "--json", new=True).stdout)
    assert (shown["listed"]["assigned_to"], [one["state"] for one in shown["deadlines"]]) == ("anna", ["met", "on_time"])
    assert switchboard(acme, "tickets", "close", "T000001", "--why", " ", new=True).returncode == 2
    assert switchboard(acme, "tickets", "close", "T000001", "--why", "She has it.", new=True).returncode == 0
    assert switchboard(acme, "tickets", "close", "T000001", "--why", "Again.", new=True).returncode == 2
    assert json.loads(switchboard(acme, "inbox", "--json", new=True).stdout) == []
    assert switchboard(acme, "tickets", "reopen", "T000001", "--why", "It came back.", new=True).returncode == 0
    (again,) = json.loads(switchboard(acme, "tickets", "list", "--json", new=True).stdout)
    assert (again["number"], again["status"]) == ("T000001", "open")
    history = json.loads(switchboard(acme, "show", "T1", "--json", new=True).stdout)["facts"]["history"]
    assert [line["what"] for line in history] == ["assigned", "closed", "reopened"]
    shown = switchboard(acme, "show", "T1", new=True).stdout
    at = datetime.fromisoformat(history[0]["at"])
    assert f"{at:%m-%d %H:%M} UTC assigned by" in shown and history[0]["at"][:19] not in shown
    assert "There is no ticket 'T000099'" in switchboard(acme, "tickets", "show", "T000099", new=True).stderr


@pytest.mark.parametrize(
    ("words", "end", "said"),
    [
        ("How does my ticket T000001 stand?", "resolved", "is open. It waits for a colleague"),
        ("Is there any progress on T000002?", "escalated", "looks up how it stands"),
        ("Has somebody looked into ticket T000777?", "escalated", "looks up how it stands"),
        ("What is the state of T000001? Please reopen it, my lamp flickers still.", "escalated", "looks up how it stands"),
    ],
)
def test_a_customer_hears_how_their_own_ticket_stands(tmp_path: Path, words: str, end: str, said: str) -> None:
    found = document(tmp_path, "ask", words, "--email", "jonas.okafor@example.com")
    assert (found["end"], said in found["reply"]) == (end, True), found["reply"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "email", "said"),
    [
        ("How far is T000001?", "ada@example.com", "Ticket T000001 of 20"),
        ("Wie weit ist T000001?", "ada@example.com", "Ticket T000001 vom 20"),
        ("How far is T000001?", "ben@example.com", ""),
        ("How far is T000001?", "", ""),
        ("How far is T000001? And open it again. I am not content.", "ada@example.com", ""),
    ],
)
def test_a_project_without_python_tells_it_to_whose_it_is(tmp_path: Path, words: str, email: str, said: str) -> None:
    acme = notifying_project(tmp_path, "")
    document(acme, "ask", PERSON, "--email", "ada@example.com", new=True)
    found = document(acme, "ask", words, *(("--email", email) if email else ()), new=True)
    assert said in found["reply"] if said else "T000001 " not in found["reply"], found["reply"]


def test_a_table_tickets_of_another_program_is_left_as_it_is_and_told(tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path / "theirs.db"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE tickets (id INTEGER PRIMARY KEY, seat TEXT)"))
    with pytest.raises(OperatorError, match="of another program"):
        migrate_cases(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE type = 'table'")) == 1
    engine.dispose()
