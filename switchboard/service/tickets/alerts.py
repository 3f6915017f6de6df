"""Who is to hear of tickets, each once: of one that is urgent as soon as it is, and where a deadline is near or over.

A ticket is looked at when it has changed, when its next deadline comes near, or is over, and when the deadlines themselves have
changed; so that many that wait cost little.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, Engine, and_, or_, select, update
from sqlalchemy.orm import Session

from switchboard.cases.tables import CaseRow, clock
from switchboard.database import patiently
from switchboard.notifications import rows
from switchboard.notifications.table import NotificationsTable
from switchboard.tables.project_file import ProjectFile
from switchboard.tickets.deadlines import Alert, Hours, alerts, deadlines, has_become_urgent, next_change
from switchboard.tickets.kinds import ON_CALL, urgency_of
from switchboard.tickets.rows import OPEN, Ticket
from switchboard.tickets.table import TicketsTable

MOST_LATE = timedelta(days=7)
"""What waits, or is late, for longer stands in the inbox, and nobody is told of it any more."""
MOST_NEW = timedelta(days=1)
"""For so long, as workers may be away, programs hear that a ticket was opened; of one that is older, or was looked at before
they were named, it would be no news."""
UNDER_WAY = timedelta(seconds=30)
"""How long a ticket of a run that is under way waits for its end, which may tell of it."""
MOST_AT_ONCE = 200
"""How many are looked at in one transaction, for which others wait on SQLite."""
NEVER = 1e12


def keep_alerts(engine: Engine, file: ProjectFile, whom: NotificationsTable) -> None:
    """Write who is to hear of tickets now."""
    hours = hours_of(file)
    by = sha256(f"{file.tickets!r} {hours!r}".encode()).hexdigest()[:16]
    while _look(engine, file.tickets, hours, whom, by) == MOST_AT_ONCE:
        pass


def hours_of(file: ProjectFile) -> Hours:
    """When people answer, as deadlines count it."""
    return Hours(file.hours.by_number(), file.time_zone or "UTC") if file.hours else Hours()


@patiently
def not_told(engine: Engine, case_id: str, run: int, whom: NotificationsTable) -> None:
    """Have the open tickets of a case that no person has looked at again, since what was to tell of them with a run did not go
    out; unless a later run's own tells of them.
    """
    has_person = select(CaseRow.id).where(CaseRow.id == case_id, CaseRow.held_by.is_not(None)).exists()
    is_told = rows.of_later_run(case_id, run, whom.places(is_urgent=True))
    these = (Ticket.case_id == case_id, Ticket.status == OPEN, ~has_person, ~is_told)
    with Session(engine) as session, session.begin():
        session.execute(update(Ticket).where(*these).values(told_as=None, look_by=""))


@patiently
def _look(engine: Engine, table: TicketsTable, hours: Hours, whom: NotificationsTable, by: str) -> int:
    """Look at tickets whose time has come, and keep when it comes next. Returns how many there were."""
    with Session(engine.execution_options(reading=True)) as session:
        if session.scalar(select(Ticket.id).where(_due(by, clock(session))).limit(1)) is None:
            return 0
    with Session(engine) as session, session.begin():
        now = clock(session)
        query = select(Ticket).where(_due(by, now)).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)
        tickets = session.scalars(query).all()
        ids = {ticket.case_id for ticket in tickets}
        told = rows.abouts(session, [*ids])
        running = set(session.scalars(select(CaseRow.id).where(CaseRow.id.in_(ids), CaseRow.end.is_(None))))
        for ticket in tickets:
            is_new = not ticket.look_by and ticket.since > now - MOST_NEW
            news = [one for one in _late(ticket, table, hours, now) if (ticket.case_id, str(one)) not in told]
            later = [next_change(ticket, table, hours, now)]
            if has_become_urgent(ticket) and not news:
                over = ticket.since + UNDER_WAY
                if ticket.case_id in running and now < over:
                    later.append(over)
                elif ticket.told_as is not None or ticket.since > now - MOST_LATE:
                    news = [Alert(ticket.id, "urgency", urgency_of(ticket.priority), ticket.reopened)]
            ticket.told_as = ticket.told_as if len(later) > 1 else ticket.priority
            ticket.look_by, ticket.look_at = by, min((one.timestamp() for one in later if one), default=NEVER)
            to = whom.places(is_urgent=urgency_of(ticket.priority) in ON_CALL)
            for one in news:
                heard_by = [*to, *whom.webhooks]
                rows.notify(session, ticket.case_id, 0, heard_by, one.state, ticket.department, now.timestamp(), str(one))
            opened = str(Alert(ticket.id, "opened", "open", ticket.reopened))
            if is_new and (ticket.case_id, opened) not in told:
                urgency = urgency_of(ticket.priority)
                rows.notify(session, ticket.case_id, 0, whom.webhooks, urgency, ticket.department, now.timestamp(), opened)
        return len(tickets)


def _due(by: str, now: datetime) -> ColumnElement[bool]:
    """Which tickets are to be looked at: each part is a range of one index."""
    changed, time_has_come = or_(Ticket.look_by < by, Ticket.look_by > by), Ticket.look_at <= now.timestamp()
    return and_(Ticket.status == OPEN, or_(changed, and_(Ticket.look_by == by, time_has_come)))


def _late(ticket: Ticket, table: TicketsTable, hours: Hours, now: datetime) -> list[Alert]:
    """What is due to be told of a ticket's deadlines, unless all of them have been over for long."""
    late = alerts(ticket, table, hours, now)
    return late if late and any(one.due > now - MOST_LATE for one in deadlines(ticket, table, hours, now)) else []
