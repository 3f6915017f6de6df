"""An operator escalates a case: its ticket becomes urgent, and who is on call hears of it, once."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.cases.cases import GOES_ON, held
from switchboard.cases.people.inside import has_room, keep_note, reason
from switchboard.cases.people.leaving import open_for, raise_to
from switchboard.cases.tables import clock
from switchboard.database import for_a_while
from switchboard.errors import OperatorError
from switchboard.notifications.rows import notify
from switchboard.notifications.table import NotificationsTable
from switchboard.tickets.deadlines import Alert
from switchboard.tickets.kinds import URGENCIES, urgency_of
from switchboard.tickets.rows import WAITS, Ticket, newest_of, note_on, open_of, take_up_again

EscalatedAs = Literal["critical", "high"]
ESCALATED = "escalated"


@dataclass(frozen=True)
class Escalated:
    """What an escalation did. `is_new` is False where the case was escalated before, as urgently: nobody is told anew then."""

    case_id: str
    ticket: str
    urgency: EscalatedAs
    is_new: bool
    is_told: bool
    """Whether the project's file names a person's place that is notified."""
    tells_programs: bool
    """Whether it names programs, which hear of it beside."""


@for_a_while
def escalate(
    engine: Engine, case_id: str, operator: str, urgency: EscalatedAs, why: str, whom: NotificationsTable | None
) -> Escalated:
    """Escalate a case, whoever has it and whether agents work on it: it stays theirs. Raises OperatorError where it is over."""
    why = reason(why, "Say why it is escalated.")
    with Session(engine) as session, session.begin():
        row = held(session, case_id)
        found = open_of(session, row.id)
        if not found and row.end not in (None, *GOES_ON, *WAITS):
            raise OperatorError(f"{row.id} is over; it ended {row.end}. `switchboard reopen {row.id}` opens it again.")
        if not found and (closed := newest_of(session, row.id)):
            take_up_again(closed, operator, why, clock(session))
            found = [closed]
        found = found or open_for(session, row, "escalated", (row.end and row.reason) or row.opening)
        before = next((one for one in found if _escalated_as(one, urgency)), None)
        to = whom.places(is_urgent=True) if whom else []
        heard = {"is_told": bool(to), "tells_programs": bool(whom and whom.webhooks)}
        if before:
            _said_again(session, row.id, before, operator, urgency, why)
            return Escalated(row.id, before.number, urgency, is_new=False, **heard)
        ticket, now = found[0], clock(session)
        raise_to(urgency, [ticket])
        as_urgent: EscalatedAs = "critical" if urgency_of(ticket.priority) == "critical" else "high"
        heard_by = [*to, *whom.webhooks] if whom else []
        if heard_by:
            ticket.told_as = ticket.priority  # they hear of it by this alone
        ticket.facts = {**(ticket.facts or {}), ESCALATED: [as_urgent, ticket.reopened]}
        note_on(ticket, ESCALATED, operator, why, now)
        alert = Alert(ticket.id, "escalation", as_urgent, ticket.reopened)
        notify(session, row.id, 0, heard_by, as_urgent, ticket.department, now.timestamp(), str(alert))
        _note(session, row.id, operator, f"Escalated as {urgency}, {ticket.number}: {why}")
        record(session, operator, "escalated a case", row.id, {"ticket": ticket.number, "urgency": urgency, "why": why})
        return Escalated(row.id, ticket.number, as_urgent, is_new=True, **heard)


def _said_again(session: Session, case_id: str, ticket: Ticket, operator: str, urgency: str, why: str) -> None:
    """Keep why somebody would escalate what is escalated; the same reason of the same one is kept once."""
    told = [(one["what"], one["by"], one["words"]) for one in (ticket.facts or {}).get("history", [])]
    if (ESCALATED, operator, why) in told:
        return
    note_on(ticket, ESCALATED, operator, why, clock(session))
    _note(session, case_id, operator, f"Escalated as {urgency} before, {ticket.number}, and once more because: {why}")
    data = {"ticket": ticket.number, "urgency": urgency, "why": why}
    record(session, operator, "escalated a case once more", case_id, data)


def _note(session: Session, case_id: str, operator: str, text: str) -> None:
    """Keep a note where the case has room for it; the ticket's history has it in any case."""
    if has_room(session, case_id):
        keep_note(session, case_id, operator, text)


def _escalated_as(ticket: Ticket, urgency: EscalatedAs) -> bool:
    """Whether a ticket was escalated as urgently, since it was opened the last time."""
    as_urgent, times = (ticket.facts or {}).get(ESCALATED, ("low", -1))
    return times == ticket.reopened and URGENCIES.index(urgency_of(as_urgent)) >= URGENCIES.index(urgency)
