"""Forking: a case goes on from one of its entries as a new case, with other words or with today's code.

What is before that entry is copied with its recorded steps, so no model is paid and no tool run again for it. What comes after
is new: whatever changes something waits for an operator, since it may have been done in the case that was forked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.cases.cases import RunRef
from switchboard.cases.documents import find
from switchboard.cases.entries import STEP, Kept, add
from switchboard.cases.people import inside
from switchboard.cases.people.tried import FORKED
from switchboard.cases.replay import rebuilt_until
from switchboard.cases.runs import read_run
from switchboard.cases.sealed.rows import EDITED, run_fits, seal_case, seal_run
from switchboard.cases.tables import CaseRow, EntryRow, RunRow, clock
from switchboard.declare.beginnings import Answered, Words, as_data, beginning_from
from switchboard.declare.document import Document
from switchboard.declare.flow import CUSTOMER, OPERATOR
from switchboard.declare.human import Prepared
from switchboard.declare.outcomes import HumanOutcome, outcome_from
from switchboard.declare.transcript import Entry, entry_from
from switchboard.errors import OperatorError
from switchboard.events.stream import Listener
from switchboard.loop.drive import new_id
from switchboard.service.place import Place, work

if TYPE_CHECKING:
    from switchboard.engine.worker import Worker


@dataclass(frozen=True)
class Numbered:
    """A line of a case that it can be forked from, with its number."""

    number: int
    entry: Entry


def lines(place: Place, case_id: str) -> list[Numbered]:
    """The lines of a case, with the numbers that `fork` takes."""
    with Session(place.engine.execution_options(reading=True)) as session:
        row = _forkable(session, case_id)
        query = select(EntryRow.n, EntryRow.data).where(EntryRow.case_id == row.id, EntryRow.kind != STEP)
        return [Numbered(n, entry_from(data)) for n, data in session.execute(query.order_by(EntryRow.n))]


def fork(
    place: Place,
    case_id: str,
    number: int,
    words: str = "",
    listener: Listener | None = None,
    operator: str = OPERATOR,
) -> Document:
    """Go on from an entry of a case as a new one; `words` stand in place of the customer's at that entry.

    Raises OperatorError where it cannot be forked there, with what would work.
    """
    with place.worker() as worker:
        ref = _forked(place, worker, case_id, number, inside.words(words), operator, worker.workflows.executor)
        return work(worker, ref, listener)


def fork_on_queue(place: Place, case_id: str, number: int, words: str, operator: str) -> str:
    """The same for who waits for no agents: whoever takes cases goes on with the new one. Returns its id."""
    with place.worker() as worker:
        return _forked(place, worker, case_id, number, inside.words(words), operator, None).case_id


def _forked(place: Place, worker: "Worker", case_id: str, number: int, words: str, operator: str, owner: str | None) -> RunRef:
    """Write the new case. Its newest run is the one that the entry is in, recorded up to there."""
    engine = place.engine
    with Session(engine.execution_options(reading=True)) as session:
        source = _forkable(session, case_id)
        entry = session.get(EntryRow, (source.id, number))
        if entry is None or entry.kind == STEP:
            raise OperatorError(f"{source.id} has no line {number}. `switchboard fork {source.id}` lists them.")
        if session.get(RunRow, (source.id, entry.run)) is None:
            raise OperatorError(f"{source.id} has no record of its steps there (any more), so it cannot be forked.")
    begun = read_run(engine, RunRef(source.id, entry.run))
    if begun.edited is not None:
        raise OperatorError(f"{EDITED}: it cannot be forked there.")
    kept, given = [one for one in begun.kept if one.n < number], dict(begun.row.given)
    _check_no_open_yes(source.id, begun.kept, number, given)
    new = new_id()
    opening = source.opening
    if words:
        if entry.kind != "message" or entry_from(entry.data).speaker != CUSTOMER:
            raise OperatorError(f"Line {number} is not the customer's, and only their words can be others (--with).")
        if number == begun.row.first:
            given, opening = as_data(Words(words)), words if number == 1 else opening
        elif owner is None:  # they are said by who sits at the process that works on it
            raise OperatorError(f"Line {number} was asked for within a run. Give it other words by `switchboard fork`.")
        else:
            kept = _until_asked(kept, number)
            worker.environment.humans[new] = Prepared([words])
    if why := rebuilt_until(place.environment, begun, kept, given):
        raise OperatorError(f"Today's code goes another way before line {number} ({why}). Fork from an earlier line.")
    with Session(engine) as session, session.begin():
        _write(session, owner, new, opening, RunRef(source.id, entry.run), kept, given)
        record(session, operator, FORKED, source.id, {"fork": new, "line": number} | ({"words": True} if words else {}))
    return RunRef(new, entry.run)


def _forkable(session: Session, case_id: str) -> CaseRow:
    row = find(session, case_id)
    if row.parent:
        raise OperatorError(f"{row.id} is a branch of {row.parent}. Fork {row.parent} instead.")
    if row.state is None:
        raise OperatorError(f"{row.id} was played on rows that are gone, so it cannot be forked.")
    return row


def _check_no_open_yes(case_id: str, kept: Sequence[Kept], number: int, given: dict[str, object]) -> None:
    """An operator's yes is to one call of one case: none is made on it in another. Raises OperatorError."""
    began = beginning_from(given)
    if not isinstance(began, Answered):
        return
    made = [one.n for one in kept if one.kind == "result" and one.data.get("call_id") == began.call_id]
    if not made or number <= made[0]:
        raise OperatorError(
            f"Line {number} of {case_id} stands between an operator's answer and the call that it is for, which holds for that "
            "case alone. Fork from a line before the answer, or after the call."
        )


def _until_asked(kept: Sequence[Kept], number: int) -> list[Kept]:
    """What is recorded before the customer was asked for the words of a line within a run."""
    steps = [one for one in kept if one.kind == STEP]
    if not steps or not isinstance(outcome_from(steps[-1].data), HumanOutcome):
        raise OperatorError(f"The words of line {number} were not asked for there. Fork from a line before it.")
    return [one for one in kept if one.n < steps[-1].n]


def _write(
    session: Session, owner: str | None, new: str, opening: str, at: RunRef, kept: Sequence[Kept], given: dict[str, object]
) -> None:
    """Copy the case with its runs up to the newest, of which `kept` alone."""
    source = session.get_one(CaseRow, at.case_id)
    runs = session.scalars(select(RunRow).where(RunRow.case_id == at.case_id, RunRow.number <= at.number)).all()
    newest = next(run for run in runs if run.number == at.number)
    if not run_fits(session, newest, source.team):
        raise OperatorError(f"{EDITED}: it cannot be forked there.")
    row = CaseRow(id=new, team=source.team, reason="", department=source.department, opening=opening, inbox=[])
    row.created_at, row.run, row.used, row.seconds = clock(session), at.number, newest.start["used"], 0.0
    row.state = {**newest.start, "forked": (at.case_id, kept[-1].n if kept else newest.first - 1)}
    seal_case(session, row)
    session.add(row)
    session.flush()
    for run in runs:
        copy = RunRow(case_id=new, number=run.number, first=run.first, given=run.given, start=run.start, end=run.end)
        copy.version, copy.started_at = run.version, run.started_at
        copy.attempts, copy.reached, copy.priority = 0, 0, run.priority
        if run is newest:
            copy.given, copy.start, copy.end, copy.version, copy.started_at = given, row.state, None, "", row.created_at
            copy.owner = owner
        seal_run(session, copy, source.team)
        session.add(copy)
    session.flush()
    older = select(EntryRow).where(EntryRow.case_id == at.case_id, EntryRow.run < at.number)
    names = ("n", "run", "kind", "name", "data", "at")
    rows = [{name: getattr(entry, name) for name in names} for entry in session.scalars(older)]
    now = clock(session).timestamp()
    rows += [{**one._asdict(), "run": at.number, "at": now} for one in kept]
    add(session, [{**one, "case_id": new} for one in rows])
