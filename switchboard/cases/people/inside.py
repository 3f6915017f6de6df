"""What is told among operators about a case, beside its entries: no run, prompt, customer or program comes by it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from switchboard.cases.tables import EntryRow, NoteRow, clock
from switchboard.cases.words.rows import keep_words
from switchboard.errors import OperatorError
from switchboard.events.masking import spoken
from switchboard.loop.recording.words import MOST_WORDS
from switchboard.tickets.rows import MOST_RESOLUTION

MOST_NOTES, MOST_WHY = 500, MOST_RESOLUTION
"""Notes on a case; characters of a reason, whoever gives it, for what and where."""


def reason(why: str, otherwise: str = "") -> str:
    """Why somebody does something. Raises OperatorError where they say more than is kept, and where they do not say and
    `otherwise` tells them to.
    """
    why = spoken(why).replace("\r\n", "\n")
    if not why and otherwise:
        raise OperatorError(otherwise)
    if len(why) > MOST_WHY:
        raise OperatorError(f"A reason has at most {MOST_WHY:,} characters, and this one has {len(why):,}. Nothing was done.")
    return why


def words(text: str) -> str:
    """What an operator says to customers or agents. Raises OperatorError where it is more than a message holds."""
    text = spoken(text)
    if len(text) > MOST_WORDS:
        raise OperatorError(f"That has more than {MOST_WORDS:,} characters. Send the part that matters. Nothing was done.")
    return text


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
