"""Rebuilding a run from its record: the same code on the recorded outcomes, with no model and no tool called."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from switchboard.cases.branches import branches_of
from switchboard.cases.cases import RunRef
from switchboard.cases.documents import find
from switchboard.cases.entries import STEP, Kept, Reading, steps_of
from switchboard.cases.outcomes.outcome import outcome_of
from switchboard.cases.runs import END, Begun, Environment, begin, read_run, thawed
from switchboard.cases.tables import RunRow
from switchboard.declare.beginnings import Branched
from switchboard.declare.document import Document
from switchboard.declare.outcomes import BranchEnded, GivenUp, Outcome, RunEnded, outcome_from
from switchboard.declare.transcript import FOR_PEOPLE, Entry, as_json, entry_from
from switchboard.errors import GaveUp, OperatorError
from switchboard.events.rendering import line_of
from switchboard.events.stream import Stream
from switchboard.loop.drive import drive
from switchboard.loop.journal import Amount, Diverged
from switchboard.loop.prompts.instructions import fingerprint
from switchboard.loop.state import Run
from switchboard.loop.summary import document


class RecordEnded(BaseException):
    """There is no further recorded step: the run was cut off here, or is still being worked on."""


@dataclass(frozen=True)
class Difference:
    """An entry, by its case (a branch has entries of its own) and number, in whose place today's code does something else.

    `today` is what that would be, where that is a line of the transcript. Behind one that `parts` nothing of its run can be
    compared, as the record says nothing of the other way.
    """

    case_id: str
    run: int
    n: int
    what: str
    today: str = ""
    parts: bool = False


@dataclass(frozen=True)
class Replay:
    """A rebuilt case. `differences` says where today's code goes another way, in words, and `others` which entries those are;
    `complete` whether all of it was rebuilt; `missing` are the numbers of runs that are over and have no record (any more),
    of which nothing can be said.
    """

    document: Document
    differences: tuple[str, ...]
    complete: bool
    steps: int
    missing: tuple[int, ...] = ()
    others: tuple[Difference, ...] = ()

    def is_other(self, case_id: str, run: int, n: int) -> Difference | None:
        """What today's code does in place of an entry, or already before it; None where it does the same."""
        ours = [one for one in self.others if (one.case_id, one.run) == (case_id, run)]
        return next((one for one in ours if one.n == n or (one.parts and one.n < n)), None)


class Replayed:
    """A journal that only gives back what is recorded."""

    counts = True

    def __init__(self, ref: RunRef, kept: Sequence[Kept]) -> None:
        self._reading = Reading(kept)
        self.newest = 0
        self.recorded = len(steps_of(kept))
        self.others: list[Difference] = []
        self._ref = ref

    @property
    def steps(self) -> int:
        return self._reading.steps

    def line(self, entry: Entry) -> Entry:
        """The line as it was recorded; what follows the last recorded entry is as today's code says it."""
        if self._reading.is_over:
            return entry
        try:
            kept = self._reading.line(entry)
        except Diverged as diverged:
            self.differs(self._reading.number, str(diverged), entry, parts=True)
            raise
        self.newest = kept.n
        recorded = entry_from(kept.data)
        today = json.loads(as_json(entry.document()))
        if recorded != entry and kept.data != {k: v for k, v in today.items() if k in kept.data or k not in FOR_PEOPLE}:
            self.differs(kept.n, f"entry {kept.n} would be another {entry.kind} today", entry)
        return recorded

    def differs(self, n: int, what: str, today: Entry | None = None, *, parts: bool = False) -> None:
        self.others.append(Difference(*self._ref, n, what, line_of(today).what if today else "", parts))

    def step(self, name: str, act: Callable[..., Outcome]) -> Outcome:
        if self._reading.is_over:
            raise RecordEnded
        try:
            outcome = self._reading.step(name)
        except Diverged as diverged:
            self.differs(self._reading.number, str(diverged), parts=True)
            raise
        if isinstance(gave := outcome_from(outcome), GivenUp):
            raise GaveUp(gave.gave_up)
        return outcome

    transaction = step

    def moved(self, session: Session, customer_id: str, about: str) -> int:
        return 0  # never asked: what it said is recorded

    def note(self, session: Session, call_id: str, amount: Amount) -> None:
        return None

    def unknown(self, session: Session, made: Amount, arguments: Mapping[str, Any]) -> Sequence[str]:
        return ()  # as `moved`

    def check(self) -> None:
        return None

    def wanted(self, session: Session) -> str | None:
        return None

    def branch(self, child: Run, given: Branched, work: Callable[..., Outcome]) -> Outcome:
        raise RecordEnded  # what branches came to is a recorded step of their parent, or there is none


def rebuild(environment: Environment, case_id: str) -> Replay:
    """Rebuild every run of a case, and its branches, from their record. Raises OperatorError when it has none."""
    refs = _runs_of(environment.engine, case_id)
    found: list[str] = []
    others: list[Difference] = []
    missing = [number for number in range(1, refs[-1].number) if number not in {ref.number for ref in refs}]
    steps, complete = 0, True
    for ref in refs:
        run, journal, complete = _rebuild_run(environment, ref)
        steps += journal.steps
        others += journal.others
        if not journal.recorded:
            missing += [ref.number]
        said = [one.what for one in journal.others]
        version = read_run(environment.engine, ref).row.version
        if said and version not in ("", fingerprint(run.team)):
            said.append(f"it was recorded with version {version} of the team; today's is {fingerprint(run.team)}")
        found += [f"run {ref.number}: {what}" for what in said]
    with Session(environment.engine.execution_options(reading=True)) as session:
        branches = branches_of(session, [refs[0].case_id])
        outcome = outcome_of(session, refs[0].case_id).as_data()  # which is the rows', and no record's
    for branch in branches:
        ref = RunRef(branch.case_id, 1)
        part, journal, is_over = _rebuild_run(environment, ref)
        if is_over and _counts_in(read_run(environment.engine, ref)) == refs[-1].number:
            run.used.add(part.used)
        steps += journal.steps
        others += journal.others
        found += [f"branch {branch.case_id}: {one.what}" for one in journal.others]
    if len(missing) == refs[-1].number:
        raise OperatorError(f"{refs[0].case_id} has no record of its steps (any more). There is nothing to replay.")
    rebuilt: Document = {**document(run), "outcome": outcome}
    return Replay(rebuilt, tuple(found), complete and not found and not missing, steps, tuple(missing), tuple(others))


def _counts_in(begun: Begun) -> int | None:
    """The run of its case behind whose beginning it counts what a suggestion took; None of other branches."""
    of, ended = begun.row.given.get("run"), outcome_from(begun.kept[-1].data)
    return ended.counts_in or of if isinstance(ended, RunEnded) else None  # before it was recorded, the one that it began in


def _rebuild_run(environment: Environment, ref: RunRef) -> tuple[Run, Replayed, bool]:
    """A run rebuilt, with what is other in it, and whether all of it was."""
    begun = read_run(environment.engine, ref)
    journal = Replayed(ref, begun.kept)
    run = thawed(replace(environment, stream=Stream()), ref, begun, journal)
    try:
        drive(run, lambda: begin(run, begun.row.given))
        gave = outcome_from(journal.step(END, dict))
        ended = gave.entry.end if isinstance(gave, BranchEnded) else RunEnded.from_data(gave.as_data()).end
        complete = True
    except (Diverged, RecordEnded):
        ended, complete = "", False
    if complete and ended not in (run.end, "escalated"):
        journal.differs(begun.kept[-1].n, f"it ended {ended}, and today it would {run.end}")
    for before, what in run.differences:
        journal.differs(next((one.n for one in begun.kept if one.n > before and one.kind != STEP), before), what)
    return run, journal, complete


def rebuilt_until(environment: Environment, begun: Begun, kept: Sequence[Kept], given: Mapping[str, Any]) -> str:
    """Where today's code goes another way than what is recorded of the beginning of a run, or ""."""
    ref = RunRef(begun.row.case_id, begun.row.number)
    run = thawed(replace(environment, stream=Stream()), ref, begun, Replayed(ref, kept))
    try:
        drive(run, lambda: begin(run, given))
    except Diverged as diverged:
        return str(diverged)
    except RecordEnded:
        pass
    return ""


def _runs_of(engine: Engine, case_id: str) -> list[RunRef]:
    with Session(engine.execution_options(reading=True)) as session:
        row = find(session, case_id)
        numbers = session.scalars(select(RunRow.number).where(RunRow.case_id == row.id).order_by(RunRow.number)).all()
        if not numbers:
            raise OperatorError(f"{row.id} has no record of its steps (any more). There is nothing to replay.")
        return [RunRef(row.id, number) for number in numbers]
