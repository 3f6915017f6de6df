"""Evaluations: flagged lines beside what today's code does in their place, and those that were kept, two side by side."""

from collections.abc import Iterable
from typing import NamedTuple

from starlette.responses import Response

from switchboard.console.web.asked import Asked
from switchboard.console.web.drawing import plain
from switchboard.errors import OperatorError
from switchboard.evaluations.results import Trial
from switchboard.events.rendering import cut, line_of
from switchboard.service.outcomes.evaluations import (
    MOST_KEPT,
    MOST_TRIALS,
    KeptEvaluation,
    SideBySide,
    kept_evaluations,
    side_by_side,
)
from switchboard.service.outcomes.flags import KeptFlag, all_flagged, evaluate_flagged

MOST_TEXT = 400
MOST_CHANGES, MOST_ALONE = 200, 50


class Compared(NamedTuple):
    """A flagged line as it was recorded, and what comes of it today, once that was looked at."""

    flag: KeptFlag
    who: str
    recorded: str
    today: Trial | None


def show(asked: Asked) -> Response:
    """The flagged lines; with `now` in the address each case is rebuilt from its record with today's code, which takes time.
    Below them the evaluations that were kept; with `before` and `after` in the address these two side by side.
    """
    given = asked.request.query_params
    flags, is_tried = all_flagged(asked.desk), "now" in given
    found = evaluate_flagged(asked.desk) if is_tried and flags else None
    trials = {one.case: one for one in found.trials} if found else {}
    kept = kept_evaluations(asked.desk)
    kinds = _to_choose(kept)
    before, after = _chosen(kept, given.get("before", "")), _chosen(kept, given.get("after", ""))
    sides, wrong = _compared_kept(asked, before, after)
    newest = next(iter(kinds.values()), [None, None])
    return asked.page(
        "looking/evaluations.html",
        rows=[_compared(one, trials.get(f"{one.case_id} {one.number}")) for one in flags],
        is_tried=bool(found),
        other=sum(one.passed for one in trials.values()),
        share=str(found.pass_hat(1)) if found else "",
        kept=kept,
        kinds=kinds,
        choices=[("before", "Before", before or newest[1]), ("after", "After", after or newest[0])],
        sides=sides,
        wrong=wrong,
        most={"kept": MOST_KEPT, "trials": MOST_TRIALS, "changes": MOST_CHANGES, "alone": MOST_ALONE},
    )


def _compared(flag: KeptFlag, today: Trial | None) -> Compared:
    line = line_of(flag.entry)
    return Compared(flag, plain(line.who), cut(plain(" ".join(line.what.split())), MOST_TEXT), today)


def _to_choose(kept: Iterable[KeptEvaluation]) -> dict[str, list[KeptEvaluation]]:
    """Those of which there are two of a kind, by kind, the kind that was kept last first."""
    kinds: dict[str, list[KeptEvaluation]] = {}
    for one in kept:
        kinds.setdefault(one.kind, []).append(one)
    return {kind: found for kind, found in kinds.items() if len(found) > 1}


def _chosen(kept: Iterable[KeptEvaluation], number: str) -> KeptEvaluation | None:
    """The one that an address names. Raises OperatorError where no such one is kept."""
    if not number:
        return None
    found = next((one for one in kept if str(one.number) == number), None)  # no database is asked for a number without end
    if found is None:
        raise OperatorError("No such evaluation is kept (any more). The page Evaluations lists those that are.")
    return found


def _compared_kept(asked: Asked, before: KeptEvaluation | None, after: KeptEvaluation | None) -> tuple[SideBySide | None, str]:
    """Two that were chosen, side by side; or else why they are not."""
    if before is None and after is None:
        return None, ""
    if before is None or after is None or before.number == after.number:
        return None, "Choose two of them."
    if before.kind != after.kind:
        return None, f"One is of {before.kind} and one of {after.kind}. Choose two of one kind."
    return side_by_side(asked.desk, before, after), ""
