"""Who is alive: each process says so every second, and the runs of one that has fallen silent are taken over."""

import logging
import os
import platform
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from switchboard.cases.approvals import expire
from switchboard.cases.branches import entries_of_branches, is_owned
from switchboard.cases.cases import RunRef
from switchboard.cases.entries import next_number
from switchboard.cases.runs import MOST_ATTEMPTS, give_up
from switchboard.cases.tables import CaseRow, RunRow, WorkerRow, clock, utc
from switchboard.database import for_a_while, is_away, lock_key, patiently
from switchboard.declare.beginnings import Cancelled, Unfinished, beginning_from
from switchboard.engine.queues import CASES
from switchboard.engine.workflows import Workflows
from switchboard.errors import OperatorError

BEAT_SECONDS = 1.0
SILENT_SECONDS = {"postgresql": 5.0, "sqlite": 60.0}
"""After how long a process counts as dead. On SQLite a beat may wait for a writer, and its pid tells it at once."""
MOST_TAKEN_UP = 500
"""How many runs are put on a queue in one transaction."""
TAKING_OVER = 7392011
"""The advisory lock on Postgres of the one who takes over."""
log = logging.getLogger("switchboard")
Endpoints = dict[str, list[str]]
"""By the name of a model's endpoint, how it is asked at the moment, in sentences."""


class Heartbeat:
    """Beats for this process; and, where it is a worker, sweeps after those who do not, and does `chores`.

    Each of them has a thread of its own: a long sweep, or a chore that waits for somebody, must not silence the beat.
    """

    def __init__(
        self, workflows: Workflows, chores: Callable[[], object] = lambda: None, endpoints: Callable[[], Endpoints] = dict
    ) -> None:
        self._workflows = workflows
        self._stopped = threading.Event()
        self._beating = self._thread(lambda: beat(workflows, endpoints()))
        self._sweeping = self._thread(self._sweep)
        self._chores = self._thread(lambda: workflows.takes_cases and chores())

    def start(self) -> None:
        beat(self._workflows)
        for thread in (self._beating, self._sweeping, self._chores):
            thread.start()

    def stop(self) -> None:
        """Leave in order: what this process gives back is taken up by the others at once."""
        self._stopped.set()
        for thread in (self._beating, self._sweeping):
            thread.join()
        leave(self._workflows)

    def _sweep(self) -> None:
        if not self._workflows.takes_cases:
            return
        sweep(self._workflows, CASES)

    def _thread(self, what: Callable[[], object]) -> threading.Thread:
        return threading.Thread(target=self._again_and_again, args=(what,), name="heartbeat", daemon=True)

    def _again_and_again(self, what: Callable[[], object]) -> None:
        while not self._stopped.wait(BEAT_SECONDS):
            try:
                what()
            except Exception as error:
                if not is_away(error):
                    log.exception("the heartbeat of %s failed; it goes on", self._workflows.executor)


@patiently
def beat(workflows: Workflows, endpoints: Endpoints | None = None) -> None:
    """Say that this process is alive, and how it asks the models where that is not as usual."""
    with Session(workflows.engine) as session, session.begin():
        now = clock(session)
        said = update(WorkerRow).where(WorkerRow.id == workflows.executor).values(beat_at=now, endpoints=endpoints)
        if session.execute(said).rowcount == 0:  # type: ignore[attr-defined]
            row = WorkerRow(id=workflows.executor, host=platform.node(), pid=os.getpid(), takes_cases=workflows.takes_cases)
            row.beat_at = now
            session.add(row)
    workflows.ledger.lease.renew()


@for_a_while
def sign_on(workflows: Workflows) -> None:
    """Put this process among those that take cases. Raises OperatorError on SQLite where another one is there."""
    with Session(workflows.engine) as session, session.begin():
        now = clock(session)
        for other in session.scalars(select(WorkerRow).where(WorkerRow.takes_cases, WorkerRow.id != workflows.executor)):
            if workflows.engine.dialect.name == "sqlite" and not _was_me(other) and not _is_dead(other, now, workflows.engine):
                raise OperatorError(
                    f"Process {other.pid} works on the cases of this database already, and SQLite takes one worker. Give that "
                    "one a higher --concurrency, or move to Postgres (SWITCHBOARD_DATABASE_URL), which takes many."
                )
        session.execute(update(WorkerRow).where(WorkerRow.id == workflows.executor).values(takes_cases=True))
    workflows.takes_cases = True


@patiently
def leave(workflows: Workflows) -> None:
    """Say that this process is gone. One that still holds runs stays on the list, as a dead one."""
    held = _refs_of(workflows, workflows.executor)
    with Session(workflows.engine) as session, session.begin():
        mine = WorkerRow.id == workflows.executor
        session.execute(
            update(WorkerRow).where(mine).values(beat_at=datetime.fromtimestamp(0).astimezone())
            if held
            else delete(WorkerRow).where(mine)
        )


def sweep(workflows: Workflows, queue: str, *, with_model: bool = True) -> list[RunRef]:
    """Say no where a deadline has passed, and put on a queue what nobody works on: it was given back, or its owner died.

    Without a model, what was begun with one and waits is left to a process that has one.
    """
    expire(workflows.engine)
    return [*take_over_dead(workflows, queue), *take_up(workflows, queue, with_model=with_model)]


@patiently
def take_up(workflows: Workflows, queue: str, *, with_model: bool = True) -> list[RunRef]:
    """Put on a queue the runs that were begun without a process that works on them, such as by a deadline."""
    query = (
        select(RunRow)
        .join(CaseRow, (CaseRow.id == RunRow.case_id) & (CaseRow.run == RunRow.number))
        .where(CaseRow.end.is_(None), is_owned(), RunRow.owner.is_(None), CaseRow.team.in_(workflows.teams))
        .order_by(RunRow.priority, RunRow.started_at)
        .limit(MOST_TAKEN_UP)
        .with_for_update(skip_locked=True, of=RunRow)
    )
    with Session(workflows.engine) as session, session.begin():
        rows = [row for row in session.scalars(query) if with_model or not _asks_model(row)]
        refs = [RunRef(row.case_id, row.number) for row in rows]
        workflows.enqueue_all(session, [(ref, row.priority) for ref, row in zip(refs, rows, strict=True)], queue)
        for row in rows:
            row.owner = workflows.executor
        return refs


def _asks_model(row: RunRow) -> bool:
    """Whether a run that has not begun yet may need a model; one that only closes a case does not."""
    return bool(row.start["asks_model"] and not isinstance(beginning_from(row.given), Cancelled | Unfinished))


@patiently
def take_over_dead(workflows: Workflows, queue: str) -> list[RunRef]:
    """Put the runs of dead processes on a queue. Of several processes that notice one at a time does so."""
    with _alone(workflows.engine) as alone:
        taken, done = [], []
        for executor in _dead(workflows) if alone else ():
            refs = _refs_of(workflows, executor)
            mine = _of_own_teams(workflows, refs)
            taken += [ref for ref in mine if _take_over(workflows, ref, queue)]
            done += [executor] if len(mine) == len(refs) else []
        if done:
            with Session(workflows.engine) as session, session.begin():
                session.execute(delete(WorkerRow).where(WorkerRow.id.in_(done)))
        return taken


def _of_own_teams(workflows: Workflows, refs: list[RunRef]) -> list[RunRef]:
    """Those of the runs whose teams this program has. The others it leaves to one that has theirs, and says so once."""
    query = select(CaseRow.id, CaseRow.team).where(
        CaseRow.id.in_({ref.case_id for ref in refs}), CaseRow.team.not_in(workflows.teams)
    )
    with Session(workflows.engine.execution_options(reading=True)) as session:
        strange = {row.id: row.team for row in session.execute(query)}
    for case_id in strange.keys() - workflows.left_alone:
        log.error("%s is a case of the team %r, which this program does not have: it is left alone", case_id, strange[case_id])
        workflows.left_alone.add(case_id)
    return [ref for ref in refs if ref.case_id not in strange]


@contextmanager
def _alone(engine: Engine) -> Iterator[bool]:
    """Whether no other process is at it now. SQLite has one machine and one worker, and what is done here may be repeated."""
    if engine.dialect.name != "postgresql":
        yield True
        return
    with engine.connect() as connection:
        alone = connection.scalar(select(func.pg_try_advisory_xact_lock(lock_key(engine, TAKING_OVER))))
        yield bool(alone)


def _dead(workflows: Workflows) -> list[str]:
    with Session(workflows.engine.execution_options(reading=True)) as session:
        now = clock(session)
        others = session.scalars(select(WorkerRow).where(WorkerRow.id != workflows.executor)).all()
        return [worker.id for worker in others if _was_me(worker) or _is_dead(worker, now, workflows.engine)]


@patiently
def alive(engine: Engine, *, takes_cases: bool = False) -> set[str]:
    """The processes at work on this database; only those that take cases from the queue, where that is asked for."""
    with Session(engine.execution_options(reading=True)) as session:
        now = clock(session)
        workers = session.scalars(select(WorkerRow)).all()
        chosen = [worker for worker in workers if worker.takes_cases or not takes_cases]
        return {worker.id for worker in chosen if not _is_dead(worker, now, engine)}


def endpoints_at(engine: Engine) -> dict[str, Endpoints]:
    """The living processes, as host:pid, each with how it asks the models where that is not as usual."""
    living = alive(engine)
    with Session(engine.execution_options(reading=True)) as session:
        rows = session.scalars(select(WorkerRow).where(WorkerRow.id.in_(living)).order_by(WorkerRow.id)).all()
    return {f"{row.host}:{row.pid}": dict(row.endpoints or {}) for row in rows}


def works_on(engine: Engine, ref: RunRef) -> str | None:
    """The living process that works on a run, or is to, as host:pid."""
    with Session(engine.execution_options(reading=True)) as session:
        owner = session.scalar(select(RunRow.owner).where(RunRow.case_id == ref.case_id, RunRow.number == ref.number))
    return owner.rpartition(":")[0] if owner and owner in alive(engine) else None


def _take_over(workflows: Workflows, ref: RunRef, queue: str) -> bool:
    """Put a run on a queue, unless it has cost too many processes their life: then a human gets the case.

    One that has come further since it was taken over is not what its process died of.
    """
    with Session(workflows.engine) as session, session.begin():
        row = session.get_one(RunRow, (ref.case_id, ref.number), with_for_update=True)
        recorded = next_number(session, ref.case_id) - row.first + entries_of_branches(session, ref.case_id)
        row.attempts = 1 if recorded > row.reached else row.attempts + 1
        row.reached = max(recorded, row.reached)
        row.owner = workflows.executor  # should it die before somebody begins, the run is found by its name
        exhausted = row.attempts > MOST_ATTEMPTS
    if exhausted:
        why = f"The processes that worked on this run died {MOST_ATTEMPTS} times, so it is not tried again."
        workflows.cancel(ref)
        give_up(workflows.engine, ref, why, workflows.notifications)
    else:
        workflows.take_over(ref, queue)
    return not exhausted


def _was_me(other: WorkerRow) -> bool:
    """Whether another process had this one's pid: in a container that is begun anew it has the same host and pid."""
    return other.host == platform.node() and other.pid == os.getpid()


def _is_dead(worker: WorkerRow, now: datetime, engine: Engine) -> bool:
    if worker.host == platform.node() and not _is_running(worker.pid):
        return True
    return now - utc(worker.beat_at) > timedelta(seconds=SILENT_SECONDS[engine.dialect.name])


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _refs_of(workflows: Workflows, executor: str) -> list[RunRef]:
    """What a process had begun, or had written down and not put on the engine before it died."""
    query = (
        select(RunRow.case_id, RunRow.number)
        .join(CaseRow, (CaseRow.id == RunRow.case_id) & (CaseRow.run == RunRow.number))
        .where(CaseRow.end.is_(None), is_owned(), RunRow.owner == executor)
    )
    with Session(workflows.engine.execution_options(reading=True)) as session:
        written = [RunRef(*row) for row in session.execute(query)]
    cared_for = workflows.cared_for(written)
    return [*workflows.pending_of(executor), *(ref for ref in written if ref not in cared_for)]
