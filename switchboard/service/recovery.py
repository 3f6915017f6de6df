"""Cases that were cut off, and cases that are to end: going on with them, here or wherever somebody works on them."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchboard.cases import cases
from switchboard.cases.documents import load
from switchboard.cases.runs import give_up
from switchboard.cases.standing import Standing, end_of, unfinished
from switchboard.declare.document import Document
from switchboard.errors import OperatorError
from switchboard.events.stream import Listener
from switchboard.service.place import Place, case_here, see_out

if TYPE_CHECKING:
    from switchboard.engine.worker import Worker

POLL_SECONDS = 0.2
ENDED_WITH_AN_ERROR = "The engine could not go on with this run."
WAITS_FOR = {
    "awaiting_customer": "the customer: `switchboard ask --case {} …` continues it",
    "awaiting_approval": "an approval: `switchboard approve {}` gives it",
    "escalated": "a human: `switchboard take {}` takes it over, `hand-back` gives it to the agents again",
}


@dataclass(frozen=True)
class Resumed:
    """A case that was cut off, and what became of it. Where its end is None it does not go on here: `instead` says who goes
    on with it, or is "" where it waits for a worker.
    """

    document: Document
    instead: str = ""


def resume(place: Place, case_id: str, listener: Listener | None = None) -> Resumed:
    """Go on with one case that was cut off, here and now. Raises OperatorError where there is nothing to go on with."""
    stand = case_here(place, case_id)
    check_it_was_cut_off(place, stand)
    return resume_these(place, [stand.case_id], listener)[0]


def cut_off(place: Place) -> list[str]:
    """The project's cases that nobody works on any more, the oldest first; a process that is alive keeps what it works on."""
    from switchboard.engine.heartbeat import works_on

    return [ref.case_id for ref in unfinished(place.engine, place.environment.teams) if not works_on(place.engine, ref)]


def resume_these(place: Place, case_ids: Sequence[str], listener: Listener | None = None) -> list[Resumed]:
    """Go on with cases that were cut off, and see what becomes of each."""
    with ExitStack() as opened:
        if listener:
            for case_id in case_ids:
                opened.callback(place.environment.stream.listen(listener, case_id))
        worker = opened.enter_context(place.worker())
        if len(case_ids) == 1:
            _take_from_queue(worker, case_ids[0])
        for case_id in case_ids:
            _give_up_broken(worker, case_id)
        see_out(worker, worker.take_up())
        return [_resumed(worker, case_id) for case_id in case_ids]


def _resumed(worker: "Worker", case_id: str) -> Resumed:
    """Wait until a case has ended, or nobody goes on with it."""
    engine = worker.environment.engine
    while end_of(engine, case_id) is None and _goes_on(worker, case_id):
        worker.wait_for(worker.newest_run(case_id))
        time.sleep(POLL_SECONDS)
    if _give_up_broken(worker, case_id):  # some are found to be broken only when they are begun
        see_out(worker, worker.take_up())
    document = load(engine, case_id)
    return Resumed(document, worker.left_to(case_id) if document["end"] is None else "")


def _take_from_queue(worker: "Worker", case_id: str) -> None:
    """Work here on a case that waits on the queue, where no worker is there to take it, until its run is over."""
    from switchboard.engine.queues import CASES, COMMANDS

    ref = worker.newest_run(case_id)
    if worker.workflows.queue_of(ref) == CASES and not worker.is_worker and not worker.workers():
        worker.workflows.take_over(ref, COMMANDS)
        worker.wait_for(ref)


def _goes_on(worker: "Worker", case_id: str) -> bool:
    """Whether somebody works on a case, or will: what waits on the queue waits for a worker."""
    from switchboard.engine.queues import CASES

    if worker.workers():
        return True
    return worker.is_under_way(case_id) and worker.workflows.queue_of(worker.newest_run(case_id)) != CASES


def _give_up_broken(worker: "Worker", case_id: str) -> bool:
    """Give a run up whose workflow ended in an error: a closing run tells customer and human how things stand."""
    engine, ref = worker.environment.engine, worker.newest_run(case_id)
    is_broken = end_of(engine, case_id) is None and worker.workflows.is_broken(ref)
    if is_broken:
        give_up(engine, ref, ENDED_WITH_AN_ERROR, worker.environment.notifications)
    return is_broken


def check_it_was_cut_off(place: Place, stand: Standing) -> None:
    """Raises OperatorError where there is nothing to resume, and says how things stand."""
    if stand.parent:
        raise OperatorError(f"{stand.case_id} is a branch of {stand.parent}, and goes on with it: resume {stand.parent}.")
    if stand.end in WAITS_FOR:
        who = f"{stand.held_by}, who has taken it over" if stand.held_by else WAITS_FOR[stand.end].format(stand.case_id)
        raise OperatorError(f"{stand.case_id} was not cut off; it waits for {who}.")
    if stand.end is not None:
        more = f" `switchboard ask --case {stand.case_id} …` continues the case." if stand.can_go_on else ""
        raise OperatorError(f"{stand.case_id} is over; it ended {stand.end}.{more}")
    from switchboard.engine.heartbeat import works_on

    if worker := works_on(place.engine, stand.newest_run):
        raise OperatorError(
            f"{stand.case_id} is being worked on by {worker}. `switchboard show {stand.case_id}` shows how far it is."
        )


def cancel(place: Place, case_id: str, operator: str, listener: Listener | None = None) -> Document:
    """End a case; the customer hears what was and what was not done.

    The document's end is None where somebody else works on it: then it ends after the step that is under way.
    """
    case_id = case_here(place, case_id).case_id
    cases.cancel(place.engine, case_id, operator, None)
    with ExitStack() as opened:
        if listener:
            opened.callback(place.environment.stream.listen(listener, case_id))
        worker = opened.enter_context(place.worker(case_id))  # it takes the case up, whether it waited or was cut off
        _take_from_queue(worker, case_id)
        see_out(worker, worker.take_up())
    return load(place.engine, case_id)
