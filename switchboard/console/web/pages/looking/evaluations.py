"""What was flagged beside what today's code does in its place: the evaluation whose cases are kept."""

from typing import NamedTuple

from starlette.responses import Response

from switchboard.console.web.asked import Asked
from switchboard.console.web.drawing import plain
from switchboard.evaluations.results import Trial
from switchboard.events.rendering import cut, line_of
from switchboard.service.outcomes.flags import KeptFlag, all_flagged, evaluate_flagged

MOST_TEXT = 400


class Compared(NamedTuple):
    """A flagged line as it was recorded, and what comes of it today, once that was looked at."""

    flag: KeptFlag
    who: str
    recorded: str
    today: Trial | None


def show(asked: Asked) -> Response:
    """The flagged lines; with `now` in the address each case is rebuilt from its record with today's code, which takes time."""
    flags, is_tried = all_flagged(asked.desk), "now" in asked.request.query_params
    found = evaluate_flagged(asked.desk) if is_tried and flags else None
    trials = {one.case: one for one in found.trials} if found else {}
    return asked.page(
        "looking/evaluations.html",
        rows=[_compared(one, trials.get(f"{one.case_id} {one.number}")) for one in flags],
        is_tried=bool(found),
        other=sum(one.passed for one in trials.values()),
        share=str(found.pass_hat(1)) if found else "",
    )


def _compared(flag: KeptFlag, today: Trial | None) -> Compared:
    line = line_of(flag.entry)
    return Compared(flag, plain(line.who), cut(plain(" ".join(line.what.split())), MOST_TEXT), today)
