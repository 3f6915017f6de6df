"""What can pay is sealed: calls that wait in a case, what began a run, a call that operators are asked about, their answers.

Who edits one of these rows in the database has no key to seal it anew, so it does not fit, and no call is made from it. What is
made of a row that does not fit, such as the next run of its case, fits no more either, until a person has looked at it.

What is recorded (`entries`) is sealed, too: a run does not begin, and is not taken up again, on a line or a step that does not
fit. That one was taken out at the end is not seen; what it was the effect of is then done again, under the same key.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Engine, ScalarResult, bindparam, exists, select, tuple_, update
from sqlalchemy.orm import Session

from switchboard.accounts.seals import BROKEN, fits, is_sealed, seal
from switchboard.cases.entries import SEALED, TABLE, sealed_in
from switchboard.cases.tables import ApprovalRow, CaseRow, EntryRow, OpinionRow, RunRow
from switchboard.errors import OperatorError

Row = TypeVar("Row", CaseRow, RunRow, ApprovalRow)
BATCH = 200
RECORDS_SEALED, BEFORE = "run of sealed entries", "run"
"""What the seal of a run says of its entries: that they are sealed as well, or that it began before any were."""
ENTRIES = select(*(getattr(EntryRow, name) for name in (*SEALED, "seal"))).order_by(EntryRow.n)
SEAL_ENTRY = (
    update(TABLE)  # type: ignore[arg-type]
    .where(EntryRow.case_id == bindparam("of"), EntryRow.n == bindparam("number"))
    .values(seal=bindparam("made"))
)
IS_LEFT = ~exists().where(RunRow.case_id == EntryRow.case_id, RunRow.number == EntryRow.run)
EDITED = "Its rows were edited in the database, by nobody whom the desk knows, so nothing is done upon them"


class Left(NamedTuple):
    """A batch of what is left: the ids of its cases, and the seal of all that it held when it was read."""

    cases: list[str]
    seal: str


def case_fits(session: Session, row: CaseRow) -> bool:
    """Whether a case stands as its last run left it: with the same calls, and the same customer."""
    return fits(session, row.seal, *_of_case(row))


def seal_case(session: Session, row: CaseRow, *, holds: bool = True) -> None:
    """Seal a case as it stands; where it does not hold what we wrote, have it fit never."""
    row.seal = seal(session, *_of_case(row)) if holds else BROKEN


def run_fits(asked: Session | Engine, row: RunRow, team: str) -> bool:
    """Whether a run of a team begins with what it was given, which may be an operator's yes."""
    return any(fits(asked, row.seal, *_of_run(row, team, kind)) for kind in (RECORDS_SEALED, BEFORE))


def edited_entry(session: Session, case_id: str, team: str) -> int | None:
    """The number of the first entry of a case that does not hold what was recorded; None where all do, or there is no key.

    Of runs that began before entries were sealed none is looked at.
    """
    if not is_sealed(session.get_bind().engine):
        return None
    runs = session.scalars(select(RunRow).where(RunRow.case_id == case_id))
    before = {run.number for run in runs if fits(session, run.seal, *_of_run(run, team, BEFORE))}
    for row in session.execute(ENTRIES.where(EntryRow.case_id == case_id)):
        if row.run not in before and not fits(session, row.seal, *sealed_in(row._asdict())):
            return int(row.n)
    return None


def seal_run(session: Session, row: RunRow, team: str, *, holds: bool = True) -> None:
    """Seal what began a run; where that does not hold what we wrote, have it fit never."""
    row.seal = seal(session, *_of_run(row, team, RECORDS_SEALED)) if holds else BROKEN


def seal_approval(session: Session, row: ApprovalRow) -> None:
    row.seal = seal(session, *_of_approval(row))


def seal_opinion(session: Session, row: OpinionRow) -> None:
    row.seal = seal(session, *_of_opinion(row))


def check_answerable(session: Session, case: CaseRow, asked: ApprovalRow, said: list[OpinionRow]) -> None:
    """Raises OperatorError where a yes would be to something else than the operator sees, or not all have said it who did."""
    is_whole = case_fits(session, case) and fits(session, asked.seal, *_of_approval(asked))
    if not is_whole or not all(fits(session, one.seal, *_of_opinion(one)) for one in said):
        raise OperatorError(
            f"{EDITED}: nobody can approve a call of {case.id}. Refuse it, or look at all of it and run "
            f"`switchboard seal {case.id}`."
        )


def seal_all(session: Session, case_id: str | None = None) -> int:
    """Seal all cases as they stand now, or one. Returns how many that is."""
    ids = [case_id] if case_id else list(session.scalars(select(CaseRow.id)))
    for some in batches(ids):
        for row in _held(session, CaseRow, CaseRow.id.in_(some)):
            seal_case(session, row)
            for run in _held(session, RunRow, RunRow.case_id == row.id):
                seal_run(session, run, row.team)
            seal_entries(session, EntryRow.case_id == row.id)
            for asked in _held(session, ApprovalRow, ApprovalRow.case_id == row.id, ApprovalRow.state == "open"):
                seal_approval(session, asked)
                for opinion in session.scalars(select(OpinionRow).where(OpinionRow.approval_id == asked.id)):
                    seal_opinion(session, opinion)
        session.flush()
        session.expunge_all()
    return len(ids)


def seal_entries(session: Session, *which: ColumnElement[bool]) -> None:
    """Seal what is recorded as it stands now."""
    entries = [row._asdict() for row in session.execute(ENTRIES.where(*which))]
    made = [{"of": one["case_id"], "number": one["n"], "made": seal(session, *sealed_in(one))} for one in entries]
    if made:
        session.connection().execute(SEAL_ENTRY, made)


def seal_before_forgetting(session: Session, case_ids: Sequence[str]) -> None:
    """Before the runs of cases are deleted: seal the entries of those that began before any were; only rows of runs tell it."""
    if not is_sealed(session.get_bind().engine):
        return
    query = select(RunRow, CaseRow.team).join(CaseRow, CaseRow.id == RunRow.case_id).where(RunRow.case_id.in_(case_ids))
    runs = session.execute(query)
    before = [(run.case_id, run.number) for run, team in runs if fits(session, run.seal, *_of_run(run, team, BEFORE))]
    for some in batches(before):
        seal_entries(session, tuple_(EntryRow.case_id, EntryRow.run).in_(some), EntryRow.seal.is_(None))


def read_left(session: Session) -> list[Left]:
    """What is left of runs that were deleted before entries were sealed, as it is read now, in batches of cases: no row tells
    any more that it is so old. Where an entry is sealed already, one that is not may be an edited one, and none is left.
    """
    if is_any_entry_sealed(session):
        return []
    cases = session.scalars(select(EntryRow.case_id).where(IS_LEFT).distinct().order_by(EntryRow.case_id)).all()
    return [Left(list(some), seal(session, *_of_left(session, some)) or "") for some in batches(cases)]


def is_any_entry_sealed(session: Session) -> bool:
    return session.scalar(select(EntryRow.n).where(EntryRow.seal.is_not(None)).limit(1)) is not None


def seal_left(session: Session, left: Left) -> None:
    """Seal a batch of what was left. Where something of it is other than it was read, all of it stays as it is."""
    if fits(session, left.seal, *_of_left(session, left.cases)):
        seal_entries(session, EntryRow.case_id.in_(left.cases), IS_LEFT, EntryRow.seal.is_(None))


def _of_left(session: Session, cases: Sequence[str]) -> tuple[object, ...]:
    which = (EntryRow.case_id.in_(cases), IS_LEFT, EntryRow.seal.is_(None))
    found = session.execute(ENTRIES.where(*which).order_by(None).order_by(EntryRow.case_id, EntryRow.n))
    return "left of runs", [sealed_in(row._asdict()) for row in found]


def _held(session: Session, kind: type[Row], *which: ColumnElement[bool]) -> ScalarResult[Row]:
    """Rows as they are by now, which nobody changes until they are sealed."""
    return session.scalars(select(kind).where(*which).with_for_update().execution_options(populate_existing=True))


def batches(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(ids), BATCH):
        yield ids[first : first + BATCH]


def _of_case(row: CaseRow) -> tuple[object, ...]:
    return "case", row.id, row.team, row.run, row.state


def _of_run(row: RunRow, team: str, kind: str) -> tuple[object, ...]:
    return kind, team, row.case_id, row.number, row.first, row.given, row.start


def _of_approval(row: ApprovalRow) -> tuple[object, ...]:
    its = (row.agent, row.tool, row.arguments, row.arguments_hash, row.why, row.operators)
    return "approval", row.id, row.case_id, row.call_id, *its


def _of_opinion(row: OpinionRow) -> tuple[object, ...]:
    return "opinion", row.approval_id, row.operator, row.answer, row.reason, row.arguments
