"""What operators do with whole cases: take one over, speak to its customer, hand it back."""

from collections.abc import Callable
from pathlib import Path

from switchboard.cases import cases
from switchboard.cases.cases import RunRef
from switchboard.console.app import Workplace
from switchboard.console.terminal.commands import Document, shown
from switchboard.console.terminal.screen import say, show_json
from switchboard.console.terminal.standing import Seen, standing


def go_on(place: Workplace, case_id: str, begin: Callable[[str | None], RunRef | None], json: bool) -> Document:
    """Begin the next run of a run and work on it here, or leave it to a worker, and show what comes of it.

    `begin` takes the process that is to work on it, or None, and gives the run, if one begins.
    """
    with place.worker() as worker:
        left = worker.left_to(case_id)
        ref = begin(None if left else worker.workflows.executor)
        if ref and not left:
            worker.environment.watchers[case_id] = Seen(json).show
            return shown(worker.work(ref), json)
        if ref:
            say(left)
        document = worker.document(case_id)
        if json:
            show_json(document)
        return {**document, "end": standing(place.engine, case_id).end}


def take(case_id: str, name: str, data: Path | None, json: bool) -> None:
    """Take a case over. What was said so far is shown, as who takes it must know it."""
    place = Workplace(data)
    stand = standing(place.engine, case_id)
    told = cases.take(place.engine, stand.case_id, place.called(name))
    if not json:
        Seen(silent=False).catch_up(stand.document["transcript"])
    told_of(
        place, stand.case_id, f"{told} Answer with `switchboard say {stand.case_id} …`, then `hand-back` or `cancel` it.", json
    )


def speak(case_id: str, name: str, words: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    case_id = standing(place.engine, case_id).case_id
    cases.speak(place.engine, case_id, place.called(name), words)
    told_of(place, case_id, "The customer sees it when they look at the case.", json)


def told_of(place: Workplace, case_id: str, words: str, json: bool) -> None:
    say(words)
    if json:
        show_json(standing(place.engine, case_id).document)


def hand_back(case_id: str, name: str, note: str, data: Path | None, json: bool) -> Document:
    """Give a case back to the agents, who go on with it here or with a worker."""
    place = Workplace(data)
    case_id, operator = standing(place.engine, case_id).case_id, place.called(name)
    return go_on(place, case_id, lambda executor: cases.hand_back(place.engine, case_id, operator, note, executor), json)
