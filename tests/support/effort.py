"""That nothing takes work out of proportion to what it is given, on a busy machine as on an idle one."""

from collections.abc import Iterator
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
