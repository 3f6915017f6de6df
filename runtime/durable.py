"""Durable runs on DBOS: one workflow per leg, one recorded step per effect, writes in one transaction with their record.

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

from runtime.bounds import CASES, COMMANDS, POLL_SECONDS, open_queues
from runtime.cases import Leg
from runtime.database import IDLE_TRANSACTION_SECONDS, SQLITE, open_engine
from runtime.journal import Diverged, GaveUp, Lost, Outcome, is_away, patiently
from runtime.steps import records_of, steps_url
from runtime.tables import RunRow

NAME, VERSION = "switchboard", "1"
WANTED = select(RunRow.cancelled_by, RunRow.held_by).where(RunRow.id == bindparam("run_id"))
UNFINISHED = ("PENDING", "ENQUEUED", "DELAYED")

Work = Callable[[Leg, "Recorded"], Leg | None]


class Durable:
    """The engine of one process. `work` is called for each leg of its `teams`, in a thread of its own or in the caller's.

    `executor` names this process among all that share the database. `room` is how many legs of the queue "cases" are
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
        self.under_way: Counter[Leg] = Counter()
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

    def run_here(self, leg: Leg) -> None:
        """Work on a leg, and on those that follow at once, in the caller's thread."""
        following: Leg | None = leg
        while following:
            try:
                with SetWorkflowID(following.workflow_id):
                    number = _leg(following.run_id, following.number)
            except Lost:
                self._go_on(following)
                return
            following = Leg(leg.run_id, number) if number else None

    @patiently
    def _go_on(self, leg: Leg) -> None:
        """Work on a leg from its record once more, in a thread of its own."""
        self.take_over(leg, COMMANDS)
        self.wait_for(leg)

    def give_back(self) -> list[Leg]:
        """Take nothing more, and put what is under way on the queue again for others. Here it stops at its next step."""
        self.room = 0
        held: list[Leg] = []
        for pause in (POLL_SECONDS * 2, 0.0):  # what was being taken at this moment shows up in the next
            if now := self.pending_of(self.executor):
                DBOS.resume_workflows([leg.workflow_id for leg in now], queue_name=CASES)
            held += now
            time.sleep(pause)
        return held

    def enqueue_all(self, session: Session, legs: Sequence[tuple[Leg, int]], queue: str) -> None:
        """Put legs on a queue with their priorities, on Postgres in the session's own transaction. Those there already stay."""
        here = nullcontext(session.connection()) if self._steps is self.engine else self._steps.begin()
        with here as connection:
            for leg, priority in legs:
                options: EnqueueOptions = {"workflow_name": "leg", "queue_name": queue, "workflow_id": leg.workflow_id}
                options |= {"app_version": VERSION}
                if priority:  # the engine takes none for the highest, and refuses a 0
                    options["priority"] = priority
                self._client.enqueue_in_transaction(connection, options, leg.run_id, leg.number)

    def take_over(self, leg: Leg, queue: str) -> None:
        """Put a leg of a dead process on a queue. Its old owner, should it come back, finds that it has lost it."""
        status = self.status(leg)
        if status is None:
            with Session(self.engine) as session, session.begin():
                self.enqueue_all(session, [(leg, 0)], queue)
        elif status in UNFINISHED:
            DBOS.resume_workflow(leg.workflow_id, queue_name=queue)

    def wait_for(self, leg: Leg, seconds: float = math.inf) -> bool:
        """Wait until nobody works on a leg any more, however it ended. Returns whether that is so after so many seconds."""
        until = time.monotonic() + seconds
        while self.status(leg) in UNFINISHED:
            if time.monotonic() > until:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def status(self, leg: Leg) -> str | None:
        return next((workflow.status for workflow in self._workflows([leg])), None)

    def queue_of(self, leg: Leg) -> str | None:
        """The queue that a leg waits on."""
        return next((w.queue_name for w in self._workflows([leg]) if w.status == "ENQUEUED"), None)

    def pending_of(self, executor: str) -> list[Leg]:
        """The legs that a process had begun and not ended."""
        found = DBOS.list_workflows(status="PENDING", executor_id=executor, load_input=False, load_output=False)
        return [_leg_called(workflow.workflow_id) for workflow in found]

    def abandoned(self) -> list[Leg]:
        """The legs that are this process's own, and that none of its threads works on: an error ended the one that did."""
        return [leg for leg in self.pending_of(self.executor) if not self.under_way[leg]]

    def cared_for(self, legs: Sequence[Leg]) -> set[Leg]:
        """Those of the legs that the engine has, but for such as wait for a command, which may never come."""
        found = self._workflows(legs)
        return {_leg_called(w.workflow_id) for w in found if w.status != "ENQUEUED" or w.queue_name != COMMANDS}

    def _workflows(self, legs: Sequence[Leg]) -> Sequence[WorkflowStatus]:
        ids = [leg.workflow_id for leg in legs]  # of none the engine would give all there are
        return DBOS.list_workflows(workflow_ids=ids, load_input=False, load_output=False) if ids else []

    def cancel(self, leg: Leg) -> None:
        """Let nobody go on with a leg; who works on it now finds so at the next step."""
        DBOS.cancel_workflow(leg.workflow_id)

    def records(self, leg: Leg) -> list[tuple[str, Outcome]]:
        """The recorded steps of a leg, in order."""
        return records_of(self._client, self.engine, leg)

    def close(self) -> None:
        self._client.destroy()
        DBOS.destroy()
        if self._steps is not self.engine:
            self._steps.dispose()


_here: Durable


@DBOS.workflow(name="leg")
def _leg(run_id: str, number: int) -> int | None:
    here, leg = _here, Leg(run_id, number)
    here.under_way[leg] += 1
    try:
        following = here.work(leg, Recorded(here, leg))
        return following.number if following else None
    finally:
        here.under_way[leg] -= 1


class Recorded:
    """The journal of one leg inside of its workflow."""

    def __init__(self, durable: Durable, leg: Leg) -> None:
        self._durable, self._leg = durable, leg
        isolated = "READ COMMITTED" if durable.engine.dialect.name == "postgresql" else "SERIALIZABLE"
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
        cancelled_by, held_by = asked.execute(WANTED, {"run_id": self._leg.run_id}).one()
        return "cancel" if cancelled_by else "take" if held_by else None

    def records(self) -> list[tuple[str, Outcome]]:
        return self._durable.records(self._leg)


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

    def records(self, leg: Leg) -> list[tuple[str, Outcome]]:
        """The recorded steps of a leg, in order."""
        return records_of(self._client, self._engine, leg)

    def worker_on(self, leg: Leg) -> str | None:
        """The process that has begun a leg and not ended it."""
        found = self._client.list_workflows(workflow_ids=[leg.workflow_id], load_input=False, load_output=False)
        return found[0].executor_id if found and found[0].status == "PENDING" else None

    def forget(self, legs: list[Leg]) -> None:
        """Delete the steps of legs that are over."""
        self._client.delete_workflows([leg.workflow_id for leg in legs])


def _leg_called(workflow_id: str) -> Leg:
    run_id, number = workflow_id.rsplit(":", 1)
    return Leg(run_id, int(number))
