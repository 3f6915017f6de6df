"""What is told among operators about a case, beside its entries: no run, prompt, customer or program comes by it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from switchboard.cases.tables import EntryRow, NoteRow, clock
from switchboard.cases.words.rows import keep_words


def keep_note(session: Session, case_id: str, operator: str, text: str) -> NoteRow:
    """Write a note where the case has come to, also while agents work on it: it takes no number of theirs."""
    newest = session.scalar(select(func.max(EntryRow.n)).where(EntryRow.case_id == case_id)) or 0
    row = NoteRow(case_id=case_id, after=newest, text=text, by=operator, at=clock(session))
    session.add(row)
    session.flush()
    keep_words(session, [(case_id, [text])], internal=True)
    return row
