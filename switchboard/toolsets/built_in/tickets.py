"""The tool that tells customers how their own ticket stands."""

from typing import Annotated

from pydantic import Field

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError
from switchboard.tickets.rows import Ticket, numbered

TicketId = Annotated[str, Field(pattern=r"^T\d{6,9}$", description="Such as 'T000005'.")]


@tool(effect="read", public=True)
def get_ticket(ctx: Context, ticket_id: TicketId) -> dict[str, str]:
    """Tell how a ticket of the customer stands: open or closed, and since when."""
    given = numbered(ticket_id)
    ticket = ctx.session.get(Ticket, given) if given is not None else None
    if not ticket or ticket.number != ticket_id or not _is_theirs(ctx, ticket):
        raise ToolError(f"The customer has no ticket {ticket_id}.", code="no_such_ticket", ticket_id=ticket_id)
    days = {"opened_on": ticket.since, "answered_on": ticket.answered_at, "closed_on": ticket.closed_at}
    return {
        "ticket_id": ticket.number,
        "state": ticket.status,
        **{name: f"{d:%Y-%m-%d}" if d else "" for name, d in days.items()},
    }


def _is_theirs(ctx: Context, ticket: Ticket) -> bool:
    """Whether it is the verified customer's, or, where nobody was verified for it, of the address that this one writes from."""
    if ticket.customer_id:
        return ticket.customer_id == ctx.customer_id
    return bool(ticket.contact_email) and ticket.contact_email == ctx.known.get("email")
