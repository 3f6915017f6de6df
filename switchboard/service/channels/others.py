"""Somebody else who writes in a customer's conversation, or is sent copies of it: a person sees to it by a ticket."""

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.cases.intake import cases_of
from switchboard.cases.tables import CaseRow, clock
from switchboard.database import for_a_while
from switchboard.tickets.rows import opened

OTHERS = "Somebody else writes in a customer's conversation"
COPIES = "Somebody else is sent copies of a customer's conversation"
SAID = {
    OTHERS: ("others", "not only its customer writes. The desk is silent: answer there."),
    COPIES: ("copies", "others are in copy. The desk's answers are internal notes: send what is for all of them."),
}


@for_a_while
def tell_of_others(engine: Engine, channel: str, conversation: str, messages: Sequence[str], subject: str) -> bool:
    """Open a ticket, once for a conversation, on the case of the newest of these messages that has one; False if none has."""
    cases = cases_of(engine, messages)
    case_id = next((cases[one] for one in reversed(messages) if one in cases), None)
    if case_id is None:
        return False
    name, why = SAID[subject]
    summary = f"In conversation {conversation} of {channel} {why}"
    with suppress(IntegrityError), Session(engine) as session, session.begin():  # of two processes one opens it
        department = session.get_one(CaseRow, case_id).department or "-"
        values = {"department": department, "priority": "medium", "subject": subject, "summary": summary}
        opened(session, f"{channel}:{conversation}:{name}", case_id, {**values, "created_at": clock(session)})
    return True
