"""An end to waiting for a database that takes nothing: a person hears why and what to do, and the command ends in time.

It ends as a killed process does, since whatever it would write first would wait, too: the next command goes on with its work.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from switchboard import database
from switchboard.console.terminal.screen import say

TOLD_SECONDS, PATIENCE_SECONDS = 3.0, 60.0
"""After how long a wait is told, and how long a command waits."""
LONGEST_PAUSE_SECONDS = 3.0
"""Between two tries of the same wait."""
FAILED = 1
GOES_ON = "Nothing was done twice: `switchboard resume --all`, or any other command, goes on with what was under way."


class Patience:
    """Hears of each wait; `is_over` says from the seconds that one has lasted whether to give up."""

    def __init__(self, is_over: Callable[[float], bool], otherwise: str) -> None:
        self._is_over, self._otherwise = is_over, otherwise
        self._telling = threading.RLock()
        self._is_told = False
        self._heard_at, self._reason = -LONGEST_PAUSE_SECONDS, ""

    def __call__(self, waited: float, reason: str) -> None:
        with self._telling:
            self._heard_at, self._reason = time.monotonic(), reason
            if self._is_over(waited):
                self.give_up()
            if waited >= TOLD_SECONDS and not self._is_told:
                self._is_told = True
                say(f"Waiting for the database: {reason}. {cure(reason)} {self._otherwise}")

    @property
    def is_waiting(self) -> bool:
        return bool(self._reason) and time.monotonic() - self._heard_at < LONGEST_PAUSE_SECONDS

    def give_up(self) -> NoReturn:
        say(f"Stopped waiting for the database: {self._reason}. {cure(self._reason)} {GOES_ON}")
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(FAILED)


def cure(reason: str) -> str:
    return "Make room on its disk." if "full" in reason else "See that it can be reached and written."


@contextmanager
def patient(is_over: Callable[[float], bool], otherwise: str) -> Iterator[Patience]:
    """Tell of waits, and end this process when one of them has lasted long enough, for as long as this lasts."""
    before, database.on_wait = database.on_wait, (patience := Patience(is_over, otherwise))
    try:
        yield patience
    finally:
        database.on_wait = before


@contextmanager
def patient_for_a_minute() -> Iterator[None]:
    """The patience of a command. Ctrl-C ends a wait at once: the closing that it stands for otherwise would wait, too."""
    how_long = f"This goes on by itself then; after {PATIENCE_SECONDS:.0f} s, or with Ctrl-C, it ends."
    with patient(lambda waited: waited >= PATIENCE_SECONDS, how_long) as patience:

        def stop(number: int, frame: FrameType | None) -> None:
            if patience.is_waiting:
                patience.give_up()
            signal.default_int_handler(number, frame)

        is_main, before = threading.current_thread() is threading.main_thread(), signal.getsignal(signal.SIGINT)
        hears = is_main and before is signal.default_int_handler
        if hears:
            signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            if hears:
                signal.signal(signal.SIGINT, before)
