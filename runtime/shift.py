"""One process at work on runs: the engine, the watch, and what the process gives to the runs, from opening to closing."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from runtime import bounds, record
from runtime.approvals import expire
from runtime.bounds import CASES, COMMANDS
from runtime.cases import Leg, open_case
from runtime.durable import UNFINISHED, Durable
from runtime.errors import OperatorError, SwitchboardError
from runtime.human import Human
from runtime.legs import Company, work_on
from runtime.run import new_id
from runtime.tables import LegRow, RunRow
from runtime.transcript import Entry
from runtime.watch import Watch, alive, sign_on, sweep, take_up

Document = dict[str, Any]


class Shift:
    """As a context manager. A worker (`takes_cases`) takes what is on the queue, a command works on its own runs; one
    that `stands_by` becomes a worker when it is told to.

    `concurrency` is how many cases a worker works on at a time. `chores` are done now and then by a worker, and must be
    safe when two processes do them at once. `on_leg` is told of each leg that was taken from a queue and is over.
    """

    def __init__(
        self,
        company: Company,
        *,
        takes_cases: bool = False,
        stands_by: bool = False,
        concurrency: int = 50,
        chores: Callable[[], object] = lambda: None,
        on_leg: Callable[[Leg], object] = lambda leg: None,
    ) -> None:
        self.company = company
        self.concurrency, self._takes_cases, self._on_leg = concurrency, takes_cases, on_leg
        self.durable = Durable(
            company.engine, self._work, teams=company.teams, hears=takes_cases or stands_by, concurrency=concurrency
        )
        self._watch = Watch(self.durable, chores)

    def _work(self, leg: Leg, journal: Any) -> Leg | None:
        following = work_on(self.company, leg, journal)
        self._on_leg(leg)
        return following

    def __enter__(self) -> "Shift":
        self._watch.start()
        if self._takes_cases:
            try:
                self.take_cases()
            except OperatorError:
                self._watch.stop()
                self.durable.close()
                raise
        return self

    def take_cases(self) -> None:
        """Become a worker. Raises OperatorError on SQLite while another process is one."""
        import runtime.bind  # noqa: F401 - AutoGen takes most of a second to import, and many cases would wait for it

        sign_on(self.durable)
        self.durable.room = self.concurrency

    def limit(self, all_together: int | None, per_second: float | None) -> tuple[int | None, float | None]:
        """Set how many cases all workers work on at a time, and begin in a second: None leaves one as it is, 0 takes it
        away. Returns what holds.
        """
        if (all_together, per_second) != (None, None):
            bounds.limit(all_together, per_second)
        return bounds.limits()

    def under_way(self) -> int:
        """How many legs this process works on."""
        return len(self.durable.pending_of(self.durable.executor))

    def put_on_queue(self) -> None:
        """Put on the queue what was kept for whoever takes it up."""
        while take_up(self.durable, CASES):
            pass

    @property
    def is_worker(self) -> bool:
        return self.durable.takes_cases

    def take_no_more(self) -> None:
        self.durable.room = 0

    def give_back(self) -> int:
        """Put what is under way on the queue again, for others; here it stops at its next step. Returns how many."""
        return len(self.durable.give_back())

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None or issubclass(kind, SwitchboardError):
            self._see_out()
        self._watch.stop()
        self.durable.close()

    def _see_out(self) -> None:
        """Wait for what this command has begun beside its own; a worker gives it back."""
        if self.durable.takes_cases:
            self.durable.give_back()
        else:
            for leg in self.durable.pending_of(self.durable.executor):
                self.durable.wait_for(leg)

    def open_case(
        self,
        team: str,
        words: str,
        *,
        known: Mapping[str, str] | None = None,
        folder: Path | None = None,
        human: Human | None = None,
        on_entry: Callable[[Entry], None] | None = None,
    ) -> Leg:
        """Keep a new case, to be worked on by this process."""
        run_id = new_id()
        if human:
            self.company.humans[run_id] = human
        run = self.company.run(run_id, team)
        run.known, run.folder = dict(known or {}), folder
        if on_entry:  # from the first leg on, which begins with the customer's words
            self.company.watchers[run_id] = on_entry
        return open_case(self.company.engine, run, words, self.durable.executor)

    def work(self, leg: Leg) -> Document:
        """Work on a leg here and now, and on what follows at once. Returns the run's document."""
        self.durable.run_here(leg)
        return self.document(leg.run_id)

    def take_up(self) -> list[Leg]:
        """Begin what nobody works on, beside what this command does. Where workers are alive they do that."""
        return [] if self.workers() else sweep(self.durable, COMMANDS, with_model=self.company.gateway is not None)

    def wait_for(self, leg: Leg) -> Document:
        """Wait until a leg is over, wherever it is worked on; should that process die, another one goes on with it."""
        while not self.durable.wait_for(leg, seconds=1.0):
            self.take_up()
        return self.document(leg.run_id)

    def claim(self, run_id: str) -> Leg | None:
        """The leg of a run that was begun and that nobody works on, for this process. What is late is refused before."""
        expire(self.company.engine)
        if self.workers():
            return None
        number = select(RunRow.leg).where(RunRow.id == run_id, RunRow.end.is_(None)).scalar_subquery()
        mine = update(LegRow).where(LegRow.run_id == run_id, LegRow.number == number, LegRow.executor.is_(None))
        with Session(self.company.engine) as session, session.begin():
            claimed = session.execute(mine.values(executor=self.durable.executor)).rowcount  # type: ignore[attr-defined]
        return self.newest_leg(run_id) if claimed else None

    def is_under_way(self, run_id: str) -> bool:
        """Whether the newest leg of a run is being worked on, or waits in a queue."""
        return self.durable.status(self.newest_leg(run_id)) in UNFINISHED

    def workers(self) -> list[str]:
        """The other processes that are alive and take cases from the queue."""
        return sorted(alive(self.company.engine, takes_cases=True) - {self.durable.executor})

    def left_to(self, run_id: str) -> str:
        """Who goes on with a run whose next leg is about to begin, when it is not this process: a sentence, or ""."""
        if self.workers():
            return "A worker goes on with it."
        with Session(self.company.engine.execution_options(reading=True)) as session:
            asks_model = json.loads(session.get_one(RunRow, run_id).state or "{}").get("asks_model")
        if asks_model and self.company.gateway is None:
            return "It was begun with a model and none is configured here, so it goes on with a worker that has one."
        return ""

    def document(self, run_id: str) -> Document:
        return record.load(self.company.engine, run_id)

    def newest_leg(self, run_id: str) -> Leg:
        with Session(self.company.engine.execution_options(reading=True)) as session:
            return Leg(run_id, session.get_one(RunRow, run_id).leg)
