"""A circuit breaker: an endpoint that keeps failing is left alone for a while, then tried with one call."""

import threading
import time
from collections.abc import Callable


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
