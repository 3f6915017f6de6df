"""Who is alive: each process says so every second, and the runs of one that has fallen silent are taken over."""

import json
import logging
import os
import platform
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from runtime.approvals import expire
from runtime.bounds import CASES
from runtime.cases import Leg
from runtime.durable import Durable
from runtime.errors import OperatorError
from runtime.journal import for_a_while, is_away, patiently
from runtime.legs import MOST_ATTEMPTS, give_up
from runtime.tables import LegRow, RunRow, WorkerRow, clock, utc

BEAT_SECONDS = 1.0
SILENT_SECONDS = {"postgresql": 5.0, "sqlite": 60.0}
"""After how long a process counts as dead. On SQLite a beat may wait for a writer, and its pid tells it at once."""
ABANDONED_SWEEPS = 5
"""After how many sweeps a leg of this process that no thread works on is begun again: it may be just about to begin."""
MOST_TAKEN_UP = 500
"""How many legs are put on a queue in one transaction."""
TAKING_OVER = 7392011
"""The advisory lock on Postgres of the one who takes over."""
log = logging.getLogger("switchboard")


class Watch:
    """Beats for this process; and, where it is a worker, sweeps after those who do not, and does `chores`.

    Each of them has a thread of its own: a long sweep, or a chore that waits for somebody, must not silence the beat.
    """

    def __init__(self, durable: Durable, chores: Callable[[], object] = lambda: None) -> None:
        self._durable = durable
        self._stopped = threading.Event()
        self._beating = self._thread(lambda: beat(durable))
        self._sweeping = self._thread(self._sweep)
        self._abandoned: dict[Leg, int] = {}
        self._chores = self._thread(lambda: durable.takes_cases and chores())

    def start(self) -> None:
        beat(self._durable)
        for thread in (self._beating, self._sweeping, self._chores):
            thread.start()

    def stop(self) -> None:
        """Leave in order: what this process gives back is taken up by the others at once."""
        self._stopped.set()
        for thread in (self._beating, self._sweeping):
            thread.join()
        leave(self._durable)

    def _sweep(self) -> None:
        if not self._durable.takes_cases:
            return
        sweep(self._durable, CASES)
        seen = self._abandoned
        self._abandoned = {leg: seen.get(leg, 0) + 1 for leg in self._durable.abandoned()}
        for leg, sweeps in self._abandoned.items():
            if sweeps % ABANDONED_SWEEPS == 0:
                self._durable.take_over(leg, CASES)

    def _thread(self, what: Callable[[], object]) -> threading.Thread:
        return threading.Thread(target=self._again_and_again, args=(what,), name="watch", daemon=True)

    def _again_and_again(self, what: Callable[[], object]) -> None:
        while not self._stopped.wait(BEAT_SECONDS):
            try:
                what()
            except Exception as error:
                if not is_away(error):
                    log.exception("the watch of %s failed; it goes on", self._durable.executor)


@patiently
def beat(durable: Durable) -> None:
    with Session(durable.engine) as session, session.begin():
        now = clock(session)
        said = update(WorkerRow).where(WorkerRow.id == durable.executor).values(beat_at=now)
        if session.execute(said).rowcount == 0:  # type: ignore[attr-defined]
            row = WorkerRow(id=durable.executor, host=platform.node(), pid=os.getpid(), takes_cases=durable.takes_cases)
            row.beat_at = now
            session.add(row)


@for_a_while
def sign_on(durable: Durable) -> None:
    """Put this process among those that take cases. Raises OperatorError on SQLite where another one is there."""
    with Session(durable.engine) as session, session.begin():
        now = clock(session)
        for other in session.scalars(select(WorkerRow).where(WorkerRow.takes_cases, WorkerRow.id != durable.executor)):
            if durable.engine.dialect.name == "sqlite" and not _was_me(other) and not _is_dead(other, now, durable.engine):
                raise OperatorError(
                    f"Process {other.pid} works on the cases of this database already, and SQLite takes one worker. Give that "
                    "one a higher --concurrency, or move to Postgres (SWITCHBOARD_DATABASE_URL), which takes many."
                )
        session.execute(update(WorkerRow).where(WorkerRow.id == durable.executor).values(takes_cases=True))
    durable.takes_cases = True


@patiently
def leave(durable: Durable) -> None:
    """Say that this process is gone. One that still holds legs stays on the list, as a dead one."""
    held = _legs_of(durable, durable.executor)
    with Session(durable.engine) as session, session.begin():
        mine = WorkerRow.id == durable.executor
        session.execute(
            update(WorkerRow).where(mine).values(beat_at=datetime.fromtimestamp(0).astimezone())
            if held
            else delete(WorkerRow).where(mine)
        )


def sweep(durable: Durable, queue: str, *, with_model: bool = True) -> list[Leg]:
    """Say no where a deadline has passed, and put on a queue what nobody works on: it was given back, or its owner died.

    Without a model, what was begun with one and waits is left to a process that has one.
    """
    expire(durable.engine)
    return [*take_over_dead(durable, queue), *take_up(durable, queue, with_model=with_model)]


@patiently
def take_up(durable: Durable, queue: str, *, with_model: bool = True) -> list[Leg]:
    """Put on a queue the legs that were begun without a process that works on them, such as by a deadline."""
    query = (
        select(LegRow)
        .join(RunRow, (RunRow.id == LegRow.run_id) & (RunRow.leg == LegRow.number))
        .where(RunRow.end.is_(None), LegRow.executor.is_(None), RunRow.team.in_(durable.teams))
        .order_by(LegRow.priority, LegRow.started_at)
        .limit(MOST_TAKEN_UP)
        .with_for_update(skip_locked=True, of=LegRow)
    )
    with Session(durable.engine) as session, session.begin():
        rows = [row for row in session.scalars(query) if with_model or not _asks_model(row)]
        legs = [Leg(row.run_id, row.number) for row in rows]
        durable.enqueue_all(session, [(leg, row.priority) for leg, row in zip(legs, rows, strict=True)], queue)
        for row in rows:
            row.executor = durable.executor
        return legs


def _asks_model(row: LegRow) -> bool:
    """Whether a leg that has not begun yet may need a model; one that only closes a case does not."""
    return json.loads(row.start)["asks_model"] and json.loads(row.given)["kind"] not in ("cancel", "given_up")


@patiently
def take_over_dead(durable: Durable, queue: str) -> list[Leg]:
    """Put the legs of dead processes on a queue. Of several processes that notice one at a time does so."""
    with _alone(durable.engine) as alone:
        taken, done = [], []
        for executor in _dead(durable) if alone else ():
            legs = _legs_of(durable, executor)
            mine = _of_own_teams(durable, legs)
            taken += [leg for leg in mine if _take_over(durable, leg, queue)]
            done += [executor] if len(mine) == len(legs) else []
        if done:
            with Session(durable.engine) as session, session.begin():
                session.execute(delete(WorkerRow).where(WorkerRow.id.in_(done)))
        return taken


def _of_own_teams(durable: Durable, legs: list[Leg]) -> list[Leg]:
    """Those of the legs whose teams this program has. The others it leaves to one that has theirs, and says so once."""
    query = select(RunRow.id, RunRow.team).where(RunRow.id.in_({leg.run_id for leg in legs}), RunRow.team.not_in(durable.teams))
    with Session(durable.engine.execution_options(reading=True)) as session:
        strange = {row.id: row.team for row in session.execute(query)}
    for run_id in strange.keys() - durable.left_alone:
        log.error("%s is a run of the team %r, which this program does not have: it is left alone", run_id, strange[run_id])
        durable.left_alone.add(run_id)
    return [leg for leg in legs if leg.run_id not in strange]


@contextmanager
def _alone(engine: Engine) -> Iterator[bool]:
    """Whether no other process is at it now. SQLite has one machine and one worker, and what is done here may be repeated."""
    if engine.dialect.name != "postgresql":
        yield True
        return
    with engine.connect() as connection:
        alone = connection.scalar(select(func.pg_try_advisory_xact_lock(TAKING_OVER)))
        yield bool(alone)


def _dead(durable: Durable) -> list[str]:
    with Session(durable.engine.execution_options(reading=True)) as session:
        now = clock(session)
        others = session.scalars(select(WorkerRow).where(WorkerRow.id != durable.executor)).all()
        return [worker.id for worker in others if _was_me(worker) or _is_dead(worker, now, durable.engine)]


@patiently
def alive(engine: Engine, *, takes_cases: bool = False) -> set[str]:
    """The processes at work on this database; only those that take cases from the queue, where that is asked for."""
    with Session(engine.execution_options(reading=True)) as session:
        now = clock(session)
        workers = session.scalars(select(WorkerRow)).all()
        chosen = [worker for worker in workers if worker.takes_cases or not takes_cases]
        return {worker.id for worker in chosen if not _is_dead(worker, now, engine)}


def _take_over(durable: Durable, leg: Leg, queue: str) -> bool:
    """Put a leg on a queue, unless it has cost too many processes their life: then a human gets the case.

    One that has come further since it was taken over is not what its process died of.
    """
    records = durable.records(leg)
    with Session(durable.engine) as session, session.begin():
        row = session.get_one(LegRow, (leg.run_id, leg.number), with_for_update=True)
        row.attempts = 1 if len(records) > row.reached else row.attempts + 1
        row.reached = max(len(records), row.reached)
        row.executor = durable.executor  # should it die before somebody begins, the leg is found by its name
        exhausted = row.attempts > MOST_ATTEMPTS
    if exhausted:
        why = f"The processes that worked on this run died {MOST_ATTEMPTS} times, so it is not tried again."
        durable.cancel(leg)  # its last owner, if it is only frozen, must find that it is over
        give_up(durable.engine, leg, why, records)
    else:
        durable.take_over(leg, queue)
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


def _legs_of(durable: Durable, executor: str) -> list[Leg]:
    """What a process had begun, or had written down and not put on the engine before it died."""
    query = (
        select(LegRow.run_id, LegRow.number)
        .join(RunRow, (RunRow.id == LegRow.run_id) & (RunRow.leg == LegRow.number))
        .where(RunRow.end.is_(None), LegRow.executor == executor)
    )
    with Session(durable.engine.execution_options(reading=True)) as session:
        written = [Leg(*row) for row in session.execute(query)]
    cared_for = durable.cared_for(written)
    return [*durable.pending_of(executor), *(leg for leg in written if leg not in cared_for)]
