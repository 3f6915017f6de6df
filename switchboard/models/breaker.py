"""How often an endpoint is asked: one that keeps failing is left alone for a while, a busy one is asked more slowly."""

import math
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from switchboard.models.failures import Failure, Status

FIRST_WAIT, LONGEST_WAIT = 0.25, 8.0
MOST_ASKED = 3600.0
"""Seconds that an endpoint is left alone because it asked for it; then one request looks whether it still wants that."""
FIRST_GAP, LONGEST_GAP, FASTER = 0.05, 30.0, 0.95
"""Seconds between two requests to a busy endpoint, and how they shrink with each that is taken."""


class Breaker:
    """Opens after `failures` failures in a row, for `pause` seconds; then lets one call try.

    Ours, because pybreaker 1.4 holds its lock during the call, so that runs in many threads would ask one by one.
    """

    def __init__(self, failures: int, pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._failures = failures
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._next_trial: float | None = None

    def lets_pass(self) -> bool:
        """May this call go? A call that may must report `answered` or `failed`."""
        with self._lock:
            if self._next_trial is None:
                return True
            if self._clock() < self._next_trial:
                return False
            self._next_trial = self._clock() + self._pause  # this call is the trial; the others wait for it
            return True

    def answered(self) -> None:
        with self._lock:
            self._in_a_row = 0
            self._next_trial = None

    def failed(self) -> None:
        with self._lock:
            self._in_a_row += 1
            if self._in_a_row >= self._failures:
                self._next_trial = self._clock() + self._pause

    @property
    def seconds_left(self) -> float:
        """Until the next trial; 0 when calls pass."""
        with self._lock:
            return 0.0 if self._next_trial is None else max(0.0, self._next_trial - self._clock())


@dataclass(frozen=True)
class Turn:
    """When a request may go, in `seconds` from now, unless the endpoint says meanwhile that there are too many."""

    seconds: float
    slowed: int


class Pace:
    """When the next request to one endpoint may go, for all threads of a process: evenly spread out once it said that there
    are too many, ever faster while it takes them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._gap = 0.0  # seconds between two requests
        self._next = 0.0
        self._slowed = 0  # how often
        self._since = -math.inf

    def take_turn(self, most: float) -> Turn | None:
        """The turn of this request, which is taken; None, and nothing taken, where it is more than `most` seconds away."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            if turn - now > most:
                return None
            self._next = turn + self._gap
            return Turn(turn - now, self._slowed)

    def holds(self, turn: Turn) -> bool:
        """Whether a turn that was waited for is still one: where we were slowed down meanwhile all are taken anew."""
        return turn.slowed == self._slowed

    def taken(self) -> None:
        """A request was answered."""
        with self._lock:
            self._gap = self._gap * FASTER if self._gap * FASTER >= FIRST_GAP / 2 else 0.0

    def too_many(self, since: float, asked_wait: float) -> None:
        """A request that began at `since` was one too many; the other side wants to be left alone for `asked_wait` seconds.
        Those that were on their way at the same time say the same thing once more, so they do not slow us further.
        """
        with self._lock:
            now = self._clock()
            if since > self._since:
                self._gap = min(max(self._gap * 2, FIRST_GAP), LONGEST_GAP)
                self._slowed, self._since, self._next = self._slowed + 1, now, now
            self._next = max(self._next, now + asked_wait)

    @property
    def gap(self) -> float:
        """Seconds between two requests, 0 where as many go as there are."""
        return self._gap

    @property
    def seconds_left(self) -> float:
        """Until the next turn."""
        with self._lock:
            return max(0.0, self._next - self._clock())


def wait_after(error: Failure, times: int) -> float:
    """Seconds before the next try: what the server asked for (Retry-After: seconds or a date), within reason, else a growing
    wait.
    """
    asked = error.asked_wait if isinstance(error, Status) else None
    if asked is not None:
        try:
            seconds = float(asked) if re.match(r"[\d.+-]", asked) else _seconds_until(asked)
            if math.isfinite(seconds):
                return min(max(0.0, seconds), MOST_ASKED)
        except ValueError:
            pass  # not a form of Retry-After that the standard knows
    return min(FIRST_WAIT * 2.0 ** min(times, 10), LONGEST_WAIT) + random.uniform(0, FIRST_WAIT)


def _seconds_until(date: str) -> float:
    when = parsedate_to_datetime(date)
    return (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
