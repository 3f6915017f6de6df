"""Durable runs on DBOS: one workflow per run, one recorded step per effect, writes in one transaction with their record.

DBOS is one to a process, so this is too. Its own tables stand beside ours on Postgres, and in a file beside the rows on
SQLite, where a step's record must not wait for a tool's transaction.
"""

import math
import os
import platform
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from types import TracebackType
from typing import Any
from uuid import uuid4

import dbos._sys_db
from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, SetWorkflowID, SQLAlchemyDatasource, WorkflowStatus
from dbos._error import DBOSException
from dbos._serialization import DBOSPortableJSON, PortableWorkflowError
from sqlalchemy import Connection, Engine, bindparam, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from switchboard.cases.cases import RunRef
from switchboard.cases.tables import CaseRow
from switchboard.database import IDLE_TRANSACTION_SECONDS, SQLITE, is_away, open_engine, patiently
from switchboard.declare.outcomes import Outcome
from switchboard.engine.queues import CASES, COMMANDS, POLL_SECONDS, open_queues
from switchboard.engine.step_records import records_of, steps_url
from switchboard.errors import GaveUp
from switchboard.loop.journal import Diverged, Lost

NAME, VERSION = "switchboard", "1"
WANTED = select(CaseRow.cancelled_by, CaseRow.held_by).where(CaseRow.id == bindparam("case_id"))
UNFINISHED = ("PENDING", "ENQUEUED", "DELAYED")

Work = Callable[[RunRef, "Recorded"], RunRef | None]


class Workflows:
    """The engine of one process. `work` is called for each run of its `teams`, in a thread of its own or in the caller's.

    `executor` names this process among all that share the database. `room` is how many runs of the queue "cases" are
    worked on here at a time: 0 until one `hears` that queue and is given room, and again to take nothing more.
    """

    def __init__(
        self, engine: Engine, work: Work, *, teams: Collection[str], hears: bool = False, concurrency: int = 50
    ) -> None:
        self.engine, self.teams = engine, teams
        self.left_alone: set[str] = set()
        # Asked in every step: on Postgres without a transaction, whose end would make the server forget what it has prepared.
        options = {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else {"reading": True}
        self.reading = engine.execution_options(**options)
        self.under_way: Counter[RunRef] = Counter()
        self.room = 0
        self.executor = f"{platform.node()[:60]}:{os.getpid()}:{uuid4().hex[:8]}"
        self.takes_cases = False
        self.work = work
        global _here
        _here = self
        url = engine.url.render_as_string(hide_password=False)
        config: DBOSConfig = {
            "name": NAME,
            "system_database_url": steps_url(engine.url).render_as_string(hide_password=False),
            "executor_id": self.executor,
            "application_version": VERSION,  # which code may go on with a run is decided step by step, not by a number
            "enable_otlp": False,
            "log_level": "ERROR",
            "serializer": DBOSPortableJSON,
            "sys_db_idle_transaction_timeout_sec": IDLE_TRANSACTION_SECONDS,
            "sys_db_pool_size": min(50, concurrency + 5),
            "max_executor_threads": concurrency + 10,
        }
        self._steps = engine
        if engine.dialect.name == "sqlite":
            config["db_engine_kwargs"] = {"module": SQLITE}
            self._steps = open_engine(steps_url(engine.url).render_as_string())
            # This sets WAL on the file, where it stays set: without it each step would wait for a sync of its own.
            self._steps.connect().close()
        DBOS(config=config)
        self.datasource = SQLAlchemyDatasource.create(url, engine=engine, serializer=DBOSPortableJSON)
        # DBOS waits for its database as long, and for the same reasons, as everything else of a run does.
        dbos._sys_db.retriable_postgres_exception = is_away  # type: ignore[assignment, attr-defined]
        again = self.datasource._is_serialization_error
        self.datasource._is_serialization_error = lambda error: again(error) or is_away(error)  # type: ignore[method-assign]
        DBOS.listen_queues([CASES if hears else COMMANDS])
        DBOS.launch()
        self._client = DBOSClient(
            system_database_engine=self._steps, serializer=DBOSPortableJSON, application_name=NAME, lazy=True
        )
        open_queues(lambda: self.room)

    def run_here(self, ref: RunRef) -> None:
        """Work on a run, and on those that follow at once, in the caller's thread."""
        following: RunRef | None = ref
        while following:
            try:
                with SetWorkflowID(following.workflow_id):
                    number = _run(following.case_id, following.number)
            except Lost:
                self._go_on(following)
                return
            following = RunRef(ref.case_id, number) if number else None

    @patiently
    def _go_on(self, ref: RunRef) -> None:
        """Work on a run from its record once more, in a thread of its own."""
        self.take_over(ref, COMMANDS)
        self.wait_for(ref)

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
        here = nullcontext(session.connection()) if self._steps is self.engine else self._steps.begin()
        with here as connection:
            for ref, priority in refs:
                options: EnqueueOptions = {"workflow_name": "run", "queue_name": queue, "workflow_id": ref.workflow_id}
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
        return next((workflow.status for workflow in self._workflows([ref])), None)

    def queue_of(self, ref: RunRef) -> str | None:
        """The queue that a run waits on."""
        return next((w.queue_name for w in self._workflows([ref]) if w.status == "ENQUEUED"), None)

    def pending_of(self, executor: str) -> list[RunRef]:
        """The runs that a process had begun and not ended."""
        found = DBOS.list_workflows(status="PENDING", executor_id=executor, load_input=False, load_output=False)
        return [_ref_of(workflow.workflow_id) for workflow in found]

    def abandoned(self) -> list[RunRef]:
        """The runs that are this process's own, and that none of its threads works on: an error ended the one that did."""
        return [ref for ref in self.pending_of(self.executor) if not self.under_way[ref]]

    def cared_for(self, refs: Sequence[RunRef]) -> set[RunRef]:
        """Those of the runs that the engine has, but for such as wait for a command, which may never come."""
        found = self._workflows(refs)
        return {_ref_of(w.workflow_id) for w in found if w.status != "ENQUEUED" or w.queue_name != COMMANDS}

    def _workflows(self, refs: Sequence[RunRef]) -> Sequence[WorkflowStatus]:
        ids = [ref.workflow_id for ref in refs]  # of none the engine would give all there are
        return DBOS.list_workflows(workflow_ids=ids, load_input=False, load_output=False) if ids else []

    def cancel(self, ref: RunRef) -> None:
        """Let nobody go on with a run; who works on it now finds so at the next step."""
        DBOS.cancel_workflow(ref.workflow_id)

    def records(self, ref: RunRef) -> list[tuple[str, Outcome]]:
        """The recorded steps of a run, in order."""
        return records_of(self._client, self.engine, ref)

    def close(self) -> None:
        self._client.destroy()
        DBOS.destroy()
        if self._steps is not self.engine:
            self._steps.dispose()


_here: Workflows


@DBOS.workflow(name="run")
def _run(case_id: str, number: int) -> int | None:
    here, ref = _here, RunRef(case_id, number)
    here.under_way[ref] += 1
    try:
        following = here.work(ref, Recorded(here, ref))
        return following.number if following else None
    finally:
        here.under_way[ref] -= 1


class Recorded:
    """The journal of one run inside of its workflow."""

    def __init__(self, workflows: Workflows, ref: RunRef) -> None:
        self._durable, self._run = workflows, ref
        isolated = "READ COMMITTED" if workflows.engine.dialect.name == "postgresql" else "SERIALIZABLE"
        self._isolation = isolated

    def step(self, name: str, act: Callable[[], Outcome]) -> Outcome:
        # Inside of another step this one would be a plain call, made again after a crash and recorded nowhere.
        assert DBOS.workflow_id and DBOS.step_id is None, f"{name} is not called from a workflow"
        try:
            return DBOS.run_step({"name": name}, act)
        except DBOSException as error:
            raise Diverged(str(error)) from error

    def transaction(self, name: str, act: Callable[[Session], Outcome]) -> Outcome:
        source = self._durable.datasource
        assert DBOS.workflow_id and DBOS.step_id is None, f"{name} is not called from a workflow"
        try:
            options: Any = {"name": name, "isolation_level": self._isolation}
            return source.run_tx_step(options, lambda: act(source.sql_session()))
        except PortableWorkflowError as error:  # how an error comes back from the record
            raise GaveUp(str(error)) from error
        except DBOSException as error:
            raise Diverged(str(error)) from error
        except DBAPIError as error:
            if is_away(error):
                raise Lost from error
            raise

    def wanted(self, session: Session | None = None) -> str | None:
        # What goes wrong in a transaction is for the transaction, which is made again as a whole.
        return self._wanted(session) if session else self._wanted_now()

    @patiently
    def _wanted_now(self) -> str | None:
        with self._durable.reading.connect() as connection:
            return self._wanted(connection)

    def _wanted(self, asked: Session | Connection) -> str | None:
        cancelled_by, held_by = asked.execute(WANTED, {"case_id": self._run.case_id}).one()
        return "cancel" if cancelled_by else "take" if held_by else None

    def records(self) -> list[tuple[str, Outcome]]:
        return self._durable.records(self._run)


class Steps:
    """The recorded steps, for a command that works on no run: as a context manager."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._steps = engine, engine
        if engine.dialect.name == "sqlite":
            self._steps = open_engine(steps_url(engine.url).render_as_string())
        self._client = DBOSClient(system_database_engine=self._steps, serializer=DBOSPortableJSON, lazy=True)

    def __enter__(self) -> "Steps":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.destroy()
        if self._steps is not self._engine:
            self._steps.dispose()

    def records(self, ref: RunRef) -> list[tuple[str, Outcome]]:
        """The recorded steps of a run, in order."""
        return records_of(self._client, self._engine, ref)

    def worker_on(self, ref: RunRef) -> str | None:
        """The process that has begun a run and not ended it."""
        found = self._client.list_workflows(workflow_ids=[ref.workflow_id], load_input=False, load_output=False)
        return found[0].executor_id if found and found[0].status == "PENDING" else None

    def forget(self, refs: list[RunRef]) -> None:
        """Delete the steps of runs that are over."""
        self._client.delete_workflows([ref.workflow_id for ref in refs])


def _ref_of(workflow_id: str) -> RunRef:
    case_id, number = workflow_id.rsplit(":", 1)
    return RunRef(case_id, int(number))
