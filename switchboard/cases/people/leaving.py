"""A case that waits for a person: it has an open ticket, and who is on call is to hear of it, once."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from switchboard.cases.tables import CaseRow, clock
from switchboard.notifications.rows import notify
from switchboard.notifications.table import NotificationsTable
from switchboard.reading.danger import danger_in
from switchboard.reading.mood import urgency
from switchboard.tickets.kinds import ON_CALL, URGENCIES, Urgency, urgency_of
from switchboard.tickets.rows import Ticket, open_for_person


def leave_to_people(session: Session, row: CaseRow, whom: NotificationsTable | None) -> None:
    """Open a ticket, and write who is to be notified, in the transaction that ends the newest run of a case; where that leaves
    it to a person, and nobody has taken it over.
    """
    if row.held_by or row.parent is not None or row.end is None:
        return
    now, known = clock(session), row.state["known"] if row.state else {}
    about = {"department": row.department, "opening": row.opening, "reason": row.reason, "contact_email": known.get("email")}
    about["customer_id"] = row.state["customer_id"] if row.state else None
    tickets = open_for_person(session, row.id, row.run, row.end, about, now)
    _raise_to(urgency_told(row.opening), tickets)
    if whom and row.end in whom.ends:
        is_urgent = any(urgency_of(ticket.priority) in ON_CALL for ticket in tickets)
        whose = next((ticket.department for ticket in tickets if ticket.facts), row.department)  # where somebody has sorted it
        notify(session, row.id, row.run, whom.places(is_urgent=is_urgent), row.end, whose, now.timestamp())


def urgency_told(text: str) -> Urgency:
    """How soon a person must see what a customer wrote, as far as their words say it: danger comes before all."""
    if danger_in(text):
        return "critical"
    return "high" if urgency(text) == "high" else "low"


def _raise_to(told: Urgency, tickets: Sequence[Ticket]) -> None:
    """Make tickets at least as urgent as that."""
    for ticket in tickets:
        if URGENCIES.index(told) > URGENCIES.index(urgency_of(ticket.priority)):
            ticket.priority = told
