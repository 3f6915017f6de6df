"""What is left for humans: tickets, contact details, case notes, and the hand-over itself."""

from sqlalchemy import select

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError
from tools.nouns import Department, EMail, Line, Name, Phone, Priority, Prose
from tools.shop import CaseNote, Ticket, now


@tool(effect="send", public=True, ends="escalated")
def transfer_to_human_agents(ctx: Context, summary: Prose) -> str:
    """Hand the customer over to a human, who gets the summary: when asked for one, or when no tool can help."""
    whole = "\n\n".join(part for part in (summary, ctx.case) if part)
    ticket = _ticket(ctx, "general", "high", f"Handed over by {ctx.agent}", whole)
    return f"A human takes over, with ticket {_number(ticket)}."


@tool(effect="write", public=True)
def open_ticket(
    ctx: Context, subject: Line, summary: Prose, department: Department, priority: Priority = "normal"
) -> dict[str, str]:
    """Leave work for a department's humans."""
    ticket = _ticket(ctx, department, priority, subject, summary)
    return {"ticket_id": _number(ticket), "department": ticket.department, "priority": ticket.priority}


@tool(effect="write", public=True)
def take_contact_details(
    ctx: Context, name: Name, about: Prose, email: EMail | None = None, phone: Phone | None = None
) -> dict[str, str]:
    """Note how to reach a customer, by e-mail or phone, and what about, so that a human gets back to them."""
    if email is None and phone is None:
        why = "An e-mail address or a phone number is needed. Ask the customer for one."
        raise ToolError(why, code="no_way_to_reach")
    contact = {"contact_name": name, "contact_email": email, "contact_phone": phone}
    ticket = _ticket(ctx, "general", "normal", "Get back to the customer", about, **contact)
    return {"ticket_id": _number(ticket), "reach_by": " or ".join(way for way in (email, phone) if way)}


@tool(effect="write", public=True)
def add_case_note(ctx: Context, text: Prose) -> str:
    """Leave a note on the case for operators; the customer never sees it."""
    if ctx.session.scalars(select(CaseNote.id).where(CaseNote.key == ctx.key)).first() is None:
        note = CaseNote(key=ctx.key, case_id=ctx.case_id, customer_id=ctx.customer_id, agent=ctx.agent)
        note.text, note.created_at = text, now()
        ctx.session.add(note)
        ctx.session.flush()
    return "Noted."


def _ticket(ctx: Context, department: str, priority: str, subject: str, summary: str, **contact: str | None) -> Ticket:
    """A new ticket, or the one that this very call opened before."""
    ticket = ctx.session.scalars(select(Ticket).where(Ticket.key == ctx.key)).one_or_none()
    if ticket is None:
        ticket = Ticket(
            key=ctx.key,
            case_id=ctx.case_id,
            customer_id=ctx.customer_id,
            department=department,
            priority=priority,
            status="open",
            subject=subject,
            summary=summary,
            created_at=now(),
            **contact,
        )
        ctx.session.add(ticket)
        ctx.session.flush()
    return ticket


def _number(ticket: Ticket) -> str:
    return f"T{ticket.id:06d}"
