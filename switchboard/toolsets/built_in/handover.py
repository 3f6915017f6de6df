"""The tool that leaves a case with a person, for projects that have none of their own: a ticket holds the summary."""

from typing import Annotated

from pydantic import Field

from switchboard.declare.tool import Context, tool
from switchboard.tickets.rows import MOST_SUBJECT, open_of, opened, sum_up

Summary = Annotated[str, Field(min_length=1, max_length=8000, description="What a person must know, in a few sentences.")]


@tool(effect="send", public=True, ends="escalated")
def hand_over_to_a_person(summary: Summary, ctx: Context | None = None) -> str:
    """Hand the customer over to a person, who gets the summary: when asked for one, or when nothing else can help."""
    if ctx is None:
        return ""
    values = {"customer_id": ctx.customer_id, "contact_email": ctx.known.get("email"), "department": ctx.agent}
    values |= {"priority": "medium", "subject": summary[:MOST_SUBJECT], "summary": summary}
    there = open_of(ctx.session, ctx.case_id)
    ticket = there[0] if there else opened(ctx.session, ctx.key, ctx.case_id, values)
    sum_up(ticket, summary)
    return ticket.number  # the customer hears it in their own language, as the library says it
