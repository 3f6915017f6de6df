"""Whether a conversation at a help desk is closed, and the tickets of its case here: what people do on one side is done on the
other, once.

How the conversation stood stands in the `place` of its thread, as `status`: as it was when the customer's newest message was
read, or as it was asked for from here; "settled" where people closed it there after that message. It was `seen` so at that
moment, and is known at all `since` another one: what was done before is not told. What is asked for is a row
among the answers, with a number below 0 and the status as its `to`, under a key that names the ticket, how often it was
opened again, and where it is open the run that left it to people; so it is asked for once, and what came from there is known
by its key, too.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, String, and_, cast, exists, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session, aliased

from switchboard.accounts.audit import record
from switchboard.cases.channels.rows import AnswerRow, ThreadRow
from switchboard.cases.people.inside import has_room, keep_note
from switchboard.cases.tables import CaseRow, EntryRow, clock, utc
from switchboard.database import for_a_while
from switchboard.declare.transcript import digest
from switchboard.tickets.rows import CLOSED, OPEN, WAITS, Ticket, open_of, settle

AT_ONCE, LATELY = 200, timedelta(hours=72)
"""How many are looked for at a time, and how long ago a ticket may have been closed, or opened again, that is told."""
SETTLED = "settled"
UNDER_WAY = ("queued", "sending")
WITH_AGENTS = ("awaiting_customer", "awaiting_approval")


def now_of(engine: Engine) -> datetime:
    """The time by the clock that rows are written by."""
    with Session(engine.execution_options(reading=True)) as session:
        return clock(session)


def place_of(engine: Engine, case_id: str) -> dict[str, Any]:
    """Where the newest message of a case can be answered, {} where that is not kept."""
    with Session(engine.execution_options(reading=True)) as session:
        row = session.get(ThreadRow, case_id)
        return dict(row.place) if row else {}


@for_a_while
def agree(engine: Engine, channel: str, case_id: str, status: str, since: datetime) -> None:
    """Keep how the conversation of a case stood that was read after `since`: where people have closed it there, the open
    tickets of the case are closed. Where something is being asked for from here, what was read may be of before: it counts for
    nothing. Where nothing was known of it, nobody can tell when it was closed: no ticket is.
    """
    with Session(engine) as session, session.begin():
        case = session.get(CaseRow, case_id, with_for_update=True)
        thread = session.get(ThreadRow, case_id, with_for_update=True)
        if case is None or thread is None or thread.channel != channel:
            return
        known, seen, at = thread.place.get("status"), thread.place.get("seen", ""), since.isoformat()
        if known is None:
            thread.place = {**thread.place, "status": status, "seen": at, "since": at}
            return
        mine = (AnswerRow.case_id == case_id, AnswerRow.n < 0)
        asked = or_(AnswerRow.state.in_(UNDER_WAY), AnswerRow.changed_at >= since)
        if (status == CLOSED and known in (CLOSED, SETTLED)) or session.scalar(select(exists().where(*mine, asked))):
            return
        thread.place = {**thread.place, "status": SETTLED if status == CLOSED else status, "seen": at}
        if status == CLOSED:
            _close(session, case, thread, seen)


def _close(session: Session, case: CaseRow, thread: ThreadRow, seen: str) -> None:
    """Close the tickets of a case but those that an operator here has, and those that were opened again since the conversation
    was `seen` open: the closing may be older.
    """
    by, why, now = f"help desk {thread.channel}", f"It was closed at the help desk ({thread.channel}).", clock(session)
    tickets = open_of(session, case.id)
    again = [one for one in tickets if _is_open_since(session, one, seen)]
    stay = tickets if case.held_by else again
    closed = [one for one in tickets if one not in stay]
    for ticket in closed:
        settle(ticket, by, why, now)
    session.flush()
    for ticket in session.scalars(select(Ticket).where(Ticket.case_id == case.id, Ticket.status == CLOSED)).all():
        _add_once(session, thread, f"{case.id}:{ticket.id}.{ticket.reopened}:{CLOSED}", CLOSED, "sent")
    for ticket in again:
        _add_once(session, thread, f"{case.id}:{ticket.id}.{ticket.reopened}:{OPEN}:{case.run}", OPEN, "overtaken")
    if stay and has_room(session, case.id):
        because = f"{case.held_by} has the case" if case.held_by else "it was opened again here at about the same time"
        keep_note(session, case.id, by, f"{why} {', '.join(one.number for one in stay)} stays open, as {because}.")
    for ticket in closed:
        record(session, by, "closed a ticket", case.id, {"ticket": ticket.number, "resolution": digest(why)})


def _is_open_since(session: Session, ticket: Ticket, seen: str) -> bool:
    """Whether a ticket was opened again after that moment, and nobody can say that its conversation was open since."""
    if ticket.reopened_at is None or (seen and datetime.fromisoformat(seen) >= utc(ticket.reopened_at)):
        return False
    opened = (AnswerRow.case_id == ticket.case_id, AnswerRow.n < 0, AnswerRow.place["to"].as_string() == OPEN)
    sent = (AnswerRow.state == "sent", AnswerRow.changed_at >= ticket.reopened_at)
    return not session.scalar(select(exists().where(*opened, *sent)))


def find_statuses(engine: Engine, channel: str) -> int:
    """Write which conversations are to be closed, or opened, since the tickets of their cases were closed here, or opened
    again, or wait for a person while the help desk leaves them to a program. Returns how many are new.
    """
    with Session(engine.execution_options(reading=True)) as session:
        key, of_ticket = _key_of(), _is_to_be_told(clock(session))
        query = select(ThreadRow.case_id, key, Ticket).join(CaseRow, CaseRow.id == ThreadRow.case_id)
        query = query.join(Ticket, Ticket.case_id == ThreadRow.case_id).where(ThreadRow.channel == channel, of_ticket)
        query = query.where(ThreadRow.place["status"].as_string().is_not(None), ~exists().where(AnswerRow.key == key))
        found = session.execute(query.order_by(Ticket.id).limit(AT_ONCE)).all()
    return sum(_ask_for(engine, case_id, key, ticket) for case_id, key, ticket in found)


def _key_of() -> ColumnElement[str]:
    ticket = cast(Ticket.id, String) + "." + cast(Ticket.reopened, String)
    run = sql_case((Ticket.status == OPEN, ":" + cast(CaseRow.run, String)), else_="")  # a case is handed over in many
    return ThreadRow.case_id + ":" + ticket + ":" + Ticket.status + run


def _is_to_be_told(now: datetime) -> ColumnElement[bool]:
    other = aliased(Ticket)
    is_last = ~exists().where(other.case_id == Ticket.case_id, other.status == OPEN)
    is_over = and_(CaseRow.end.is_not(None), CaseRow.end.not_in(WITH_AGENTS))
    closed = and_(Ticket.status == CLOSED, Ticket.closed_at > now - LATELY, is_over, is_last)
    waits = or_(Ticket.reopened_at > now - LATELY, ThreadRow.place["status"].as_string() == "pending")
    return or_(closed, and_(Ticket.status == OPEN, CaseRow.end.in_(WAITS), waits))


@for_a_while
def _ask_for(engine: Engine, case_id: str, key: str, ticket: Ticket) -> int:
    """Write one, once all that the customer is told is on its way: what is said last is said in an open conversation. Of what
    was done before it was known how the conversation stood, write that it is not asked for.
    """
    status, done = ticket.status, ticket.closed_at if ticket.status == CLOSED else ticket.reopened_at
    with Session(engine) as session, session.begin():
        case = session.get(CaseRow, case_id, with_for_update=True)
        thread = session.get(ThreadRow, case_id, with_for_update=True)
        if case is None or thread is None or session.scalar(select(exists().where(AnswerRow.key == key))):
            return 0
        newest = session.scalar(select(func.max(EntryRow.n)).where(EntryRow.case_id == case_id)) or 0
        said = (AnswerRow.case_id == case_id, AnswerRow.n >= 0, AnswerRow.state.in_(UNDER_WAY))
        if newest > thread.told or session.scalar(select(exists().where(*said))):
            return 0
        if (status == OPEN) != bool(open_of(session, case_id, locked=False)):
            return 0  # it is another way since
        since, is_pending = thread.place.get("since"), status == OPEN and thread.place.get("status") == "pending"
        if since and done and utc(done) <= datetime.fromisoformat(since) and not is_pending:
            _add(session, thread, key, status, "overtaken")
            return 0
        _add(session, thread, key, status, "queued")
        thread.place = {**thread.place, "status": status}
        return 1


def _add_once(session: Session, thread: ThreadRow, key: str, to: str, state: str) -> None:
    if not session.scalar(select(exists().where(AnswerRow.key == key))):
        _add(session, thread, key, to, state)


def _add(session: Session, thread: ThreadRow, key: str, to: str, state: str) -> None:
    lowest = session.scalar(select(func.min(AnswerRow.n)).where(AnswerRow.case_id == thread.case_id)) or 0
    place = {**thread.place, "to": to}
    row = AnswerRow(case_id=thread.case_id, n=min(lowest, 0) - 1, channel=thread.channel, address=thread.address, place=place)
    row.key, row.state, row.why = key, state, ""
    row.queued_at = row.changed_at = clock(session)
    session.add(row)
    session.flush()
