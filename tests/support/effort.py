"""That nothing takes work out of proportion to what it is given, on a busy machine as on an idle one."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import thread_time

TOO_MUCH = 10.0
"""Seconds of the processor: far more than a megabyte needs when it is gone over once, far less than when each place in it
sets out anew."""


@contextmanager
def in_proportion() -> Iterator[None]:
    """Fails where this thread kept the processor busy for too long; waiting for others does not count."""
    began = thread_time()
    yield
    assert thread_time() - began < TOO_MUCH


LITTLE = 0.002
"""Seconds of the processor below which nothing is said of a text."""
PART, STEEP, TIMES = 4, 6.8, 6
"""What part of a text the whole is held against, by how much more the whole may take (four is in proportion, sixteen goes with
the square), and how often that is looked at: on a busy machine a part may seem quick, but the whole not every time slow."""


class TookTooLong(BaseException):
    """Nobody waited for the end. No `except Exception` of what is measured takes it for its own."""


def growth(use: Callable[[str], object], text: str, part: str = "", most: float = TOO_MUCH) -> str:
    """What a text costs, where that grows faster than the text does, or is more than `most` seconds; else "".
    `part` is one like it of a quarter of its length, where its beginning is not.
    """
    part = part or text[: len(text) // PART]
    whole, small = _seconds(use, text, most), 0.0
    for _ in range(TIMES):
        if whole < LITTLE:
            return ""
        small = max(small, _seconds(use, part, most))
        if whole >= most:
            break
        if whole <= STEEP * small:
            return ""
        whole = min(whole, _seconds(use, text, most))
    return f"{whole:.3f} s for {len(text):,} characters after {small:.3f} s for {len(part):,}"


def _seconds(use: Callable[[str], object], text: str, most: float) -> float:
    """The seconds that a text takes, or `most` where it was not through by then."""
    began = thread_time()
    try:
        with _at_most(most):
            use(text)
    except TookTooLong:
        return most
    return thread_time() - began


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raises TookTooLong in the midst of it, in a regular expression too, once the process has been busy for so long."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return

    def over(*_: object) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
