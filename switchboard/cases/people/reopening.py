"""An operator opens a case again that is over: it waits for a person then, with a ticket. No run begins, so nothing is done."""

from datetime import UTC, datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.cases.cases import GOES_ON, hear_inbox, held, is_with_human
from switchboard.cases.entries import append_lines
from switchboard.cases.people.inside import reason
from switchboard.cases.people.leaving import open_for, raise_to, urgency_told
from switchboard.cases.tables import CaseRow, EntryRow, clock
from switchboard.database import for_a_while
from switchboard.declare.flow import OPERATOR
from switchboard.declare.transcript import DecisionEntry
from switchboard.errors import OperatorError
from switchboard.tickets.kinds import URGENCIES
from switchboard.tickets.rows import Ticket, newest_of, note_on, open_of, take_up_again


@for_a_while
def reopen(engine: Engine, case_id: str, operator: str, why: str) -> str:
    """Open a case again, with the ticket that it has open, else its newest or a new one, whose number is returned.

    Raises OperatorError where it is not over, or waits for a person.
    """
    why = reason(why, "Say why it is opened again.")
    with Session(engine) as session, session.begin():
        row = held(session, case_id)
        still = open_of(session, row.id)
        if still and (row.end == "escalated" or is_with_human(session, row)):
            raise OperatorError(f"{row.id} has an open ticket, {still[0].number}, and waits for a person.")
        ticket = still[0] if still else newest_of(session, row.id)
        if row.end in (None, *GOES_ON) and not (ticket and row.end == "escalated"):
            raise OperatorError(f"{row.id} is not over. There is nothing to open again.")
        if ticket:
            take_up_again(ticket, operator, why, clock(session))
        else:
            ticket = _new_ticket(session, row, operator, why)
        wait_again(session, row, ticket, operator, why)
        record(session, operator, "reopened a case", row.id, {"ticket": ticket.number, "why": why})
        return ticket.number


def wait_again(session: Session, row: CaseRow, ticket: Ticket, operator: str, why: str) -> None:
    """Have a case that is over wait for a person, as its ticket was opened again; one that goes on with the agents does so."""
    if row.end in (None, "awaiting_customer", "awaiting_approval"):
        return
    waited = list(row.inbox)
    hear_inbox(session, row)
    raise_to(max(map(urgency_told, waited), key=URGENCIES.index, default="low"), [ticket])
    if not is_with_human(session, row):
        append_lines(session, row.id, row.run, [DecisionEntry(OPERATOR, why, "human", reopened=True, operator=operator)])
    row.end, row.reason = "escalated", f"{operator} opened the case again."


def _new_ticket(session: Session, row: CaseRow, operator: str, why: str) -> Ticket:
    """A ticket as one is that was closed when the case ended, and opened again now: so are its deadlines, and the outcome."""
    over = session.scalar(select(func.max(EntryRow.at)).where(EntryRow.case_id == row.id, EntryRow.run == row.run))
    [ticket] = open_for(session, row, "escalated", why)
    ticket.was_closed_at = datetime.fromtimestamp(over, UTC) if over else row.created_at
    ticket.reopened_at, ticket.reopened = clock(session), 1
    note_on(ticket, "reopened", operator, why, clock(session))
    return ticket
