"""The tool that leaves an answer to a person, who edits and sends it: what an agent of a department with `drafts` does."""

from typing import Annotated

from pydantic import Field

from switchboard.declare.tool import Context, tool
from switchboard.tickets.drafts import of_answers
from switchboard.tickets.rows import MOST_SUBJECT, opened

MOST_DRAFT = 100_000
"""Characters of a draft: no answer that rules put together from articles is longer, and a person reads it whole."""
Answer = Annotated[str, Field(min_length=1, max_length=MOST_DRAFT, description="The answer, as the customer is to read it.")]


@tool(effect="send", public=True, ends="escalated")
def suggest_answer(answer: Answer, ctx: Context | None = None) -> str:
    """Leave an answer to a person, who edits and sends it. A second one of the same case stands below the first."""
    if ctx is None:
        return ""
    there = of_answers(ctx.session, ctx.case_id)
    values = {"customer_id": ctx.customer_id, "contact_email": ctx.known.get("email"), "department": ctx.agent}
    values |= {"priority": "medium", "subject": answer[:MOST_SUBJECT], "summary": ctx.case or answer}
    ticket = there or opened(ctx.session, ctx.key, ctx.case_id, values)
    ticket.draft = f"{ticket.draft}\n\n{answer}" if ticket.draft else answer
    ctx.session.flush()
    return ticket.number
