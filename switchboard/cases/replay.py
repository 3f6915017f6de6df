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
from switchboard.cases.entries import Kept, Reading, steps_of
from switchboard.cases.runs import END, Begun, Environment, begin, read_run, thawed
from switchboard.cases.tables import RunRow
from switchboard.declare.beginnings import Branched
from switchboard.declare.document import Document
from switchboard.declare.outcomes import BranchEnded, GivenUp, Outcome, RunEnded, outcome_from
from switchboard.declare.transcript import Entry, as_json, entry_from
from switchboard.errors import GaveUp, OperatorError
from switchboard.events.stream import Stream
from switchboard.loop.drive import drive
from switchboard.loop.journal import Amount, Diverged
from switchboard.loop.prompts.instructions import fingerprint
from switchboard.loop.state import Run
from switchboard.loop.summary import document


class RecordEnded(BaseException):
    """There is no further recorded step: the run was cut off here, or is still being worked on."""


@dataclass(frozen=True)
class Replay:
    """A rebuilt case. `differences` says where today's code goes another way; `complete` whether all of it was rebuilt;
    `missing` are the numbers of runs that are over and have no record (any more), of which nothing can be said.
    """

    document: Document
    differences: tuple[str, ...]
    complete: bool
    steps: int
    missing: tuple[int, ...] = ()


class Replayed:
    """A journal that only gives back what is recorded."""

    counts = True

    def __init__(self, kept: Sequence[Kept]) -> None:
        self._reading = Reading(kept)
        self.newest = 0
        self.recorded = len(steps_of(kept))
        self.differences: list[str] = []

    @property
    def steps(self) -> int:
        return self._reading.steps

    def line(self, entry: Entry) -> Entry:
        """The line as it was recorded; what follows the last recorded entry is as today's code says it."""
        if self._reading.is_over:
            return entry
        kept = self._reading.line(entry)
        self.newest = kept.n
        recorded = entry_from(kept.data)
        if recorded != entry and kept.data != json.loads(as_json(entry.document())):
            self.differences.append(f"entry {kept.n} would be another {entry.kind} today")
        return recorded

    def step(self, name: str, act: Callable[..., Outcome]) -> Outcome:
        if self._reading.is_over:
            raise RecordEnded
        outcome = self._reading.step(name)
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
    missing = [number for number in range(1, refs[-1].number) if number not in {ref.number for ref in refs}]
    steps, complete = 0, True
    for ref in refs:
        run, journal, trouble, complete = _rebuild_run(environment, ref)
        steps += journal.steps
        if not journal.recorded:
            missing += [ref.number]
        said = [*trouble, *journal.differences, *run.differences]
        version = read_run(environment.engine, ref).row.version
        if said and version not in ("", fingerprint(run.team)):
            said.append(f"it was recorded with version {version} of the team; today's is {fingerprint(run.team)}")
        found += [f"run {ref.number}: {what}" for what in said]
    with Session(environment.engine.execution_options(reading=True)) as session:
        branches = branches_of(session, [refs[0].case_id])
    for branch in branches:
        child, journal, trouble, _ = _rebuild_run(environment, RunRef(branch.case_id, 1))
        steps += journal.steps
        said = [*trouble, *journal.differences, *child.differences]
        found += [f"branch {branch.case_id}: {what}" for what in said]
    if len(missing) == refs[-1].number:
        raise OperatorError(f"{refs[0].case_id} has no record of its steps (any more). There is nothing to replay.")
    return Replay(document(run), tuple(found), complete and not found and not missing, steps, tuple(missing))


def _rebuild_run(environment: Environment, ref: RunRef) -> tuple[Run, Replayed, list[str], bool]:
    begun = read_run(environment.engine, ref)
    journal = Replayed(begun.kept)
    run = thawed(replace(environment, stream=Stream()), ref, begun, journal)
    try:
        drive(run, lambda: begin(run, begun.row.given))
        gave = outcome_from(journal.step(END, dict))
        ended = gave.entry.end if isinstance(gave, BranchEnded) else RunEnded.from_data(gave.as_data()).end
    except Diverged as diverged:
        return run, journal, [str(diverged)], False
    except RecordEnded:
        return run, journal, [], False
    trouble = [] if ended in (run.end, "escalated") else [f"it ended {ended}, and today it would {run.end}"]
    return run, journal, trouble, True


def rebuilt_until(environment: Environment, begun: Begun, kept: Sequence[Kept], given: Mapping[str, Any]) -> str:
    """Where today's code goes another way than what is recorded of the beginning of a run, or ""."""
    ref = RunRef(begun.row.case_id, begun.row.number)
    run = thawed(replace(environment, stream=Stream()), ref, begun, Replayed(kept))
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
