"""Durable runs on DBOS: one workflow for each run. What its effects gave is in our own journal; DBOS knows which runs there
are, who has begun them, and what waits on a queue.

DBOS is one to a process, so this is too. Its own tables stand in a schema beside ours, for each project another, on Postgres,
and in a file beside the rows on SQLite, where its writes must not wait for a tool's transaction.
"""

import logging
import math
import os
import platform
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from uuid import uuid4

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, SetWorkflowID, WorkflowStatus
from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from switchboard.cases.cases import RunRef
from switchboard.cases.runs import Begun, read_run, runs_among
from switchboard.database import IDLE_TRANSACTION_SECONDS, SQLITE, engine_schema, is_away, open_engine
from switchboard.engine.dbos_private import PortableJSON, refuse_pickle, tell_of_what_cannot_begin, wait_for_the_database
from switchboard.engine.journal import Ledger, Recorded
from switchboard.engine.queues import CASES, COMMANDS, POLL_SECONDS, open_queues
from switchboard.loop.journal import Lost, Superseded
from switchboard.notifications.table import NotificationsTable

NAME, VERSION = "switchboard", "1"
log = logging.getLogger("switchboard")
RUN = "run"
"""The one workflow that there is."""
MOST_LOSSES = 20
"""How often a run goes on from its record where another one wrote what it was about to write."""
UNFINISHED = ("PENDING", "ENQUEUED", "DELAYED")
BROKEN = ("ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")

Work = Callable[[RunRef, Begun, Recorded], RunRef | None]


def engine_url(rows: URL) -> URL:
    """Where DBOS keeps its tables: in the same Postgres, or in a file beside the SQLite file of the rows."""
    if rows.get_backend_name() != "sqlite":
        return rows
    return rows.set(database=f"{str(rows.database).removesuffix('.db')}-engine.db")


class Workflows:
    """The engine of one process. `work` is called for each run of its `teams`, in a thread of its own or in the caller's.

    `executor` names this process among all that share the database. `room` is how many runs of the queue "cases" are
    worked on here at a time: 0 until one `hears` that queue and is given room, and again to take nothing more.
    """

    def __init__(
        self,
        engine: Engine,
        work: Work,
        *,
        teams: Collection[str],
        notifications: NotificationsTable | None = None,
        hears: bool = False,
        concurrency: int = 50,
    ) -> None:
        self.engine, self.teams, self.notifications = engine, teams, notifications
        self.left_alone: set[str] = set()
        self.under_way: set[RunRef] = set()
        self._begins = threading.Lock()
        self.room = 0
        self.executor = f"{platform.node()[:60]}:{os.getpid()}:{uuid4().hex[:8]}"
        self.takes_cases = False
        self.work = work
        self.ledger = Ledger(engine, self.executor)
        global _here
        _here = self
        config: DBOSConfig = {
            "name": NAME,
            "dbos_system_schema": engine_schema(engine),
            "system_database_url": engine_url(engine.url).render_as_string(hide_password=False),
            "executor_id": self.executor,
            "application_version": VERSION,  # which code may go on with a run is decided step by step, not by a number
            "enable_otlp": False,
            "log_level": "ERROR",
            "serializer": PortableJSON,
            "sys_db_idle_transaction_timeout_sec": IDLE_TRANSACTION_SECONDS,
            "sys_db_pool_size": min(50, concurrency + 5),
            "max_executor_threads": concurrency + 10,
            # DBOS ends only after a look for messages to workflows, of which ours get none.
            "notification_listener_polling_interval_sec": 0.2,
        }
        self._tables = engine
        if engine.dialect.name == "sqlite":
            config["db_engine_kwargs"] = {"module": SQLITE}
            self._tables = open_engine(engine_url(engine.url).render_as_string())
            # This sets WAL on the file, where it stays set: without it each step would wait for a sync of its own.
            self._tables.connect().close()
        refuse_pickle()
        DBOS(config=config)
        wait_for_the_database()
        tell_of_what_cannot_begin(self._put_aside)
        DBOS.listen_queues([CASES if hears else COMMANDS])
        DBOS.launch()
        self._client = DBOSClient(
            system_database_engine=self._tables,
            dbos_system_schema=engine_schema(engine),
            serializer=PortableJSON,
            application_name=NAME,
            lazy=True,
        )
        open_queues(lambda: self.room)

    def run_here(self, ref: RunRef) -> None:
        """Work on a run, and on those that follow at once, in the caller's thread."""
        following: RunRef | None = ref
        while following:
            try:
                with SetWorkflowID(following.workflow_id):
                    number = _run(following.case_id, following.number)
            except Superseded:  # another process took it over
                self.let_go(following)
                self.wait_for(following)
                return
            following = RunRef(ref.case_id, number) if number else None

    def let_go(self, ref: RunRef) -> None:
        """Put a run on the queue that is this process's in the engine and another's by its row, as where that one claimed it
        between the two: each of them would wait for the other.
        """
        if ref not in self.under_way and ref in self.pending_of(self.executor):
            DBOS.resume_workflow(ref.workflow_id, queue_name=COMMANDS)

    def begins(self, ref: RunRef) -> bool:
        """Whether no thread of this process works on a run yet; then the caller does from now on."""
        with self._begins:
            if ref in self.under_way:
                return False
            self.under_way.add(ref)
            return True

    def journal(self, ref: RunRef, begun: Begun) -> Recorded:
        return Recorded(self.ledger, ref, begun.kept, begun.row.first, begun.row.owner)

    def give_back(self) -> list[RunRef]:
        """Take nothing more, and put what is under way on the queue again for others. Here it stops at its next step."""
        self.room = 0
        held: list[RunRef] = []
        for pause in (POLL_SECONDS * 2, 0.0):  # what was being taken at this moment shows up in the next
            if now := self.pending_of(self.executor):
                DBOS.resume_workflows([ref.workflow_id for ref in now], queue_name=CASES)
            held += now
            time.sleep(pause)
        return held

    def enqueue_all(self, session: Session, refs: Sequence[tuple[RunRef, int]], queue: str) -> None:
        """Put runs on a queue with their priorities, on Postgres in the session's own transaction. Those there already stay."""
        here = nullcontext(session.connection()) if self._tables is self.engine else self._tables.begin()
        with here as connection:
            for ref, priority in refs:
                options: EnqueueOptions = {"workflow_name": RUN, "queue_name": queue, "workflow_id": ref.workflow_id}
                options |= {"app_version": VERSION}
                if priority:  # the engine takes none for the highest, and refuses a 0
                    options["priority"] = priority
                self._client.enqueue_in_transaction(connection, options, ref.case_id, ref.number)

    def take_over(self, ref: RunRef, queue: str) -> None:
        """Put a run of a dead process on a queue. Its old owner, should it come back, finds that it has lost it."""
        status = self.status(ref)
        if status is None:
            with Session(self.engine) as session, session.begin():
                self.enqueue_all(session, [(ref, 0)], queue)
        elif status in UNFINISHED:
            DBOS.resume_workflow(ref.workflow_id, queue_name=queue)

    def wait_for(self, ref: RunRef, seconds: float = math.inf) -> bool:
        """Wait until nobody works on a run any more, however it ended. Returns whether that is so after so many seconds."""
        until = time.monotonic() + seconds
        while self.status(ref) in UNFINISHED:
            if time.monotonic() > until:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def status(self, ref: RunRef) -> str | None:
        """How a run stands in the engine; None where it has none. A row that is no run's any more is broken."""
        return next((w.status if w.name == RUN else BROKEN[0] for w in self._workflows([ref])), None)

    def is_broken(self, ref: RunRef) -> bool:
        """Whether a run has ended in the engine, and not by itself."""
        return self.status(ref) in BROKEN

    def queue_of(self, ref: RunRef) -> str | None:
        """The queue that a run waits on."""
        return next((w.queue_name for w in self._workflows([ref]) if w.status == "ENQUEUED"), None)

    def pending_of(self, executor: str) -> list[RunRef]:
        """The runs that a process had begun and not ended. What else stands in the engine's rows is none of ours."""
        found = DBOS.list_workflows(status="PENDING", executor_id=executor, load_input=False, load_output=False)
        refs = {w.workflow_id: _ref_of(w.workflow_id) if w.name == RUN else None for w in found}
        there = runs_among(self.engine, [ref for ref in refs.values() if ref])
        for workflow_id in (name for name, ref in refs.items() if ref not in there):
            self.leave_alone(workflow_id)
        return [ref for ref in refs.values() if ref in there]

    def leave_alone(self, workflow_id: str) -> None:
        """Say once that a row of the engine is none that this program wrote."""
        if workflow_id not in self.left_alone:
            self.left_alone.add(workflow_id)
            log.error("%r in the rows of the engine is no run of a case, or cannot be read: it is left aside", workflow_id)

    def _put_aside(self, workflow_id: str) -> None:
        """Have the engine forget that something is under way which it could not begin; of a case, `resume` gives it up."""
        self.leave_alone(workflow_id)
        DBOS.cancel_workflow(workflow_id)

    def cared_for(self, refs: Sequence[RunRef]) -> set[RunRef]:
        """Those of the runs that the engine has, but for such as wait for a command, which may never come."""
        found = self._workflows(refs)
        by_id = {ref.workflow_id: ref for ref in refs}
        return {by_id[w.workflow_id] for w in found if w.status != "ENQUEUED" or w.queue_name != COMMANDS}

    def _workflows(self, refs: Sequence[RunRef]) -> Sequence[WorkflowStatus]:
        ids = [ref.workflow_id for ref in refs]  # of none the engine would give all there are
        return DBOS.list_workflows(workflow_ids=ids, load_input=False, load_output=False) if ids else []

    def cancel(self, ref: RunRef) -> None:
        """Let nobody go on with a run; who works on it now finds so at the next step."""
        DBOS.cancel_workflow(ref.workflow_id)

    def close(self) -> None:
        self._client.destroy()
        DBOS.destroy()
        self.ledger.close()
        if self._tables is not self.engine:
            self._tables.dispose()


_here: Workflows


@DBOS.workflow(name=RUN)
def _run(case_id: str, number: int) -> int | None:
    """Work on a run until it is over. What could not be recorded is done again from the record."""
    here, ref = _here, RunRef(case_id, number)
    if ref.workflow_id != DBOS.workflow_id:
        here.leave_alone(str(DBOS.workflow_id))
        return None
    if not here.begins(ref):
        raise Superseded
    try:
        losses = 0
        while True:
            try:
                begun = read_run(here.engine, ref)
            except NoResultFound:
                here.leave_alone(ref.workflow_id)
                return None
            try:
                following = here.work(ref, begun, here.journal(ref, begun))
            except Lost as lost:
                losses += 1
                if lost.__cause__ is not None and is_away(lost.__cause__):
                    time.sleep(min(2.0, 0.05 * losses))  # a run waits until its database is back
                elif losses > MOST_LOSSES:  # the engine notes it as an error, and `resume` gives the run up
                    raise RuntimeError(f"what {ref.workflow_id} did could not be recorded {losses} times") from lost
            else:
                return following.number if following else None
    finally:
        here.under_way.discard(ref)


def forget(engine: Engine, refs: Sequence[RunRef]) -> None:
    """Delete what DBOS knows of runs that are over."""
    is_sqlite = engine.dialect.name == "sqlite"
    tables = open_engine(engine_url(engine.url).render_as_string()) if is_sqlite else engine
    client = DBOSClient(
        system_database_engine=tables, dbos_system_schema=engine_schema(engine), serializer=PortableJSON, lazy=True
    )
    try:
        client.delete_workflows([ref.workflow_id for ref in refs])
    finally:
        client.destroy()
        if is_sqlite:
            tables.dispose()


def _ref_of(workflow_id: str) -> RunRef | None:
    """The run that a workflow is, by its id; None where it can be none."""
    case_id, _, number = workflow_id.rpartition(":")
    return RunRef(case_id, int(number)) if case_id and number.isascii() and number.isdecimal() else None
