"""Somebody else who writes in a customer's conversation: a person sees to it, as the desk is silent there from then on."""

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.cases.intake import cases_of
from switchboard.cases.tables import CaseRow, clock
from switchboard.database import for_a_while
from switchboard.tickets.rows import opened

SUBJECT = "Somebody else writes in a customer's conversation"


@for_a_while
def tell_of_others(engine: Engine, channel: str, conversation: str, messages: Sequence[str]) -> None:
    """Open a ticket, once for a conversation, on the case of the newest of these messages that has one. Without a case the
    conversation is as one that the desk was never given.
    """
    cases = cases_of(engine, messages)
    case_id = next((cases[one] for one in reversed(messages) if one in cases), None)
    if case_id is None:
        return
    summary = f"In conversation {conversation} of {channel} not only its customer writes. The desk is silent: answer there."
    with suppress(IntegrityError), Session(engine) as session, session.begin():  # of two processes one opens it
        department = session.get_one(CaseRow, case_id).department or "-"
        values = {"department": department, "priority": "medium", "subject": SUBJECT, "summary": summary}
        opened(session, f"{channel}:{conversation}:others", case_id, {**values, "created_at": clock(session)})
