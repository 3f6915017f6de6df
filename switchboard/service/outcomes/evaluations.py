"""Evaluations that somebody keeps, so that two of them can be set side by side: the newest, and no more of one than is read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from switchboard.cases.tables import EvaluationRow, clock, utc
from switchboard.database import for_a_while
from switchboard.errors import OperatorError
from switchboard.evaluations.results import Change, Evaluation, Share, Trial, changes, wilson
from switchboard.events.masking import spoken
from switchboard.events.rendering import cut
from switchboard.service.accounts.people import Rows

MOST_KEPT, MOST_TRIALS = 200, 5_000
MOST_NAME, MOST_WHY, MOST_REASONS = 200, 1_000, 10
_TRIALS = TypeAdapter(tuple[Trial, ...])


@dataclass(frozen=True)
class KeptEvaluation:
    """An evaluation as a list shows it, without its trials. `passed` is pass^1; the moment is in UTC."""

    number: int
    at: datetime
    kind: str
    by: str
    cases: int
    passed: Share


@dataclass(frozen=True)
class SideBySide:
    """Two evaluations of one kind: the cases that pass more or less often, worse first, and those that only one of them has."""

    before: KeptEvaluation
    after: KeptEvaluation
    changes: list[Change]
    alone: list[str]


@for_a_while
def keep_evaluations(place: Rows, found: Sequence[Evaluation]) -> list[int]:
    """Keep evaluations, in place of the oldest where there are many. Returns their numbers."""
    with Session(place.engine) as session, session.begin():
        rows = [_row(_bounded(one), clock(session)) for one in found]
        for row in rows:  # each by itself: numbers go up in the order in which they are told
            session.add(row)
            session.flush()
        newest = select(EvaluationRow.id).order_by(EvaluationRow.id.desc()).limit(MOST_KEPT)
        numbers = [row.id for row in rows]
        session.execute(delete(EvaluationRow).where(EvaluationRow.id.not_in(newest)))
        return numbers


def kept_evaluations(place: Rows) -> list[KeptEvaluation]:
    """Those that are kept, the newest first."""
    row = EvaluationRow
    query = select(row.id, row.at, row.kind, row.by, row.cases, row.share).order_by(row.id.desc())
    with Session(place.engine.execution_options(reading=True)) as session:
        return [
            KeptEvaluation(number, utc(at), kind, by, cases, wilson(share * cases, cases))
            for number, at, kind, by, cases, share in session.execute(query)
        ]


def kept_evaluation(place: Rows, number: int) -> Evaluation:
    """One that is kept, with its trials, by its number. Raises OperatorError where there is none."""
    row = EvaluationRow
    with Session(place.engine.execution_options(reading=True)) as session:
        found = session.execute(select(row.kind, row.by, row.trials).where(row.id == number)).one_or_none()
    if found is None:
        raise OperatorError(f"The evaluation No. {number} is not kept (any more).")
    return Evaluation(found.kind, found.by, _TRIALS.validate_python(found.trials))


def side_by_side(place: Rows, before: KeptEvaluation, after: KeptEvaluation) -> SideBySide:
    """Two that are kept, compared. Raises OperatorError where one has made room for newer ones meanwhile."""
    old, new = kept_evaluation(place, before.number), kept_evaluation(place, after.number)
    return SideBySide(before, after, changes(old, new), sorted(old.cases.keys() ^ new.cases.keys()))


def _bounded(one: Evaluation) -> Evaluation:
    trials = (
        replace(
            trial,
            case=cut(spoken(trial.case), MOST_NAME),
            why=tuple(cut(spoken(reason), MOST_WHY) for reason in trial.why[:MOST_REASONS]),
        )
        for trial in one.trials[:MOST_TRIALS]
    )
    return Evaluation(one.kind, cut(spoken(one.by), MOST_NAME), tuple(trials))


def _row(one: Evaluation, at: datetime) -> EvaluationRow:
    share = one.pass_hat(1).share
    trials = _TRIALS.dump_python(one.trials, mode="json")
    return EvaluationRow(at=at, kind=one.kind, by=one.by, cases=len(one.cases), share=share, trials=trials)
