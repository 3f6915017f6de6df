"""Internal notes: what operators write to each other about a case, which no customer, no model and no program is given."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.cases.documents import find
from switchboard.cases.people.inside import MOST_NOTES, has_room, keep_note
from switchboard.cases.tables import NoteRow, utc
from switchboard.errors import OperatorError
from switchboard.events.masking import spoken
from switchboard.service.accounts.people import Rows

MOST_NOTE = 5000


@dataclass(frozen=True)
class Note:
    """A note, which was written when the case had come as far as the entry `after`. The moment is in UTC."""

    number: int
    case_id: str
    after: int
    text: str
    by: str
    at: datetime


def add_note(place: Rows, case_id: str, operator: str, text: str) -> Note:
    """Keep a note on a case, however it stands. The audit log says who wrote one, and not what.

    Raises OperatorError where it is empty or too long, or the case has very many.
    """
    text = spoken(text).replace("\r\n", "\n")
    if not text:
        raise OperatorError("The note is empty.")
    if len(text) > MOST_NOTE:
        raise OperatorError(f"A note has at most {MOST_NOTE:,} characters. This one has {len(text):,}, and was not kept.")
    with Session(place.engine) as session, session.begin():
        case_id = find(session, case_id).id
        if not has_room(session, case_id):
            raise OperatorError(f"{case_id} has {MOST_NOTES} notes already. Nothing was kept.")
        row = keep_note(session, case_id, operator, text)
        found = _note(row)
        record(session, operator, "wrote a note", case_id, {"note": row.id})
    return found


def notes_of(place: Rows, case_id: str, beyond: int = 0) -> list[Note]:
    """The notes on a case, by its whole id, the oldest first: those with a number beyond one that was seen."""
    query = select(NoteRow).where(NoteRow.case_id == case_id, NoteRow.id > beyond).order_by(NoteRow.id)
    with Session(place.engine.execution_options(reading=True)) as session:
        return [_note(row) for row in session.scalars(query)]


def _note(row: NoteRow) -> Note:
    return Note(row.id, row.case_id, row.after, row.text, row.by, utc(row.at))
