"""Where the pages work: the rows and the project as the terminal has them, and the agents, whom no page waits for."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from switchboard.cases.runs import Environment
from switchboard.console.app import Workplace
from switchboard.console.web.beside import Customers, look_of
from switchboard.engine.worker import Worker
from switchboard.project import Project
from switchboard.service.watching.surveys import Surveys


class BesidePages(Worker):
    """The worker of a process that shows pages: what an operator begins goes onto the queue."""

    def left_to(self, case_id: str) -> str:
        return "The agents go on with it."


class Desk:
    """A `Place` for the use cases, for as long as pages are served."""

    def __init__(self, place: Workplace, worker: Worker) -> None:
        self.place, self._worker = place, worker
        self.surveys = Surveys()
        self.customers = Customers(place.engine, place.environment.services, look_of(place.project))

    @property
    def engine(self) -> Engine:
        return self.place.engine

    @property
    def environment(self) -> Environment:
        return self.place.environment

    @property
    def project(self) -> Project:
        return self.place.project

    def called(self, name: str) -> str:
        return self.place.called(name)

    @contextmanager
    def worker(self, about: str = "") -> Iterator[Worker]:
        """The one worker of this process; where it takes cases it does so at once, and another process soon does."""
        yield self._worker
        if self._worker.is_worker:
            self._worker.put_on_queue()
