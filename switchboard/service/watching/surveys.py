"""What takes long to find about the queue, kept for a moment for all who look at it."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from switchboard.service.watching.changes import Mark

KEPT_SECONDS, AT_ONCE = 1.0, 16
A = TypeVar("A")


class Stand(NamedTuple):
    """How the queue stood, and when that was read, by the clock of this process."""

    mark: Mark
    at: float


class Found(NamedTuple):
    """What was found, and how the queue stood when it began to be looked for."""

    stand: Stand
    what: Any

    def holds(self, stand: Stand) -> bool:
        is_new = time.monotonic() <= self.stand.at + KEPT_SECONDS
        return is_new and (self.stand.mark == stand.mark or self.stand.at >= stand.at)


class Surveys:
    """What takes long to find, as it was found within the last second, for a process that shows the queue to many people at
    once. It is found anew as soon as a run begins or ends, a call waits, or a ticket is opened or settled; and whose a case is,
    is never taken from here.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, Found] = {}
        self._locks = [threading.Lock() for _ in range(AT_ONCE)]

    def once(self, engine: Engine, what: Hashable, stand: Stand, find: Callable[[Session], A]) -> A:
        """What was found while the queue stood so, or later. Who waits here holds no connection, which who finds may need."""
        with self._locks[hash(what) % AT_ONCE]:  # who asks for the same waits for it
            kept = self._kept.get(what)
            if kept is None or not kept.holds(stand):
                begun = Stand(stand.mark, time.monotonic())
                with Session(engine.execution_options(reading=True)) as session:
                    kept = Found(begun, find(session))
                oldest = time.monotonic() - KEPT_SECONDS
                self._kept = {one: old for one, old in self._kept.items() if old.stand.at >= oldest} | {what: kept}
            return cast(A, kept.what)
