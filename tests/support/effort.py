"""That nothing takes work out of proportion to what it is given, on a busy machine as on an idle one."""

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


LITTLE, LONGEST, STEEP = 0.02, 3.0, 2.6
"""Seconds that a text may take, whatever a part of it takes; that it may never take; and by how much work may grow where the
text doubles, with room for what is n log n and for a busy machine."""
ALIKE, EIGHTH = 4.5, 8
"""How much more a part may take than its own quarter before the whole text is looked at, and which part that is."""


def growth(use: Callable[[str], object], text: str) -> str:
    """What a text costs, where that grows faster than the text does; else "". Of a text that costs little nothing is said."""
    part = text[: len(text) // EIGHTH]
    took, small = _seconds(use, part), _seconds(use, part[: len(part) // 4])
    if took > LONGEST / 10:  # what is steep is seen at a part, before the whole takes minutes
        return _steep(use, part, took)
    if took < LITTLE / EIGHTH**2 or took < ALIKE * small:
        return ""
    took = _seconds(use, text)
    return _steep(use, text, took) if took > LITTLE else ""


def _steep(use: Callable[[str], object], text: str, took: float) -> str:
    part = text[: len(text) // 4]
    for _ in range(4):
        small = min(_seconds(use, part) for _ in range(3))
        if took <= LONGEST and took <= STEEP**2 * small:
            return ""
        took = min(took, _seconds(use, text))
        if took <= LITTLE / EIGHTH**2:
            return ""
    return f"{took:.3f} s after {small:.3f} s for a quarter of {len(text):,} characters"


def _seconds(use: Callable[[str], object], text: str) -> float:
    began = thread_time()
    use(text)
    return thread_time() - began
