"""Tickets as people work on them: what waits for one, by its deadline; whose a ticket is, and that it is settled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.cases import approvals
from switchboard.cases.people.holding import release
from switchboard.cases.people.inside import reason
from switchboard.cases.people.reopening import wait_again
from switchboard.cases.tables import CaseRow, clock
from switchboard.declare.transcript import digest
from switchboard.errors import NotThere, OperatorError
from switchboard.project import Project
from switchboard.service import accounts
from switchboard.service.tickets.alerts import hours_of
from switchboard.tickets.deadlines import Deadline, deadlines, nearest
from switchboard.tickets.kinds import Urgency, urgency_of
from switchboard.tickets.rows import CLOSED, OPEN, Ticket, note_on, numbered, settle, take_up_again, utc


class Desk(Protocol):
    """Where tickets are: the rows, and the project that says when people answer."""

    @property
    def project(self) -> Project: ...

    @property
    def engine(self) -> Engine: ...


@dataclass(frozen=True)
class ListedTicket:
    """A ticket as it stands. `next` is the nearest deadline of one that is open; moments are in UTC. `drafted` says that an
    answer waits on it to be sent.
    """

    number: str
    case_id: str
    department: str
    urgency: Urgency
    status: str
    subject: str
    assigned_to: str | None
    created_at: datetime
    next: Deadline | None
    duplicate_of: str | None
    drafted: bool


@dataclass(frozen=True)
class ShownTicket:
    """All of a ticket: beside what is listed what a person must know, what was found, and what was done with it.

    `draft_hash` is what sending the draft, or dropping it, is bound to; "" where nobody can.
    """

    listed: ListedTicket
    summary: str
    draft: str
    draft_hash: str
    resolution: str
    contact: str
    facts: dict[str, Any]
    deadlines: list[Deadline]
    has_case: bool


@dataclass(frozen=True)
class Waiting:
    """What waits for a person: a ticket, or a call that waits for a yes. `state` is how near its deadline is, "" for a call;
    `drafted` says that an answer waits on the ticket to be sent.
    """

    kind: str
    name: str
    case_id: str
    urgency: str
    subject: str
    assigned_to: str | None
    what: str
    due: datetime
    state: str
    drafted: bool


def inbox(place: Desk, limit: int) -> tuple[list[Waiting], int]:
    """What waits for a person, the nearest deadline first, and how much does in all."""
    found = [
        Waiting(
            *("ticket", t.number, t.case_id, t.urgency, t.subject, t.assigned_to),
            *(t.next.what, t.next.due, t.next.state, t.drafted),
        )
        for t in _listed(place, OPEN)
        if t.next
    ]
    for asked in approvals.open_approvals(place.engine):
        found.append(
            Waiting("approval", asked.tool, asked.case_id, "", asked.opening, None, "approval", utc(asked.deadline), "", False)
        )
    found.sort(key=lambda one: (one.due, one.name))
    return found[:limit], len(found)


def list_tickets(place: Desk, limit: int, *, closed: bool, before: str = "") -> list[ListedTicket]:
    """The newest open tickets, with `closed` those that are not, newest first; `before` a ticket are those older than it."""
    return _listed(place, CLOSED if closed else OPEN, limit, before)


def show(place: Desk, number: str) -> ShownTicket:
    """A ticket by its number. Raises OperatorError where there is none."""
    with Session(place.engine.execution_options(reading=True)) as session:
        return _as_shown(place, session, found_in(session, number))


def of_case(place: Desk, case_id: str) -> list[ShownTicket]:
    """All tickets of a case, the newest first."""
    with Session(place.engine.execution_options(reading=True)) as session:
        tickets = session.scalars(select(Ticket).where(Ticket.case_id == case_id).order_by(Ticket.id.desc()))
        return [_as_shown(place, session, ticket) for ticket in tickets]


def _as_shown(place: Desk, session: Session, ticket: Ticket) -> ShownTicket:
    file = place.project.file
    found = deadlines(ticket, file.tickets, hours_of(file), clock(session))
    has_case = session.get(CaseRow, ticket.case_id) is not None
    waits = has_case and ticket.status == OPEN and ticket.draft
    ways = (ticket.contact_name, ticket.contact_email, ticket.contact_phone)
    return ShownTicket(
        listed=_as_listed(ticket, found),
        summary=ticket.summary,
        draft=ticket.draft or "",
        draft_hash=digest(ticket.draft) if waits else "",
        resolution=ticket.resolution or "",
        contact=", ".join(way for way in ways if way),
        facts=dict(ticket.facts or {}),
        deadlines=found,
        has_case=has_case,
    )


def assign(place: Desk, number: str, to: str, by: str) -> ShownTicket:
    """Give an open ticket to somebody, who has an account that may work on it where there are accounts. Raises OperatorError
    where they have none, or it is closed.
    """
    if accounts.any_accounts(place):
        person = accounts.person_called(place, to)
        if not person.may("operator"):
            raise OperatorError(f"{person.name} is {person.role}, and works on no tickets. An operator does.")
        to = person.name
    with Session(place.engine) as session, session.begin():
        ticket = _locked(session, number)
        if ticket.status != OPEN:
            raise OperatorError(f"{ticket.number} is closed. `switchboard tickets reopen {ticket.number}` opens it again.")
        ticket.assigned_to = to
        note_on(ticket, "assigned", by, to, clock(session))
        record(session, by, "assigned a ticket", ticket.case_id, {"ticket": ticket.number, "to": to})
    return show(place, number)


def close(place: Desk, number: str, by: str, resolution: str) -> ShownTicket:
    """Keep that a person has settled a ticket, and how: of a case that they have, with no other open one, they have it no more.
    Raises OperatorError where it is closed.
    """
    resolution = reason(resolution)
    with Session(place.engine) as session, session.begin():
        row = session.get(CaseRow, found_in(session, number).case_id, with_for_update=True, populate_existing=True)
        ticket = _locked(session, number)
        if ticket.status != OPEN:
            raise OperatorError(f"{ticket.number} is closed already.")
        settle(ticket, by, resolution, clock(session))
        if row:
            release(session, row, by)
        record(session, by, "closed a ticket", ticket.case_id, {"ticket": ticket.number, "resolution": digest(resolution)})
    return show(place, number)


def reopen(place: Desk, number: str, by: str, why: str) -> ShownTicket:
    """Open a closed ticket again. Its case waits for a person then, where it was over, as `switchboard reopen` has it."""
    why = reason(why, "Say why it is opened again.")
    with Session(place.engine) as session, session.begin():
        row = session.get(CaseRow, found_in(session, number).case_id, with_for_update=True, populate_existing=True)
        ticket = _locked(session, number)
        if not take_up_again(ticket, by, why, clock(session)):
            raise OperatorError(f"{ticket.number} is open.")
        if row and row.state is not None and not row.parent:
            wait_again(session, row, ticket, by, why)
        record(session, by, "reopened a ticket", ticket.case_id, {"ticket": ticket.number, "why": why})
    return show(place, number)


def found_in(session: Session, number: str) -> Ticket:
    """The ticket that is called by a number. Raises NotThere where there is none."""
    given = numbered(number)
    ticket = session.get(Ticket, given) if given is not None else None
    if ticket is None:
        raise NotThere(f"There is no ticket {number[:40]!r}. `switchboard tickets list` lists them.")
    return ticket


def _locked(session: Session, number: str) -> Ticket:
    ticket = session.get(Ticket, found_in(session, number).id, with_for_update=True, populate_existing=True)
    assert ticket is not None
    return ticket


def _listed(place: Desk, status: str, limit: int | None = None, before: str = "") -> list[ListedTicket]:
    """Tickets, the newest first."""
    file = place.project.file
    with Session(place.engine.execution_options(reading=True)) as session:
        now, hours = clock(session), hours_of(file)
        query = select(Ticket).where(Ticket.status == status).order_by(Ticket.id.desc())
        query = query.where(Ticket.id < found_in(session, before).id) if before else query
        tickets = session.scalars(query.limit(limit))
        return [_as_listed(ticket, deadlines(ticket, file.tickets, hours, now)) for ticket in tickets]


def waiting_number(engine: Engine) -> int:
    """How many tickets are open."""
    with Session(engine.execution_options(reading=True)) as session:
        return session.scalar(select(func.count()).select_from(Ticket).where(Ticket.status == OPEN)) or 0


def _as_listed(ticket: Ticket, found: list[Deadline]) -> ListedTicket:
    return ListedTicket(
        number=ticket.number,
        case_id=ticket.case_id,
        department=ticket.department,
        urgency=urgency_of(ticket.priority),
        status=ticket.status,
        subject=ticket.subject,
        assigned_to=ticket.assigned_to,
        created_at=utc(ticket.created_at),
        next=nearest(found),
        duplicate_of=ticket.duplicate_of,
        drafted=ticket.status == OPEN and bool(ticket.draft),
    )
