"""A workplace that is served by one process, which works on its cases itself where nobody else does."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from switchboard.cases.runs import Environment
from switchboard.console.app import Workplace
from switchboard.errors import OperatorError

if TYPE_CHECKING:
    from switchboard.engine.worker import Worker


class AtWork:
    """A workplace with one worker, which stands by, for all that is asked of it."""

    def __init__(self, place: Workplace, worker: "Worker") -> None:
        self._place, self._worker, self.project = place, worker, place.project

    @property
    def engine(self) -> Engine:
        return self._place.engine

    @property
    def environment(self) -> Environment:
        return self._place.environment

    def called(self, name: str) -> str:
        return self._place.called(name)

    @contextmanager
    def worker(self, about: str = "") -> "Iterator[Worker]":
        """The one worker, which takes cases from the queue where no other process does."""
        if not self._worker.is_worker and not self._worker.workers():
            with suppress(OperatorError):  # on SQLite, when another process becomes the worker at this moment
                self._worker.take_cases()
        yield self._worker
