"""A channel at work: it takes in what comes and sends what customers are told; where one cannot be done it waits alone."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.service.channels.channel import Channel, OutOfReach
from switchboard.service.channels.traffic import TakenIn, send_out, take_in

Says = Callable[[str], object]
"""Tells whoever runs the program."""
LOOK_SECONDS = 1.0
GRACE_SECONDS = 30.0
PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Seconds until the next try of what could not be done, the more the longer it cannot."""


class Side:
    """A mailbox, or a mail server, that may be away for a while: it is tried again ever later, which is said once."""

    def __init__(self, again: str, say: Says) -> None:
        self._again, self._say, self._failed, self._next = again, say, 0, 0.0

    @property
    def is_due(self) -> bool:
        return time.monotonic() >= self._next

    def answered(self) -> None:
        if self._failed:
            self._say(self._again)
        self._failed, self._next = 0, 0.0

    def failed(self, why: str) -> None:
        if not self._failed:
            self._say(f"{why.rstrip('.')}. It is tried again until it can be done.")
        self._next = time.monotonic() + PAUSES[min(self._failed, len(PAUSES) - 1)]
        self._failed += 1

    def rests(self, seconds: float) -> None:
        """Have nothing asked of it for so long."""
        self._next = time.monotonic() + seconds


class Served:
    """A channel at work: `turn` does what there is to do now, and waits a moment for more."""

    def __init__(self, worker: Worker, channel: Channel, team: str, looks_every: float, say: Says) -> None:
        self._worker, self._channel, self._team, self._looks_every, self._say = worker, channel, team, looks_every, say
        self._reading = Side(f"The channel {channel.name} is read again.", say)
        self._sending = Side("Answers are sent again.", say)
        self._next_look = 0.0

    def turn(self) -> None:
        if self._reading.is_due and time.monotonic() >= self._next_look:
            self._read()
        if self._sending.is_due:
            self.send()
        self._wait()

    def begin(self) -> TakenIn:
        """Take in what is there. Raises OutOfReach, and OperatorError for what must be mended."""
        try:
            taken = take_in(self._worker.environment, self._channel, self._team)
        finally:
            self._worker.put_on_queue()  # also what was kept before the mailbox broke off
        for wrong in taken.wrong:
            self._say(wrong)
        self._next_look = time.monotonic() + self._looks_every
        return taken

    def send(self) -> bool:
        """Send what is to be told. Returns whether nothing that could not be sent is left."""
        began = time.monotonic()
        environment = self._worker.environment
        sent, trouble = send_out(environment.engine, self._channel, environment.teams)
        if trouble:
            self._sending.failed(trouble)
        else:
            self._sending.answered()
            self._sending.rests(0.0 if sent else 10 * (time.monotonic() - began))  # with many cases it takes a while to look
        return not trouble

    def _read(self) -> None:
        try:
            self.begin()
            self._reading.answered()
        except (OutOfReach, OperatorError) as error:
            self._reading.failed(str(error))

    def _wait(self) -> None:
        if not self._reading.is_due:
            time.sleep(LOOK_SECONDS)
            return
        try:
            if self._channel.wait(LOOK_SECONDS):
                self._next_look = 0.0
        except (OutOfReach, OperatorError) as error:
            self._next_look = 0.0  # a new connection tells nothing of what came while there was none
            self._reading.failed(str(error))


@contextmanager
def beside(runs: Sequence[Callable[[Event], None]]) -> Iterator[None]:
    """Have each of these run in a thread of its own for as long as this lasts, which its event then tells it. It is waited for
    them no longer than the grace for all together: one that waits for another side ends with the process.
    """
    over = Event()
    threads = [Thread(target=run, args=(over,), daemon=True) for run in runs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        until = time.monotonic() + GRACE_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
