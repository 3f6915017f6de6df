"""Who is on call hears of each urgent ticket, also where its case goes on, and nobody looks at all that wait to find it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session
from support import toys

from switchboard.cases.people.leaving import leave_to_people, tell_programs
from switchboard.cases.runs import Environment
from switchboard.cases.tables import CaseRow
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, Say
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import View
from switchboard.engine.worker import Worker
from switchboard.flows.hub import hub
from switchboard.migrations import CASES, migrate, migrate_cases
from switchboard.notifications.table import NotificationsTable
from switchboard.service.notifications import send_due
from switchboard.service.tickets import alerts
from switchboard.tables.project_file import ProjectFile
from switchboard.tickets.rows import Ticket, note_on, opened, take_up_again

WHOM = NotificationsTable(urls=["json://a"], urgent=["json://pager"])
FILE = ProjectFile(name="acme", notifications=WHOM)
NOW = datetime.now(UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    on_sqlite = request.param == "sqlite"
    engine = open_engine(sqlite_url(tmp_path / "rows.db") if on_sqlite else request.getfixturevalue("addresses")())
    migrate_cases(engine)
    yield engine
    engine.dispose()


def sent(engine: Engine, file: ProjectFile = FILE) -> list[tuple[str, str]]:
    """What goes out now: where to, and what it says."""
    heard: list[tuple[str, str]] = []
    send_due(engine, file, lambda *given: heard.append((given[1], given[3])) or "")  # type: ignore[func-returns-value]
    return sorted(heard)


def kept(engine: Engine, urgency: str, **more: Any) -> None:
    values = {"department": "yard", "priority": urgency, "subject": "-", "summary": "Call +49 170 555 at once"}
    with Session(engine) as session, session.begin():
        opened(session, f"k{urgency}", "case_1", {**values, "created_at": datetime.now(UTC), **more})


def change(engine: Engine, **values: Any) -> None:
    with Session(engine) as session, session.begin():
        ticket = session.get_one(Ticket, 1)
        for name, value in values.items():
            setattr(ticket, name, value)


def a_case(engine: Engine, end: str | None, held_by: str | None = None) -> None:
    with Session(engine) as session, session.begin():
        row = CaseRow(id="case_1", team="toys", opening="Hello", created_at=NOW, run=1, inbox=[], end=end)
        row.reason, row.seconds, row.held_by, row.used = "", 0.0, held_by, {}
        session.add(row)


@pytest.mark.parametrize(("urgency", "places"), [("critical", 2), ("high", 2), ("urgent", 2), ("medium", 0), ("low", 0)])
def test_an_urgent_ticket_that_is_opened_is_told_once_to_each_place(engine: Engine, urgency: str, places: int) -> None:
    kept(engine, urgency)
    heard = sent(engine)
    assert [to for to, _ in heard] == ["json://a", "json://pager"][:places] and sent(engine) == []
    assert not any("555" in words for _, words in heard)
    assert all(
        words.startswith(f"Case case_1 (yard): ticket T000001 is {'critical' if urgency == 'urgent' else urgency}, and ")
        for _, words in heard
    )


def test_one_that_is_late_before_anybody_looks_is_told_as_that_alone(engine: Engine) -> None:
    kept(engine, "high", created_at=NOW - timedelta(hours=5))
    assert all("is overdue. It is high. `switchboard" in words for _, words in sent(engine)) and sent(engine) == []


def test_one_that_becomes_more_urgent_is_told_anew_and_one_that_becomes_less_is_not(engine: Engine) -> None:
    kept(engine, "medium")
    assert sent(engine) == []
    for urgency, places in (("high", 2), ("critical", 2), ("high", 0), ("low", 0), ("critical", 0)):
        change(engine, priority=urgency)
        assert len(sent(engine)) == places, urgency


def test_one_that_is_opened_again_is_told_anew(engine: Engine) -> None:
    kept(engine, "critical")
    assert len(sent(engine)) == 2
    change(engine, status="closed", closed_at=datetime.now(UTC))
    with Session(engine) as session, session.begin():
        take_up_again(session.get_one(Ticket, 1), "dana", "It came back.", datetime.now(UTC))
    assert len(sent(engine)) == 2 and sent(engine) == []


def test_one_that_was_closed_before_it_could_be_told_is_told_to_nobody(engine: Engine) -> None:
    kept(engine, "critical")
    alerts.keep_alerts(engine, FILE, WHOM)
    change(engine, status="closed", closed_at=datetime.now(UTC))
    assert sent(engine) == []


@pytest.mark.parametrize(("urgency", "places"), [("critical", 2), ("high", 0)])
def test_where_a_person_has_the_case_only_what_is_critical_is_told(engine: Engine, urgency: str, places: int) -> None:
    a_case(engine, "escalated", held_by="dana")
    kept(engine, urgency)
    assert len(sent(engine)) == places


def test_of_a_run_that_is_under_way_its_end_may_tell_and_where_that_does_not_come_soon_the_ticket_is_told(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_case(engine, None)
    kept(engine, "critical")
    assert sent(engine) == []
    later = datetime.now(UTC) + alerts.UNDER_WAY
    monkeypatch.setattr(alerts, "clock", lambda _: later)
    alerts.keep_alerts(engine, FILE, WHOM)
    monkeypatch.undo()
    with engine.begin() as connection:
        connection.execute(text("UPDATE notifications SET due_at = 0"))
    assert len(sent(engine)) == 2


@tool(effect="send", public=True)
def ring_the_yard(ctx: Context) -> str:
    """Have the yard mend a boat."""
    values = {"department": "yard", "priority": "high", "subject": "Mend it", "summary": "Mend it"}
    return opened(ctx.session, ctx.key, ctx.case_id, values).number


def without_model(view: View) -> Any:
    if view.last("ring_the_yard") is None:
        return Calls((Call("ring_the_yard", {}),))
    if "human" in view.latest:
        return Calls((Call("call_a_human", {"summary": "They want one."}),)) if not view.last("call_a_human") else Say("Yes.")
    return Say("The yard knows.")


@pytest.mark.slow
@pytest.mark.parametrize(("words", "end"), [("My boat leaks.", "resolved"), ("My boat leaks, get me a human.", "escalated")])
def test_a_run_that_opens_one_is_told_once_whether_it_leaves_its_case_to_a_person_or_not(
    engine: Engine, words: str, end: str
) -> None:
    desk = AgentSpec("desk", "Boats.", "You look after boats.", without_model, (ring_the_yard, toys.call_a_human))
    team = TeamSpec("desk", "", {"desk": desk}, hub("desk", {}), (Rule("approve", effect="send"),))
    with Worker(Environment(engine, {"desk": team}, notifications=WHOM)) as worker:
        assert worker.work(worker.open_case("desk", words))["end"] == end
        heard = sent(engine)
    assert [to for to, _ in heard] == ["json://a", "json://pager"] and sent(engine) == []
    assert all(("a person must see it" if end == "resolved" else "T000001 (high)") in told for _, told in heard), heard


def looked_at(engine: Engine, file: ProjectFile = FILE) -> int:
    """How many tickets are read where somebody looks for alerts."""
    read: list[int] = []

    def count(ticket: Ticket, *_: Any) -> None:
        read.append(ticket.id)

    event.listen(Ticket, "load", count)
    event.listen(Ticket, "refresh", count)
    try:
        alerts.keep_alerts(engine, file, WHOM)
    finally:
        event.remove(Ticket, "load", count)
        event.remove(Ticket, "refresh", count)
    return len(read)


@pytest.mark.slow
def test_tickets_are_looked_at_when_they_or_their_deadlines_have_changed_or_their_time_has_come(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(engine) as session, session.begin():
        for n in range(2 * alerts.MOST_AT_ONCE + 7):
            values = {"department": "yard", "priority": "low", "subject": "-", "summary": "-", "created_at": NOW}
            opened(session, f"k{n}", f"case_{n}", values)
    assert looked_at(engine) == 2 * alerts.MOST_AT_ONCE + 7
    assert looked_at(engine) == 0
    with Session(engine) as session, session.begin():
        note_on(session.get_one(Ticket, 5), "assigned", "dana", "dana", NOW)
    assert (looked_at(engine), looked_at(engine)) == (1, 0)
    other = ProjectFile.model_validate({"name": "acme", "tickets": {"at_risk": 0.5}})
    assert looked_at(engine, other) == 2 * alerts.MOST_AT_ONCE + 7
    change(engine, created_at=NOW - timedelta(hours=7))
    assert looked_at(engine, other) == 1
    monkeypatch.setattr(alerts, "clock", lambda _: NOW + timedelta(hours=1, minutes=1))
    assert (looked_at(engine, other), looked_at(engine, other)) == (1, 0), "half of its sixteen hours are over"


def test_a_database_of_before_is_taken_along(tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path / "before.db"))
    folder = tmp_path / "before"
    folder.mkdir()
    for path in sorted(CASES.glob("[0-9]*.py"))[:10]:
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    migrate(engine, "switchboard", folder)
    columns = "key, case_id, department, priority, status, subject, summary, created_at, reopened"
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO tickets ({columns}) VALUES ('k','c','d','high','open','-','-','{NOW:%F %T}',0)"))
    migrate_cases(engine)
    assert sent(engine) == []
    change(engine, priority="critical")
    assert len(sent(engine)) == 2
    engine.dispose()


@pytest.mark.parametrize("department", ["Mo Adeyemi, 12 Quay Street", "mo@example.com", "tel_4917055512", "x" * 60, "Call me"])
def test_what_no_declared_department_is_called_like_leaves_in_no_notification(engine: Engine, department: str) -> None:
    kept(engine, "critical", department=department)
    assert [words.split(":")[0] for _, words in sent(engine)] == ["Case case_1", "Case case_1"]


def test_who_is_named_is_the_department_of_a_ticket_that_was_sorted_and_not_of_one_that_was_assigned(engine: Engine) -> None:
    a_case(engine, "escalated")
    kept(engine, "high", facts={"history": [{"what": "assigned"}]})
    with Session(engine) as session, session.begin():
        row = session.get_one(CaseRow, "case_1")
        row.department = "desk"
        leave_to_people(session, row, WHOM)
    assert all(words.startswith("Case case_1 (desk): ") for _, words in sent(engine))
    change(engine, facts={"category": "technical"})
    with Session(engine) as session, session.begin():
        row = session.get_one(CaseRow, "case_1")
        row.run = 2
        leave_to_people(session, row, WHOM)
    assert [words.split(":")[0] for _, words in sent(engine)] == ["Case case_1 (yard)"] * 2


def test_of_many_tickets_of_a_case_the_most_urgent_are_named_and_the_others_counted(engine: Engine) -> None:
    a_case(engine, "escalated")
    with Session(engine) as session, session.begin():
        for n in range(40):
            values = {"department": "yard", "priority": "critical" if n == 3 else "low", "subject": "-", "summary": "-"}
            opened(session, f"k{n}", "case_1", {**values, "created_at": NOW})
        leave_to_people(session, session.get_one(CaseRow, "case_1"), WHOM)
    told = sent(engine)[0][1]
    assert "Ticket: T000004 (critical), T000040 (low), " in told and told.endswith(" and 35 more.") and len(told) < 300


def test_an_urgent_ticket_whose_case_went_on_before_anybody_heard_of_its_run_is_told_all_the_same(engine: Engine) -> None:
    a_case(engine, "limit")
    kept(engine, "critical")
    with Session(engine) as session, session.begin():
        leave_to_people(session, session.get_one(CaseRow, "case_1"), WHOM)
    with Session(engine) as session, session.begin():
        row = session.get_one(CaseRow, "case_1")
        row.run, row.end = 2, "resolved"
    assert sent(engine) == [], "the run that this would tell of is over"
    assert [to for to, _ in sent(engine)] == ["json://a", "json://pager"] and sent(engine) == []


@pytest.mark.parametrize("programs", [False, True])
def test_a_run_that_was_overtaken_has_nobody_told_anew_of_tickets_that_a_later_run_tells_of(
    engine: Engine, programs: bool
) -> None:
    """The row of a program that hears of the later run tells no person."""
    a_case(engine, "limit")
    kept(engine, "critical")
    with Session(engine) as session, session.begin():
        row = session.get_one(CaseRow, "case_1")
        leave_to_people(session, row, WHOM)
        row.run = 2
        if programs:
            hooks = NotificationsTable(webhooks=["https://crm.example/hook"], secret="${S}")
            tell_programs(session, row, 2, "resolved", hooks)
        else:
            leave_to_people(session, row, WHOM)
    first = sent(engine)
    assert [to for to, _ in first] == ([] if programs else ["json://a", "json://pager"])
    assert len(sent(engine)) == (2 if programs else 0)
