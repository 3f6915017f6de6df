"""How many cases are worked on at a time: by each worker as it likes, and by all together as their database says."""

from collections.abc import Callable
from fractions import Fraction

from dbos import DBOS, Queue

from switchboard.engine.dbos_private import set_own_bound

CASES, COMMANDS = "cases", "commands"
"""Queues: what workers take, and what a command at a terminal works on itself."""
POLL_SECONDS = 0.1


def open_queues(room: Callable[[], int]) -> None:
    """Make the queues where they are missing; this process takes as many cases as it has room for.

    The row of the queue says 0, and each worker reads its own bound.
    """
    set_own_bound(CASES, room)
    for name, bound in ((CASES, 0), (COMMANDS, None)):
        if DBOS.retrieve_queue(name) is None:
            DBOS.register_queue(name, worker_concurrency=bound, polling_interval_sec=POLL_SECONDS)


def limit(all_together: int | None = None, per_second: float | None = None) -> None:
    """Set how many cases all workers together work on at a time, and begin in a second.

    Both stay with the database. None leaves one as it is, 0 takes it away; a rate is kept to the nearest number of cases
    in at most a minute.
    """
    queue = _cases()
    limiter = queue.limiter
    if per_second is not None:
        rate = Fraction(per_second).limit_denominator(60)
        limiter = {"limit": rate.numerator, "period": float(rate.denominator)} if rate else None
    DBOS.register_queue(
        CASES,
        worker_concurrency=0,
        global_concurrency=queue.global_concurrency if all_together is None else all_together or None,
        limiter=limiter,
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update",
    )


def limits() -> tuple[int | None, float | None]:
    """How many cases all workers together work on at a time, and begin in a second; None is no limit."""
    queue = _cases()
    limiter = queue.limiter
    return queue.global_concurrency, limiter["limit"] / limiter["period"] if limiter else None


def _cases() -> Queue:
    queue = DBOS.retrieve_queue(CASES)
    assert queue is not None, "it was made when this process began"
    return queue
