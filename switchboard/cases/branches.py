"""The rows of branches: each is a case of its own with one run, under the case that it is a branch of.

Nobody owns the run of a branch: who owns the parent's run works on it, or goes on with it. So whatever looks for runs that
nobody works on, or that a dead process left, must look at those alone of which `is_owned` is so: of cases without a parent, and
of suggestions (`people/suggesting.py`), which stand under their case, too, while no run of it is under way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from switchboard.cases.documents import written
from switchboard.cases.entries import Asked
from switchboard.cases.snapshot import freeze
from switchboard.cases.tables import CaseRow, EntryRow, RunRow, clock
from switchboard.declare.beginnings import Branched, Suggested, as_data
from switchboard.declare.outcomes import Outcome
from switchboard.loop.prompts.instructions import fingerprint
from switchboard.loop.state import Run

LEFT_BEHIND = "The case that it is a branch of went on without it."


IS_SUGGESTION: ColumnElement[bool] = RunRow.given["kind"].as_string() == Suggested.kind


def is_owned() -> ColumnElement[bool]:
    """Whether a run, joined to its case, is some process's own to work on."""
    return or_(CaseRow.parent.is_(None), IS_SUGGESTION)


@dataclass(frozen=True)
class ListedBranch:
    """A branch of a case; `end` is None while it is being worked on, or was cut off with its parent."""

    case_id: str
    agent: str
    end: str | None


def keep_branch(session: Session, child: Run, given: Branched) -> None:
    """Write a new branch, which has done nothing yet."""
    now = clock(session)
    row = CaseRow(id=child.id, team=child.team.name, parent=child.parent, created_at=now, run=1, inbox=[])
    written(row, child)
    row.opening, row.department = given.task, given.agent
    session.add(row)
    session.flush()
    run = RunRow(case_id=child.id, number=1, first=1, given=as_data(given), start=freeze(child), version="", started_at=now)
    run.attempts = run.reached = run.priority = 0
    session.add(run)


def finish_branch(session: Session, child: Run, outcome: Outcome) -> Outcome:
    """Record how a branch ended, in the transaction that records what it came to."""
    written(session.get_one(CaseRow, child.id), child)
    run = session.get_one(RunRow, (child.id, child.number))
    run.version, run.end = fingerprint(child.team), child.end
    return outcome


def close_left_behind(session: Session, case_id: str) -> None:
    """Name the end of branches that nobody goes on with: their parent's run was stopped by hand, or given up."""
    left = select(CaseRow.id).join(RunRow, RunRow.case_id == CaseRow.id)
    left = left.where(CaseRow.parent == case_id, CaseRow.end.is_(None), ~IS_SUGGESTION)
    ids = session.scalars(left).all()
    session.execute(update(RunRow).where(RunRow.case_id.in_(ids)).values(end="cancelled"))
    session.execute(update(CaseRow).where(CaseRow.id.in_(ids)).values(end="cancelled", reason=LEFT_BEHIND))


def branches_of(asked: Asked, case_ids: Sequence[str]) -> list[ListedBranch]:
    """The branches of cases, in the order in which they were begun."""
    query = select(CaseRow.id, CaseRow.department, CaseRow.end).where(CaseRow.parent.in_(case_ids))
    found = [ListedBranch(case_id, str(agent), end) for case_id, agent, end in asked.execute(query)]
    return sorted(found, key=lambda branch: [int(part) for part in branch.case_id.rpartition(".")[2].split("-")])


def entries_of_branches(asked: Asked, case_id: str) -> int:
    """How many entries the branches of a case have."""
    query = select(func.count()).select_from(EntryRow).join(CaseRow, CaseRow.id == EntryRow.case_id)
    return int(asked.execute(query.where(CaseRow.parent == case_id)).scalar_one())
