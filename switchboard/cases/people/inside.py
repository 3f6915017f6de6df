"""What is told among operators about a case, beside its entries: no run, prompt, customer or program comes by it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from switchboard.cases.tables import EntryRow, NoteRow, clock
from switchboard.cases.words.rows import keep_words
from switchboard.errors import OperatorError
from switchboard.events.masking import spoken

MOST_NOTES, MOST_WHY = 500, 2000


def reason(why: str, otherwise: str) -> str:
    """Why an operator does something. Raises OperatorError where they do not say, or say more than is kept."""
    if not (why := spoken(why)):
        raise OperatorError(otherwise)
    if len(why) > MOST_WHY:
        raise OperatorError(f"Why has at most {MOST_WHY:,} characters. Nothing was done.")
    return why


def has_room(session: Session, case_id: str) -> bool:
    """Whether a case may have one more note."""
    return (session.scalar(select(func.count()).where(NoteRow.case_id == case_id)) or 0) < MOST_NOTES


def keep_note(session: Session, case_id: str, operator: str, text: str) -> NoteRow:
    """Write a note where the case has come to, also while agents work on it: it takes no number of theirs."""
    newest = session.scalar(select(func.max(EntryRow.n)).where(EntryRow.case_id == case_id)) or 0
    row = NoteRow(case_id=case_id, after=newest, text=text, by=operator, at=clock(session))
    session.add(row)
    session.flush()
    keep_words(session, [(case_id, [text])], internal=True)
    return row
