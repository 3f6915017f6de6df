"""Answers that wait as drafts: an operator sends or drops one, bound to its text; of two operators the first does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.cases.cases import GOES_ON, held, is_with_human, taken_over
from switchboard.cases.documents import find
from switchboard.cases.entries import append_lines
from switchboard.cases.people import inside
from switchboard.cases.people.holding import not_anothers, release
from switchboard.cases.tables import CaseRow, clock
from switchboard.database import for_a_while
from switchboard.declare.flow import OPERATOR
from switchboard.declare.transcript import MessageEntry, digest
from switchboard.errors import OperatorError
from switchboard.tickets.drafts import DROPPED, SENT, waiting, was_asked_for, what_became
from switchboard.tickets.rows import CLOSED, MOST_RESOLUTION, OPEN, Ticket, answered, note_on, utc


@dataclass(frozen=True)
class WaitingDraft:
    """An answer that waits for an operator. `hash` is of its text, which a yes is bound to; `since` is in UTC. One that an
    operator `asked_for` leaves its ticket open.
    """

    case_id: str
    ticket: str
    department: str
    opening: str
    text: str
    hash: str
    since: datetime
    held_by: str | None
    asked_for: bool = False


def drafts(engine: Engine, limit: int | None = None, case_id: str = "") -> list[WaitingDraft]:
    """The answers that wait, the oldest first; those of one case where it is named, by its whole id."""
    query = select(Ticket, CaseRow.opening, CaseRow.held_by).join(CaseRow, CaseRow.id == Ticket.case_id)
    query = query.where(Ticket.status == OPEN, Ticket.draft.is_not(None)).order_by(Ticket.id).limit(limit)
    with Session(engine.execution_options(reading=True)) as session:
        rows = session.execute(query.where(Ticket.case_id == case_id) if case_id else query)
        return [_as_waiting(ticket, opening, held_by) for ticket, opening, held_by in rows]


def draft_of(engine: Engine, case_id: str) -> WaitingDraft:
    """The draft of a case. Raises OperatorError where none waits, with what became of it."""
    with Session(engine.execution_options(reading=True)) as session:
        case_id = find(session, case_id).id
        became = what_became(session, case_id)
    if not (found := drafts(engine, case_id=case_id)):
        raise _gone(case_id, became)
    return found[-1]


@for_a_while
def send_draft(engine: Engine, case_id: str, operator: str, bound: str, words: str | None = None) -> bool:
    """Tell the customer the draft with this hash, or `words` in its place, and close its ticket with that, in one transaction.
    One that was asked for leaves its ticket open, and its case with the operator, as a reply does. Whether it is closed.

    Raises OperatorError where it is gone, is another one by now, or another operator has the case.
    """
    with Session(engine) as session, session.begin():
        row, ticket = _waiting(session, case_id, operator, bound)
        if row.end is None:
            raise OperatorError("The agents are still at work on this case. Try again in a moment.")
        text, now = str(ticket.draft) if words is None else inside.words(words), clock(session)
        beside = not is_with_human(session, row)  # what the agents have asked the customer stays the question
        line = MessageEntry(OPERATOR, text, "human", operator=operator, meanwhile=beside)
        append_lines(session, row.id, row.run, [line])
        note_on(ticket, SENT, operator, "" if text == ticket.draft else "edited", now)
        settles, ticket.draft = not was_asked_for(ticket), None
        if settles:
            ticket.status, ticket.resolution, ticket.closed_at = CLOSED, text[:MOST_RESOLUTION], now
            ticket.answered_at = ticket.answered_at or now
            release(session, row, operator)
        else:
            row.held_by = operator
            if row.end not in GOES_ON:
                taken_over(session, row)
            answered(session, row.id, now)
        record(session, operator, "sent a draft", row.id, {"ticket": ticket.number, "draft": bound, "words": digest(text)})
        return settles


@for_a_while
def drop_draft(engine: Engine, case_id: str, operator: str, bound: str, why: str = "") -> None:
    """Take a draft away; its ticket waits on. Raises OperatorError where it is gone, another one, or another's."""
    why = inside.reason(why)
    with Session(engine) as session, session.begin():
        row, ticket = _waiting(session, case_id, operator, bound)
        ticket.draft = None
        note_on(ticket, DROPPED, operator, why, clock(session))
        record(session, operator, "dropped a draft", row.id, {"ticket": ticket.number, "draft": bound, "why": why})


def _waiting(session: Session, case_id: str, operator: str, bound: str) -> tuple[CaseRow, Ticket]:
    row = held(session, case_id)
    tickets = waiting(session, row.id)
    if not tickets:
        raise _gone(row.id, what_became(session, row.id))
    not_anothers(row, operator)
    ticket = next((one for one in tickets if digest(one.draft) == bound), None)
    if ticket is None:
        raise OperatorError(f"The draft of {row.id} is another one by now; look at it again: `switchboard drafts`.")
    return row, ticket


def _gone(case_id: str, became: str) -> OperatorError:
    return OperatorError(f"{case_id} has no draft that waits. {became or '`switchboard drafts` lists those that do.'}")


def _as_waiting(ticket: Ticket, opening: str, held_by: str | None) -> WaitingDraft:
    text = str(ticket.draft)
    since = utc(ticket.since)
    its = (ticket.case_id, ticket.number, ticket.department, opening, text, digest(text), since, held_by)
    return WaitingDraft(*its, was_asked_for(ticket))
