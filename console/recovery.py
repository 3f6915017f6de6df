"""What operators do with runs that were cut off, are to end, or are over: resume, cancel, replay, clean up."""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from console.commands import Document, shown
from console.screen import out, say, show_json, show_run
from console.standing import Seen, Standing, standing, unfinished
from console.workplace import Workplace
from runtime import cases
from runtime.bounds import CASES, COMMANDS
from runtime.cases import GOES_ON, Leg
from runtime.errors import OperatorError
from runtime.legs import give_up
from runtime.replay import rebuild
from runtime.tables import LegRow, RunRow, utc
from runtime.transcript import Entry

if TYPE_CHECKING:
    from runtime.shift import Shift

BROKEN = ("ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
"""How a workflow of the engine ends that did not end by itself."""
AT_ONCE = 200
POLL_SECONDS = 0.2
ENDED_WITH_AN_ERROR = "The engine could not go on with this run."
WAITS_FOR = {
    "awaiting_customer": "the customer: `switchboard ask --run {} …` continues it",
    "awaiting_approval": "an approval: `switchboard approve {}` gives it",
    "escalated": "a human: `switchboard take {}` takes it over, `hand-back` gives it to the agents again",
}


def resume(run_id: str, data: Path | None, json: bool) -> Document:
    """Go on with one run that was cut off, here and now."""
    place = Workplace(data)
    stand = standing(place.engine, run_id)
    check_it_was_cut_off(place, stand)
    documents = resume_these(place, [stand.run_id], json)
    return shown(documents[0], json)


def resume_all(data: Path | None, json: bool) -> list[Document]:
    """Go on with all runs that were cut off. Returns what became of those that were."""
    place = Workplace(data)
    open_ones = [standing(place.engine, run_id) for run_id in unfinished(place.engine)]
    documents = resume_these(place, [stand.run_id for stand in open_ones if not worker_on(place, stand)], json)
    if json:
        show_json(documents)
    elif not documents:
        say("Nothing was left unfinished.")
    for document in [] if json else documents:
        show_run(document, with_transcript=False)
    return documents


def resume_these(place: Workplace, run_ids: list[str], json: bool) -> list[Document]:
    """Go on with runs where nobody does; a process that is alive keeps what it works on."""
    screen = Together(json, len(run_ids))
    for run_id in run_ids:
        place.company.watchers[run_id] = screen.of(run_id)
    with place.shift() as shift:
        if len(run_ids) == 1:
            take_from_queue(shift, run_ids[0])
        given_up = [run_id for run_id in run_ids if gave_up(shift, run_id)]
        place.see_out(shift, shift.take_up() if given_up else [])
        for run_id in run_ids:
            while standing(place.engine, run_id).end is None and goes_on(shift, run_id):
                shift.wait_for(shift.newest_leg(run_id))
                time.sleep(POLL_SECONDS)
            if standing(place.engine, run_id).end is None:
                waits = "It waits on the queue: `switchboard worker` takes it, or `switchboard resume RUN`."
                say(f"{run_id} does not go on here. {shift.left_to(run_id) or waits}")
        return [{**shift.document(run_id), "end": standing(place.engine, run_id).end} for run_id in run_ids]


def take_from_queue(shift: "Shift", run_id: str) -> None:
    """Work here on a case that waits on the queue, where no worker is there to take it, until its leg is over."""
    leg = shift.newest_leg(run_id)
    if shift.durable.queue_of(leg) == CASES and not shift.workers():
        shift.durable.take_over(leg, COMMANDS)
        shift.wait_for(leg)


def goes_on(shift: "Shift", run_id: str) -> bool:
    """Whether somebody works on a run, or will: what waits on the queue waits for a worker."""
    if shift.workers():
        return True
    return shift.is_under_way(run_id) and shift.durable.queue_of(shift.newest_leg(run_id)) != CASES


def gave_up(shift: "Shift", run_id: str) -> bool:
    """Give a leg up whose workflow ended in an error: a closing leg tells customer and human how things stand."""
    leg = shift.newest_leg(run_id)
    if standing(shift.company.engine, run_id).end is not None or shift.durable.status(leg) not in BROKEN:
        return False
    give_up(shift.company.engine, leg, ENDED_WITH_AN_ERROR, shift.durable.records(leg))
    return True


def check_it_was_cut_off(place: Workplace, stand: Standing) -> None:
    """Raises OperatorError where there is nothing to resume, and says how things stand."""
    if stand.end in WAITS_FOR:
        who = f"{stand.held_by}, who has taken it over" if stand.held_by else WAITS_FOR[stand.end].format(stand.run_id)
        raise OperatorError(f"{stand.run_id} was not cut off; it waits for {who}.")
    if stand.end is not None:
        more = f" `switchboard ask --run {stand.run_id} …` continues the case." if stand.can_go_on else ""
        raise OperatorError(f"{stand.run_id} is over; it ended {stand.end}.{more}")
    worker = worker_on(place, stand)
    if worker:
        raise OperatorError(
            f"{stand.run_id} is being worked on by {worker}. `switchboard show {stand.run_id}` shows how far it is."
        )


def worker_on(place: Workplace, stand: Standing) -> str | None:
    """The living process that works on a run's newest leg, as host:pid."""
    from runtime.durable import Steps
    from runtime.watch import alive

    leg = Leg(stand.run_id, stand.leg)
    with Steps(place.engine) as steps, Session(place.engine.execution_options(reading=True)) as session:
        name = steps.worker_on(leg) or session.scalar(
            select(LegRow.executor).where(LegRow.run_id == leg.run_id, LegRow.number == leg.number)
        )
    return name.rpartition(":")[0] if name in alive(place.engine) and name else None


class Together:
    """The lines of several runs on one screen: each change from one to another is marked."""

    def __init__(self, silent: bool, runs: int) -> None:
        self._silent, self._marks = silent, runs > 1 and not silent
        self._newest = ""
        self._lock = threading.Lock()

    def of(self, run_id: str) -> Any:
        seen = Seen(self._silent)

        def show(entry: Entry) -> None:
            with self._lock:
                if self._marks and self._newest != run_id:
                    out.rule(run_id, style="dim", align="left")
                self._newest = run_id
                seen.show(entry)

        return show


def cancel(run_id: str, name: str, data: Path | None, json: bool) -> Document:
    """End a case; the customer hears what was and what was not done."""
    place = Workplace(data)
    stand = standing(place.engine, run_id)
    cases.cancel(place.engine, stand.run_id, place.called(name), None)
    place.company.watchers[stand.run_id] = Seen(json).show
    with place.shift() as shift:  # it takes the case up, whether it waited or was cut off
        take_from_queue(shift, stand.run_id)
        place.see_out(shift, shift.take_up())
    ended = standing(place.engine, stand.run_id)
    document = {**ended.document, "end": ended.end}
    if ended.end is None:
        say("It ends after the step that is under way.")
        if json:
            show_json(document)
        return document
    return shown(document, json)


def replay(run_id: str, data: Path | None, json: bool) -> bool:
    """Rebuild a run from its record. Returns whether today's code goes the same way."""
    from runtime.durable import Steps

    place = Workplace(data)
    with Steps(place.engine) as steps:
        rebuilt = rebuild(place.company, run_id, steps.records)
    if json:
        kept = {"differences": list(rebuilt.differences), "complete": rebuilt.complete, "steps": rebuilt.steps}
        show_json({**rebuilt.document, "replay": kept})
    else:
        show_run(rebuilt.document, with_transcript=True)
        for difference in rebuilt.differences:
            say(f"Another way: {difference}")
        same = "Today's code goes another way" if rebuilt.differences else "Today's code goes the same way"
        rest = "" if rebuilt.complete or rebuilt.differences else "; the record ends before the run does"
        say(f"{same}{rest}. {rebuilt.steps} recorded steps; no model and no tool was called.")
    return not rebuilt.differences


def clean_up(days: int, data: Path | None, json: bool) -> None:
    """Delete the recorded steps of runs that are over for so many days; what was said and done stays."""
    from runtime.durable import Steps

    place = Workplace(data)
    old = over_since(place, datetime.now(UTC) - timedelta(days=days))
    with Steps(place.engine) as steps:
        for start in range(0, len(old), AT_ONCE):
            with Session(place.engine) as session, session.begin():
                runs = select(RunRow.id).where(RunRow.id.in_(old[start : start + AT_ONCE]), RunRow.end.is_not(None))
                of_these = LegRow.run_id.in_(session.scalars(runs.with_for_update()).all())  # none of them may go on meanwhile
                steps.forget([Leg(*found) for found in session.execute(select(LegRow.run_id, LegRow.number).where(of_these))])
                session.execute(delete(LegRow).where(of_these))
    if json:
        show_json({"runs": len(old)})
    else:
        say(f"Runs whose recorded steps were deleted, over for more than {days} days: {len(old)}. What was said stays.")


def over_since(place: Workplace, moment: datetime) -> list[str]:
    """The runs that were over before a moment and cannot go on by themselves; those that wait are not."""
    last = func.max(LegRow.started_at)
    query = select(RunRow.id, RunRow.seconds, last).join(LegRow, LegRow.run_id == RunRow.id).group_by(RunRow.id, RunRow.seconds)
    query = query.where(RunRow.end.is_not(None), RunRow.end.not_in(GOES_ON), RunRow.held_by.is_(None))
    with Session(place.engine.execution_options(reading=True)) as session:
        return [run_id for run_id, seconds, began in session.execute(query) if utc(began) + timedelta(seconds=seconds) < moment]
