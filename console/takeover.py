"""What operators do with whole cases: take one over, speak to its customer, hand it back."""

from collections.abc import Callable
from pathlib import Path

from console.commands import Document, shown
from console.screen import say, show_json
from console.standing import Seen, standing
from console.workplace import Workplace
from runtime import cases
from runtime.cases import Leg


def go_on(place: Workplace, run_id: str, begin: Callable[[str | None], Leg | None], json: bool) -> Document:
    """Begin the next leg of a run and work on it here, or leave it to a worker, and show what comes of it.

    `begin` takes the process that is to work on it, or None, and gives the leg, if one begins.
    """
    with place.shift() as shift:
        left = shift.left_to(run_id)
        leg = begin(None if left else shift.durable.executor)
        if leg and not left:
            shift.company.watchers[run_id] = Seen(json).show
            return shown(shift.work(leg), json)
        if leg:
            say(left)
        document = shift.document(run_id)
        if json:
            show_json(document)
        return {**document, "end": standing(place.engine, run_id).end}


def take(run_id: str, name: str, data: Path | None, json: bool) -> None:
    """Take a case over. What was said so far is shown, as who takes it must know it."""
    place = Workplace(data)
    stand = standing(place.engine, run_id)
    told = cases.take(place.engine, stand.run_id, place.called(name))
    if not json:
        Seen(silent=False).catch_up(stand.document["transcript"])
    told_of(
        place, stand.run_id, f"{told} Answer with `switchboard say {stand.run_id} …`, then `hand-back` or `cancel` it.", json
    )


def speak(run_id: str, name: str, words: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    run_id = standing(place.engine, run_id).run_id
    cases.speak(place.engine, run_id, place.called(name), words)
    told_of(place, run_id, "The customer sees it when they look at the case.", json)


def told_of(place: Workplace, run_id: str, words: str, json: bool) -> None:
    say(words)
    if json:
        show_json(standing(place.engine, run_id).document)


def hand_back(run_id: str, name: str, note: str, data: Path | None, json: bool) -> Document:
    """Give a case back to the agents, who go on with it here or with a worker."""
    place = Workplace(data)
    run_id, operator = standing(place.engine, run_id).run_id, place.called(name)
    return go_on(place, run_id, lambda executor: cases.hand_back(place.engine, run_id, operator, note, executor), json)
