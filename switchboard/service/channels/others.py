"""What a person must see to in a conversation, by a ticket: somebody else writes there, or is sent copies; or an answer was
left to people there, from whom the customer must hear it.
"""

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.cases.channels.rows import AnswerRow
from switchboard.cases.intake import cases_of
from switchboard.cases.tables import CaseRow, clock
from switchboard.database import for_a_while
from switchboard.tickets.rows import open_of, opened

OTHERS = "Somebody else writes in a customer's conversation"
COPIES = "Somebody else is sent copies of a customer's conversation"
LEFT = "An answer to the customer is an internal note at the help desk"
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


@for_a_while
def tell_of_note(engine: Engine, channel: str, conversation: str, key: str) -> None:
    """Open a ticket, one at a time for a case, on an answer, by its key, that people have to give the customer."""
    why = "somebody has it or has answered, or not only its customer writes there. The customer must hear it from them."
    summary = f"In conversation {conversation} of {channel} an answer is left as an internal note, as {why}"
    with suppress(IntegrityError), Session(engine) as session, session.begin():  # of two processes one opens it
        case_id = session.scalars(select(AnswerRow.case_id).where(AnswerRow.key == key)).one()
        case = session.get_one(CaseRow, case_id)
        if not any(one.subject == LEFT for one in open_of(session, case_id)):
            values = {"department": case.department or "-", "priority": "medium", "subject": LEFT, "summary": summary}
            opened(session, f"{channel}:{key}:note", case_id, {**values, "created_at": clock(session)})
