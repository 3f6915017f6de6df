"""What of a case somebody has seen, and which cases have gone on since."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.cases.tables import EntryRow, NoteRow, SeenRow
from switchboard.characters import normal
from switchboard.database import worth_no_failure
from switchboard.service.accounts.people import Rows
from switchboard.service.watching.queue import QueuedCase

OF_THEMSELVES = ("running", "done")
"""What agents do, and have settled, without anybody: it is unread for those alone who have opened it before."""


def see(place: Rows, who: str, case_id: str) -> None:
    """Keep that somebody has opened a case, by its whole id, as far as it has come. What is kept already is not written, and
    where nothing can be written it is read all the same.
    """
    with Session(place.engine.execution_options(reading=True)) as session:
        newest, kept = _newest(session, case_id), session.get(SeenRow, (normal(who), case_id))
        if kept and (kept.entry, kept.note) == newest:
            return
    row = SeenRow(who=normal(who), case_id=case_id, entry=newest[0], note=newest[1])
    try:
        with worth_no_failure(f"that {who} has seen {case_id}"), Session(place.engine) as session, session.begin():
            session.merge(row)
    except IntegrityError:  # it is opened twice in this moment, and the other one keeps it
        return


def unread(place: Rows, who: str, rows: Sequence[QueuedCase]) -> set[str]:
    """Those of a page of the queue that have an entry or a note which somebody has not seen."""
    ids = [row.case_id for row in rows]
    of_entries = select(EntryRow.case_id, func.max(EntryRow.n)).where(EntryRow.case_id.in_(ids)).group_by(EntryRow.case_id)
    of_notes = select(NoteRow.case_id, func.max(NoteRow.id)).where(NoteRow.case_id.in_(ids)).group_by(NoteRow.case_id)
    of_seen = select(SeenRow).where(SeenRow.who == normal(who), SeenRow.case_id.in_(ids))
    with Session(place.engine.execution_options(reading=True)) as session:
        entries = {str(case_id): int(n) for case_id, n in session.execute(of_entries)}
        notes = {str(case_id): int(n) for case_id, n in session.execute(of_notes)}
        seen = {row.case_id: row for row in session.scalars(of_seen)}
    found = set()
    for row in rows:
        known = seen.get(row.case_id)
        if known is None:
            is_new = row.state not in OF_THEMSELVES
        else:
            is_new = entries.get(row.case_id, 0) > known.entry or notes.get(row.case_id, 0) > known.note
        found |= {row.case_id} if is_new else set()
    return found


def _newest(session: Session, case_id: str) -> tuple[int, int]:
    """The numbers of the newest entry and the newest note."""
    entry = session.scalar(select(func.max(EntryRow.n)).where(EntryRow.case_id == case_id))
    note = session.scalar(select(func.max(NoteRow.id)).where(NoteRow.case_id == case_id))
    return entry or 0, note or 0
