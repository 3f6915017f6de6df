"""Deleting what is recorded of the work on cases that are long over; what was said and done stays."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from switchboard.accounts.seals import check_key
from switchboard.cases.branches import branches_of
from switchboard.cases.cases import GOES_ON, RunRef
from switchboard.cases.entries import forget_steps
from switchboard.cases.sealed.rows import seal_before_forgetting
from switchboard.cases.tables import CaseRow, FlagRow, RunRow, utc

AT_ONCE = 200
"""Cases of one transaction."""


def clean_up(engine: Engine, before: datetime, forget: Callable[[Sequence[RunRef]], None]) -> int:
    """Delete the recorded steps and the runs of cases, with their branches, that were over before a moment. Returns of how
    many cases.

    `forget` lets the engine forget its workflows of these runs. Raises OperatorError where the key is not that of the rows.
    """
    check_key(engine)  # of what is deleted some must be sealed before
    old = over_since(engine, before)
    for start in range(0, len(old), AT_ONCE):
        with Session(engine) as session, session.begin():
            batch = select(CaseRow.id).where(CaseRow.id.in_(old[start : start + AT_ONCE]), CaseRow.end.is_not(None))
            case_ids = session.scalars(batch.with_for_update()).all()  # none of them may go on meanwhile
            under = [branch.case_id for branch in branches_of(session, case_ids)]
            with_branches = [*case_ids, *under, *(branch.case_id for branch in branches_of(session, under))]
            forget_steps(session, with_branches)
            seal_before_forgetting(session, with_branches)
            runs = select(RunRow.case_id, RunRow.number).where(RunRow.case_id.in_(with_branches))
            forget([RunRef(*found) for found in session.execute(runs)])
            session.execute(delete(RunRow).where(RunRow.case_id.in_(with_branches)))
    return len(old)


def over_since(engine: Engine, moment: datetime) -> list[str]:
    """The cases that were over before a moment and cannot go on by themselves; those that wait are not, nor are those
    that are flagged, as they are replayed.
    """
    last = func.max(RunRow.started_at)
    query = select(CaseRow.id, CaseRow.seconds, last).join(RunRow, RunRow.case_id == CaseRow.id)
    query = query.where(
        CaseRow.parent.is_(None), CaseRow.end.is_not(None), CaseRow.end.not_in(GOES_ON), CaseRow.held_by.is_(None)
    ).where(CaseRow.id.not_in(select(FlagRow.case_id)))
    with Session(engine.execution_options(reading=True)) as session:
        found = session.execute(query.group_by(CaseRow.id, CaseRow.seconds))
        return [case_id for case_id, seconds, began in found if utc(began) + timedelta(seconds=seconds) < moment]
