"""What operators do with runs that were cut off, are to end, or are over: resume, cancel, replay, clean up."""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchboard.cases import cases, cleanup
from switchboard.cases.cases import RunRef
from switchboard.cases.replay import rebuild
from switchboard.cases.runs import give_up
from switchboard.console.app import Workplace
from switchboard.console.terminal.commands import Document, shown
from switchboard.console.terminal.screen import out, say, show_json, show_run
from switchboard.console.terminal.standing import Seen, Standing, standing, unfinished
from switchboard.declare.transcript import Entry
from switchboard.engine.queues import CASES, COMMANDS
from switchboard.errors import OperatorError

if TYPE_CHECKING:
    from switchboard.engine.worker import Worker

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


def resume(case_id: str, data: Path | None, json: bool) -> Document:
    """Go on with one run that was cut off, here and now."""
    place = Workplace(data)
    stand = standing(place.engine, case_id)
    check_it_was_cut_off(place, stand)
    documents = resume_these(place, [stand.case_id], json)
    return shown(documents[0], json)


def resume_all(data: Path | None, json: bool) -> list[Document]:
    """Go on with all runs that were cut off. Returns what became of those that were."""
    place = Workplace(data)
    open_ones = [standing(place.engine, case_id) for case_id in unfinished(place.engine)]
    documents = resume_these(place, [stand.case_id for stand in open_ones if not worker_on(place, stand)], json)
    if json:
        show_json(documents)
    elif not documents:
        say("Nothing was left unfinished.")
    for document in [] if json else documents:
        show_run(document, with_transcript=False)
    return documents


def resume_these(place: Workplace, case_ids: list[str], json: bool) -> list[Document]:
    """Go on with runs where nobody does; a process that is alive keeps what it works on."""
    screen = Together(json, len(case_ids))
    for case_id in case_ids:
        place.environment.watchers[case_id] = screen.of(case_id)
    with place.worker() as worker:
        if len(case_ids) == 1:
            take_from_queue(worker, case_ids[0])
        given_up = [case_id for case_id in case_ids if gave_up(worker, case_id)]
        place.see_out(worker, worker.take_up() if given_up else [])
        for case_id in case_ids:
            while standing(place.engine, case_id).end is None and goes_on(worker, case_id):
                worker.wait_for(worker.newest_run(case_id))
                time.sleep(POLL_SECONDS)
            if standing(place.engine, case_id).end is None:
                waits = "It waits on the queue: `switchboard worker` takes it, or `switchboard resume RUN`."
                say(f"{case_id} does not go on here. {worker.left_to(case_id) or waits}")
        return [{**worker.document(case_id), "end": standing(place.engine, case_id).end} for case_id in case_ids]


def take_from_queue(worker: "Worker", case_id: str) -> None:
    """Work here on a case that waits on the queue, where no worker is there to take it, until its run is over."""
    ref = worker.newest_run(case_id)
    if worker.workflows.queue_of(ref) == CASES and not worker.workers():
        worker.workflows.take_over(ref, COMMANDS)
        worker.wait_for(ref)


def goes_on(worker: "Worker", case_id: str) -> bool:
    """Whether somebody works on a run, or will: what waits on the queue waits for a worker."""
    if worker.workers():
        return True
    return worker.is_under_way(case_id) and worker.workflows.queue_of(worker.newest_run(case_id)) != CASES


def gave_up(worker: "Worker", case_id: str) -> bool:
    """Give a run up whose workflow ended in an error: a closing run tells customer and human how things stand."""
    ref = worker.newest_run(case_id)
    if standing(worker.environment.engine, case_id).end is not None or worker.workflows.status(ref) not in BROKEN:
        return False
    give_up(worker.environment.engine, ref, ENDED_WITH_AN_ERROR)
    return True


def check_it_was_cut_off(place: Workplace, stand: Standing) -> None:
    """Raises OperatorError where there is nothing to resume, and says how things stand."""
    if stand.end in WAITS_FOR:
        who = f"{stand.held_by}, who has taken it over" if stand.held_by else WAITS_FOR[stand.end].format(stand.case_id)
        raise OperatorError(f"{stand.case_id} was not cut off; it waits for {who}.")
    if stand.end is not None:
        more = f" `switchboard ask --run {stand.case_id} …` continues the case." if stand.can_go_on else ""
        raise OperatorError(f"{stand.case_id} is over; it ended {stand.end}.{more}")
    worker = worker_on(place, stand)
    if worker:
        raise OperatorError(
            f"{stand.case_id} is being worked on by {worker}. `switchboard show {stand.case_id}` shows how far it is."
        )


def worker_on(place: Workplace, stand: Standing) -> str | None:
    """The living process that works on a run's newest run, as host:pid."""
    from switchboard.engine.heartbeat import works_on

    return works_on(place.engine, RunRef(stand.case_id, stand.run))


class Together:
    """The lines of several runs on one screen: each change from one to another is marked."""

    def __init__(self, silent: bool, runs: int) -> None:
        self._silent, self._marks = silent, runs > 1 and not silent
        self._newest = ""
        self._lock = threading.Lock()

    def of(self, case_id: str) -> Any:
        seen = Seen(self._silent)

        def show(entry: Entry) -> None:
            with self._lock:
                if self._marks and self._newest != case_id:
                    out.rule(case_id, style="dim", align="left")
                self._newest = case_id
                seen.show(entry)

        return show


def cancel(case_id: str, name: str, data: Path | None, json: bool) -> Document:
    """End a case; the customer hears what was and what was not done."""
    place = Workplace(data)
    stand = standing(place.engine, case_id)
    cases.cancel(place.engine, stand.case_id, place.called(name), None)
    place.environment.watchers[stand.case_id] = Seen(json).show
    with place.worker() as worker:  # it takes the case up, whether it waited or was cut off
        take_from_queue(worker, stand.case_id)
        place.see_out(worker, worker.take_up())
    ended = standing(place.engine, stand.case_id)
    document = {**ended.document, "end": ended.end}
    if ended.end is None:
        say("It ends after the step that is under way.")
        if json:
            show_json(document)
        return document
    return shown(document, json)


def replay(case_id: str, data: Path | None, json: bool) -> bool:
    """Rebuild a run from its record. Returns whether today's code goes the same way."""
    place = Workplace(data)
    rebuilt = rebuild(place.environment, case_id)
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
    from switchboard.engine.workflows import forget

    place = Workplace(data)
    moment = datetime.now(UTC) - timedelta(days=days)
    old = cleanup.clean_up(place.engine, moment, lambda refs: forget(place.engine, refs))
    if json:
        show_json({"runs": old})
    else:
        say(f"Runs whose recorded steps were deleted, over for more than {days} days: {old}. What was said stays.")
