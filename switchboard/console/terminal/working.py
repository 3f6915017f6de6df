"""A worker: it takes cases from the queue until it is told to stop."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from json import dumps
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from rich.text import Text

from switchboard.cases.cases import RunRef
from switchboard.cases.intake import outcome
from switchboard.console.app import Workplace, telling_of_the_database
from switchboard.console.terminal.screen import out, say
from switchboard.engine.worker import Worker

SETTLE_SECONDS = 10.0
"""How often the project's chore is done."""
LOOK_SECONDS = 0.2
ENDS = {"resolved": "green", "escalated": "cyan", "awaiting_customer": "yellow", "awaiting_approval": "yellow"}


class Told:
    """What signals have told this process: `stop` takes nothing new, `at_once` gives back what is under way."""

    def __init__(self) -> None:
        self.stop, self.at_once = threading.Event(), threading.Event()

    def hear(self, number: int, frame: FrameType | None) -> None:
        """The first signal, the second, and no third: that one ends the process, should it hang."""
        if self.stop.is_set():
            self.at_once.set()
            signal.signal(number, signal.SIG_DFL)
        self.stop.set()


@contextmanager
def listening() -> Iterator[Told]:
    """Hear SIGTERM and Ctrl-C for as long as this lasts."""
    told = Told()
    before = {number: signal.signal(number, told.hear) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


THE_SAME_AGAIN = "Mend it and give the same command again: it goes on with what was kept."


class Chores:
    """What a worker does beside its cases: the project's chore, and telling of models that fail."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._settled = time.monotonic()
        self._troubles: dict[str, str] = {}

    def __call__(self) -> None:
        troubles = self._place.gateway.problems() if self._place.gateway else {}
        for name in troubles.keys() - self._troubles.keys():
            say(f"{name}: {troubles[name]}")
        self._troubles = troubles
        if time.monotonic() - self._settled >= SETTLE_SECONDS:
            self._settled = time.monotonic()
            if told := self._place.do_chore():
                say(told)


class Lines:
    """One line for each case that has ended, or waits for somebody."""

    def __init__(self, place: Workplace, json: bool) -> None:
        self._engine, self._json = place.engine, json

    def __call__(self, ref: RunRef) -> None:
        document = outcome(self._engine, ref.case_id)
        if document is None:  # it goes on at once, with what the customer wrote meanwhile
            return
        with suppress(OSError):  # the case is done and kept, whether or not anybody reads of it
            if self._json:
                write_line(document)
            else:
                out.print(in_short(document), soft_wrap=True)


def write_line(document: dict[str, Any]) -> None:
    """One JSON document on a line of stdout."""
    sys.stdout.write(dumps(document, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def in_short(document: dict[str, Any]) -> Text:
    end, calls = str(document["end"]), document["model_calls"]
    line = Text.assemble((f"{document['case_id']}  ", "bold"), (f"{end:<17}  ", ENDS.get(end, "red")))
    line.append(f"{document['department'] or '-':<10}  {calls:>2} model call{'s' if calls != 1 else ' '}  ")
    return line.append(f"{document['seconds']:6.1f} s", style="dim")


def work(concurrency: int, all_together: int | None, rate: float | None, grace: float, data: Path | None, json: bool) -> None:
    """Take cases until a signal comes; then finish what ends within `grace` seconds, and give back the rest."""
    place = Workplace(data)
    options: dict[str, Any] = {"concurrency": concurrency, "chores": Chores(place), "on_run": Lines(place, json)}
    with (
        telling_of_the_database(THE_SAME_AGAIN),
        listening() as told,
        Worker(place.environment, stands_by=True, **options) as worker,
    ):
        limits = worker.limit(all_together, rate)
        worker.take_cases()
        say(greeting(place, concurrency, *limits))
        while not told.stop.wait(LOOK_SECONDS):
            pass
        worker.take_no_more()
        finish(worker, told, grace)
    place.tell_troubles()


def finish(worker: Worker, told: Told, grace: float) -> None:
    """Work on what is under way until all of it has ended, the grace is over, or the second signal comes."""
    until = time.monotonic() + grace
    told.at_once.wait(LOOK_SECONDS)  # what was being taken at the moment of the signal is counted from now on
    if under_way := worker.under_way():
        say(f"Told to stop. {cases(under_way)} under way; what takes longer than {grace:g} s is given back, or all by Ctrl-C.")
    while worker.under_way() and time.monotonic() < until and not told.at_once.wait(LOOK_SECONDS):
        pass
    if given_back := worker.give_back():
        say(f"Gave back {cases(given_back)}; another worker goes on with what was done.")
    else:
        say("Stopped. Nothing was left undone here.")


def greeting(place: Workplace, concurrency: int, all_together: int | None, rate: float | None) -> str:
    limits = [f"{concurrency} at a time"]
    limits += [f"all workers together {all_together}"] if all_together else []
    limits += [f"and begin {rate:g} in a second"] if rate else []
    models = "" if place.gateway else " No model is configured, so rules do all the work."
    return f"Taking cases, {', '.join(limits)}.{models} Ctrl-C stops."


def cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number:,} cases"


def leave(code: int) -> NoReturn:
    """End this process, even where a thread whose case was given back still waits for a model."""
    others = [thread for thread in threading.enumerate() if thread is not threading.main_thread() and not thread.daemon]
    until = time.monotonic() + LOOK_SECONDS
    for thread in others:
        thread.join(max(0.0, until - time.monotonic()))
    if any(thread.is_alive() for thread in others):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
