"""What has changed: marks of cases and of the queue, which are others after a change, and lines after one that was seen.

Whoever shows pages compares marks, so it hears of what other processes do, too.
"""

from collections.abc import Collection, Hashable
from typing import NamedTuple

from sqlalchemy import BigInteger, Engine, Text, cast, func, select
from sqlalchemy.orm import Session, aliased

from switchboard.accounts.audit import audit
from switchboard.cases.documents import find
from switchboard.cases.entries import STEP
from switchboard.cases.tables import ApprovalRow, CaseRow, EntryRow, NoteRow, OpinionRow, RunRow
from switchboard.declare.transcript import Entry, entry_from
from switchboard.tickets.rows import OPEN, Ticket

Mark = Hashable


class LineAt(NamedTuple):
    """A line of a case with its entry's number, and when it was written, in seconds since the epoch."""

    number: int
    at: float
    entry: Entry


def lines_after(engine: Engine, case_id: str, number: int = 0) -> list[LineAt]:
    """The lines of a case after an entry's number. That a call waited, in a run before the newest one, is left out.

    Raises OperatorError where there is no such case.
    """
    with Session(engine.execution_options(reading=True)) as session:
        row = find(session, case_id)
        query = select(EntryRow.n, EntryRow.run, EntryRow.at, EntryRow.data).where(EntryRow.case_id == row.id)
        found = session.execute(query.where(EntryRow.n > number, EntryRow.kind != STEP).order_by(EntryRow.n))
        return [
            LineAt(n, at, entry_from(data)) for n, run, at, data in found if run == row.run or data.get("status") != "waiting"
        ]


class CaseMark(NamedTuple):
    """How a case stands, its newest entry and note, its opinions, its open tickets and their drafts, and what is under it."""

    run: int
    end: str | None
    held_by: str | None
    cancelled_by: str | None
    unheard: int
    newest: int | None
    opinions: int
    tickets: int
    note: int | None
    drafts: int
    under: int


def marks_of(engine: Engine, case_ids: Collection[str]) -> dict[str, CaseMark]:
    """By the ids of cases a mark of each."""
    newest = select(func.max(EntryRow.n)).where(EntryRow.case_id == CaseRow.id).correlate(CaseRow).scalar_subquery()
    said = select(func.count()).select_from(OpinionRow).join(ApprovalRow, ApprovalRow.id == OpinionRow.approval_id)
    opinions = said.where(ApprovalRow.case_id == CaseRow.id).correlate(CaseRow).scalar_subquery()
    tickets = select(func.count()).where(Ticket.case_id == CaseRow.id, Ticket.status == OPEN).correlate(CaseRow)
    columns = (CaseRow.run, CaseRow.end, CaseRow.held_by, CaseRow.cancelled_by, func.length(cast(CaseRow.inbox, Text)))
    noted = select(func.max(NoteRow.id)).where(NoteRow.case_id == CaseRow.id).correlate(CaseRow).scalar_subquery()
    drafts, child = tickets.where(Ticket.draft.is_not(None)).scalar_subquery(), aliased(CaseRow)
    begun_or_over = select(func.count(child.id) + func.count(child.end)).where(child.parent == CaseRow.id).correlate(CaseRow)
    more = (tickets.scalar_subquery(), noted, drafts, begun_or_over.scalar_subquery())
    query = select(CaseRow.id, *columns, newest, opinions, *more)
    with Session(engine.execution_options(reading=True)) as session:
        return {str(row[0]): CaseMark(*row[1:]) for row in session.execute(query.where(CaseRow.id.in_(case_ids)))}


def mark_of_queue(engine: Engine) -> Mark:
    """A mark of all cases together: another one when a run begins or ends, a call waits, a ticket is opened or settled, a note
    is kept, a customer writes to people, or these do anything.

    It is asked for all the time: each part is the end of an index or a range of one, but for what is with somebody by name, for
    which the cases are looked through.
    """
    newest = select(func.max(EntryRow.n)).where(EntryRow.case_id == CaseRow.id).correlate(CaseRow).scalar_subquery()
    asked = (
        select(func.max(RunRow.started_at)),
        select(func.count()).where(CaseRow.end.is_(None)),
        select(func.count()).where(ApprovalRow.state == "open"),
        select(func.max(OpinionRow.said_at)),
        select(func.max(Ticket.id)),
        select(func.count()).where(Ticket.status == OPEN),
        select(func.sum(cast(Ticket.look_at * 10, BigInteger))).where(Ticket.status == OPEN),  # set on as its customer writes
        select(func.sum(func.coalesce(newest, 0) + 1)).where(CaseRow.held_by.is_not(None)),
        select(func.max(NoteRow.id)),
        select(func.max(audit.c.number)),
    )
    with Session(engine.execution_options(reading=True)) as session:
        return tuple(session.execute(select(*(query.scalar_subquery() for query in asked))).one())
