"""What is left for humans: tickets, contact details, case notes, and the hand-over itself."""

from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import select

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError
from switchboard.events.masking import masked
from switchboard.tickets.kinds import URGENCIES, Category, Decision, Sentiment, Urgency, urgency_of
from switchboard.tickets.likeness import Known, Texts
from switchboard.tickets.rows import CLOSED, open_of, opened, sum_up
from switchboard.toolsets.built_in.tickets import get_ticket as get_ticket
from tools.nouns import Department, EMail, Line, Name, Phone, Priority, Prose
from tools.shop import CaseNote, Ticket, now

MOST_COMPARED, MOST_SIMILAR, LIKE = 2_000, 3, 60.0
"""How many settled tickets are looked through, how many are told, and from which likeness on (0 to 100)."""
WROTE = "They wrote: "
Query = Annotated[str, Field(max_length=1000, description="What the customer wrote.")]


class PastTicket(BaseModel):
    """A ticket that a person settled, and how."""

    ticket: str
    resolution: str


@tool(effect="send", public=True, ends="escalated")
def transfer_to_human_agents(ctx: Context, summary: Prose) -> str:
    """Hand the customer over to a human, who gets the summary: when asked for one, or when no tool can help."""
    whole = "\n\n".join(part for part in (summary, ctx.case) if part)
    ticket = _ticket(ctx, "general", "normal", f"Handed over by {ctx.agent}", whole)
    return f"A human takes over, with ticket {ticket.number}."


@tool(effect="write", public=True)
def open_ticket(
    ctx: Context, subject: Line, summary: Prose, department: Department, priority: Priority = "normal"
) -> dict[str, str]:
    """Leave work for a department's humans."""
    ticket = _ticket(ctx, department, priority, subject, summary)
    return {"ticket_id": ticket.number, "department": ticket.department, "priority": ticket.priority}


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
    return {"ticket_id": ticket.number, "reach_by": " or ".join(way for way in (email, phone) if way)}


@tool(effect="write", public=True)
def add_case_note(ctx: Context, text: Prose) -> str:
    """Leave a note on the case for operators; the customer never sees it."""
    if ctx.session.scalars(select(CaseNote.id).where(CaseNote.key == ctx.key)).first() is None:
        note = CaseNote(key=ctx.key, case_id=ctx.case_id, customer_id=ctx.customer_id, agent=ctx.agent)
        note.text, note.created_at = text, now()
        ctx.session.add(note)
        ctx.session.flush()
    return "Noted."


@tool(effect="read", public=True)
def find_similar_tickets(ctx: Context, query: Query) -> list[PastTicket]:
    """Find how people settled tickets like this one, the likest first. It is for colleagues, and for no customer."""
    settled = select(Ticket).where(Ticket.resolution.is_not(None)).order_by(Ticket.id.desc()).limit(MOST_COMPARED)
    tickets = {ticket.number: ticket for ticket in ctx.session.scalars(settled)}
    texts = Texts(Known(number, "", _wrote(ticket)) for number, ticket in tickets.items())
    like = [tickets[found.key] for found in texts.like(query, MOST_SIMILAR, LIKE)]
    return [PastTicket(ticket=one.number, resolution=masked(one.resolution or "")) for one in like]


@tool(effect="write", public=True)
def file_ticket(
    ctx: Context,
    department: Department,
    subject: Line,
    summary: Prose,
    category: Category,
    urgency: Urgency,
    sentiment: Sentiment,
    confidence: Annotated[int, Field(ge=0, le=100)],
    decision: Decision,
    draft: Annotated[str, Field(max_length=8000)],
    citations: list[str],
    past: list[str],
) -> dict[str, str]:
    """Keep what was found of a ticket, with the draft of its answer. One whose answer goes out is closed with that."""
    found: dict[str, Any] = {"category": category, "sentiment": sentiment, "confidence": confidence, "decision": decision}
    found |= {"citations": citations, "past": past}
    values: dict[str, Any] = {"department": department, "priority": urgency, "subject": subject, "summary": summary}
    values |= {"facts": found, "draft": draft or None, "duplicate_of": ctx.known.get("duplicate_of")}
    values |= {"customer_id": ctx.customer_id, "contact_email": ctx.known.get("email")}
    if decision == "auto_resolve":
        values |= {"status": CLOSED, "answered_at": now(), "closed_at": now(), "draft": None}
    if there := open_of(ctx.session, ctx.case_id):
        soonest = max(urgency, urgency_of(there[0].priority), key=URGENCIES.index)
        values |= {"facts": {**(there[0].facts or {}), **found}, "priority": soonest}
        for name, value in values.items():
            if name not in ("subject", "status", "closed_at") and (value is not None or name == "draft"):
                setattr(there[0], name, value)
        return {"ticket_id": there[0].number}
    return {"ticket_id": opened(ctx.session, ctx.key, ctx.case_id, values).number}


@tool(effect="send", public=True, ends="escalated")
def pass_to_a_person(ctx: Context, summary: Prose) -> str:
    """Leave the ticket that was filed to a person, who gets the summary, and give its number."""
    there = open_of(ctx.session, ctx.case_id)
    ticket = there[0] if there else _ticket(ctx, "general", "high", f"Handed over by {ctx.agent}", summary)
    sum_up(ticket, summary)
    return ticket.number


def _wrote(ticket: Ticket) -> str:
    """What the customer wrote, which stands at the end of a summary."""
    return ticket.summary.rpartition(WROTE)[2]


def _ticket(ctx: Context, department: str, priority: str, subject: str, summary: str, **contact: str | None) -> Ticket:
    values = {"department": department, "priority": priority, "subject": subject, "summary": summary, **contact}
    return opened(ctx.session, ctx.key, ctx.case_id, {"customer_id": ctx.customer_id, **values})
