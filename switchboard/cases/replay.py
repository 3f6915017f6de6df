"""Rebuilding a run from its record: the same code on the recorded outcomes, with no model and no tool called."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from switchboard.cases.cases import RunRef
from switchboard.cases.documents import find
from switchboard.cases.runs import Environment, begin
from switchboard.cases.snapshot import thaw
from switchboard.cases.tables import RunRow
from switchboard.declare.outcomes import GivenUp, Outcome, RunEnded, outcome_from
from switchboard.errors import GaveUp, OperatorError
from switchboard.loop.drive import document, drive
from switchboard.loop.journal import Diverged
from switchboard.loop.prompt import fingerprint
from switchboard.loop.state import Run

Records = Sequence[tuple[str, Outcome]]


class RecordEnded(BaseException):
    """There is no further recorded step: the run was cut off here, or is still being worked on."""


@dataclass(frozen=True)
class Replay:
    """A rebuilt run. `differences` says where today's code goes another way; `complete` whether it came to its end."""

    document: dict[str, Any]
    differences: tuple[str, ...]
    complete: bool
    steps: int


class Replayed:
    """A journal that only gives back what is recorded."""

    def __init__(self, records: Records) -> None:
        self._records = list(records)
        self.used = 0

    def step(self, name: str, act: Callable[..., Outcome]) -> Outcome:
        if self.used == len(self._records):
            raise RecordEnded
        recorded, outcome = self._records[self.used]
        if recorded != name:
            raise Diverged(f"step {self.used + 1} is recorded as {recorded!r}, and today it would be {name!r}")
        self.used += 1
        if isinstance(gave := outcome_from(outcome), GivenUp):
            raise GaveUp(gave.gave_up)
        return outcome

    transaction = step

    def wanted(self, session: Session | None = None) -> str | None:
        return None

    def records(self) -> list[tuple[str, Outcome]]:
        return self._records


def rebuild(environment: Environment, case_id: str, records_of: Callable[[RunRef], Records]) -> Replay:
    """Rebuild every run of a run from its record. Raises OperatorError when the run has none."""
    case_id, team, refs = _runs_of(environment.engine, case_id)
    found: list[str] = []
    steps, complete = 0, True
    run = environment.run(case_id, team)
    for row in refs:
        records = records_of(RunRef(case_id, row.number))
        run, used, trouble, complete = _rebuild_run(environment, row, team, records)
        steps += used
        said = [*trouble, *run.differences]
        if said and row.version not in ("", fingerprint(run.team)):
            said.append(f"it was recorded with version {row.version} of the team; today's is {fingerprint(run.team)}")
        found += [f"run {row.number}: {what}" for what in said]
    return Replay(document(run), tuple(found), complete and not found, steps)


def _rebuild_run(environment: Environment, row: RunRow, team: str, records: Records) -> tuple[Run, int, list[str], bool]:
    journal = Replayed(records)
    quiet = replace(environment, watchers={})
    run = thaw(quiet.run(row.case_id, team, journal), json.loads(row.start))
    run.number = row.number
    try:
        drive(run, lambda: begin(run, json.loads(row.given)))
        ended = RunEnded.from_data(journal.step("end of run", dict)).end
    except Diverged as diverged:
        return run, journal.used, [str(diverged)], False
    except RecordEnded:
        return run, journal.used, [], False
    trouble = [] if ended in (run.end, "escalated") else [f"it ended {ended}, and today it would {run.end}"]
    return run, journal.used, trouble, True


def _runs_of(engine: Engine, case_id: str) -> tuple[str, str, list[RunRow]]:
    with Session(engine.execution_options(reading=True), expire_on_commit=False) as session:
        row = find(session, case_id)
        refs = session.scalars(select(RunRow).where(RunRow.case_id == row.id).order_by(RunRow.number)).all()
        if not refs:
            raise OperatorError(f"{row.id} has no record of its steps (any more). There is nothing to replay.")
        return row.id, row.team, list(refs)
