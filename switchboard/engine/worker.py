"""One process at work on runs: the engine, the heartbeat, and what the process gives to the runs, from opening to closing."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from switchboard.accounts.seals import check_key
from switchboard.cases import documents
from switchboard.cases.approvals import expire
from switchboard.cases.cases import RunRef, open_case
from switchboard.cases.runs import Begun, Environment, work_on
from switchboard.cases.tables import CaseRow, RunRow
from switchboard.declare.document import Document
from switchboard.declare.human import Human
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import View
from switchboard.engine import queues as bounds
from switchboard.engine.heartbeat import Heartbeat, alive, sign_on, sweep, take_up
from switchboard.engine.queues import CASES, COMMANDS
from switchboard.engine.workflows import UNFINISHED, Workflows
from switchboard.errors import OperatorError, SwitchboardError
from switchboard.loop.drive import new_id
from switchboard.loop.journal import Journal
from switchboard.plays.default import rules_of

log = logging.getLogger("switchboard")
GREETING = "Hello, I would like to ask you something, please."


class Worker:
    """As a context manager. A worker (`takes_cases`) takes what is on the queue, a command works on its own runs; one
    that `stands_by` becomes a worker when it is told to.

    `concurrency` is how many cases a worker works on at a time. `chores` are done now and then by a worker, and must be
    safe when two processes do them at once.
    """

    def __init__(
        self,
        environment: Environment,
        *,
        takes_cases: bool = False,
        stands_by: bool = False,
        concurrency: int = 50,
        chores: Callable[[], object] = lambda: None,
    ) -> None:
        check_key(environment.engine)
        self.environment = environment
        self.concurrency, self._takes_cases = concurrency, takes_cases
        self.workflows = Workflows(
            environment.engine,
            self._work,
            teams=environment.teams,
            notifications=environment.notifications,
            hears=takes_cases or stands_by,
            concurrency=concurrency,
        )
        self._heartbeat = Heartbeat(self.workflows, chores, self._endpoints)

    def _endpoints(self) -> dict[str, list[str]]:
        return self.environment.gateway.states() if self.environment.gateway else {}

    def _work(self, ref: RunRef, begun: Begun, journal: Journal) -> RunRef | None:
        return work_on(self.environment, ref, begun, journal)

    def __enter__(self) -> "Worker":
        self._heartbeat.start()
        if self._takes_cases:
            try:
                self.take_cases()
            except OperatorError:
                self._heartbeat.stop()
                self.workflows.close()
                raise
        return self

    def take_cases(self) -> None:
        """Become a worker. Raises OperatorError on SQLite while another process is one."""
        import switchboard.loop.autogen_chat  # noqa: F401 - AutoGen takes most of a second to import, and many cases would wait for it

        for team in self.environment.teams.values():
            warm_up(team)
        sign_on(self.workflows)
        self.workflows.room = self.concurrency

    def limit(self, all_together: int | None, per_second: float | None) -> tuple[int | None, float | None]:
        """Set how many cases all workers work on at a time, and begin in a second: None leaves one as it is, 0 takes it
        away. Returns what holds.
        """
        if (all_together, per_second) != (None, None):
            bounds.limit(all_together, per_second)
        return bounds.limits()

    def under_way(self) -> int:
        """How many runs this process works on."""
        return len(self.workflows.pending_of(self.workflows.executor))

    def put_on_queue(self) -> None:
        """Put on the queue what was kept for whoever takes it up."""
        while take_up(self.workflows, CASES):
            pass

    @property
    def is_worker(self) -> bool:
        return self.workflows.takes_cases

    def take_no_more(self) -> None:
        self.workflows.room = 0

    def give_back(self) -> int:
        """Put what is under way on the queue again, for others; here it stops at its next step. Returns how many."""
        return len(self.workflows.give_back())

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None or issubclass(kind, SwitchboardError):
            self._see_out()
        self._heartbeat.stop()
        self.workflows.close()

    def _see_out(self) -> None:
        """Wait for what this command has begun beside its own; a worker gives it back."""
        if self.workflows.takes_cases:
            self.workflows.give_back()
        else:
            for ref in self.workflows.pending_of(self.workflows.executor):
                self.workflows.wait_for(ref)

    def open_case(
        self,
        team: str,
        words: str,
        *,
        known: Mapping[str, str] | None = None,
        folder: Path | None = None,
        human: Human | None = None,
    ) -> RunRef:
        """Keep a new case, to be worked on by this process."""
        case_id = new_id()
        if human:
            self.environment.humans[case_id] = human
        run = self.environment.run(case_id, team)
        run.known, run.folder = dict(known or {}), folder
        return open_case(self.environment.engine, run, words, self.workflows.executor)

    def work(self, ref: RunRef) -> Document:
        """Work on a run here and now, and on what follows at once. Returns the case's document."""
        self.workflows.run_here(ref)
        return self.document(ref.case_id)

    def take_up(self) -> list[RunRef]:
        """Begin what nobody works on, beside what this process does. Where other workers are alive they do that."""
        queue = CASES if self.is_worker else COMMANDS
        return [] if self.workers() else sweep(self.workflows, queue, with_model=self.environment.gateway is not None)

    def wait_for(self, ref: RunRef) -> Document:
        """Wait until a run is over, wherever it is worked on; should that process die, another one goes on with it."""
        while not self.workflows.wait_for(ref, seconds=1.0):
            self.take_up()
        return self.document(ref.case_id)

    def claim(self, case_id: str) -> RunRef | None:
        """The run of a case that was begun and that nobody works on, for this process. What is late is refused before."""
        expire(self.environment.engine)
        if self.workers():
            return None
        number = (
            select(CaseRow.run).where(CaseRow.id == case_id, CaseRow.end.is_(None), CaseRow.parent.is_(None)).scalar_subquery()
        )
        mine = update(RunRow).where(RunRow.case_id == case_id, RunRow.number == number, RunRow.owner.is_(None))
        with Session(self.environment.engine) as session, session.begin():
            claimed = session.execute(mine.values(owner=self.workflows.executor)).rowcount  # type: ignore[attr-defined]
        return self.newest_run(case_id) if claimed else None

    def is_under_way(self, case_id: str) -> bool:
        """Whether the newest run of a case is being worked on, or waits in a queue."""
        return self.workflows.status(self.newest_run(case_id)) in UNFINISHED

    def workers(self) -> list[str]:
        """The other processes that are alive and take cases from the queue."""
        return sorted(alive(self.environment.engine, takes_cases=True) - {self.workflows.executor})

    def left_to(self, case_id: str) -> str:
        """Who goes on with a case whose next run is about to begin, when it is not this process: a sentence, or ""."""
        if self.workers():
            return "A worker goes on with it."
        with Session(self.environment.engine.execution_options(reading=True)) as session:
            state = session.get_one(CaseRow, case_id).state
        if state and state["asks_model"] and self.environment.gateway is None:
            return "It was begun with a model and none is configured here, so it goes on with a worker that has one."
        return ""

    def document(self, case_id: str) -> Document:
        return documents.load(self.environment.engine, case_id)

    def newest_run(self, case_id: str) -> RunRef:
        with Session(self.environment.engine.execution_options(reading=True)) as session:
            return RunRef(case_id, session.get_one(CaseRow, case_id).run)


def warm_up(team: TeamSpec) -> None:
    """Have the rules of a team's entry agent read what they read but once, such as what they have learned: a case that was
    begun would wait for it.
    """
    spec = team.members[team.flow.entry]
    try:
        rules_of(spec, team)(View(spec.name, GREETING, GREETING))
    except Exception:  # the worker still serves the cases in which these rules do not fail
        log.exception("the rules of %s fail on a greeting, and so will cases of team %s", spec.name, team.name)
