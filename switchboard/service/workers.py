"""Workers: how many cases they work on, and stopping one so that nothing of what it did is lost."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchboard.cases.intake import outcome as outcome_of
from switchboard.declare.document import MessageDocument

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from switchboard.engine.worker import Worker


@dataclass(frozen=True)
class Limits:
    """How many cases all workers together work on at a time, and begin in a second; None is no limit."""

    all_together: int | None
    per_second: float | None


def begin(worker: "Worker", all_together: int | None = None, per_second: float | None = None) -> Limits:
    """Take cases from the queue. Limits that are given stay set, and 0 takes one away. Returns those that hold.

    Raises OperatorError on SQLite while another process takes them.
    """
    limits = Limits(*worker.limit(all_together, per_second))
    worker.take_cases()
    return limits


def stop(worker: "Worker", grace: float, is_told_again: Callable[[], bool]) -> int:
    """Work on what is under way until all of it has ended, so many seconds are over, or one is told again; then give the
    rest back. `is_told_again` may wait a moment. Returns how many runs were given back.
    """
    until = time.monotonic() + grace
    while worker.under_way() and time.monotonic() < until and not is_told_again():
        pass
    return worker.give_back()


def endpoints(engine: "Engine") -> dict[str, dict[str, list[str]]]:
    """The processes at work, as host:pid, each with how it asks which models where that is not as usual: what it leaves alone,
    what it asks more slowly, and what it does without.
    """
    from switchboard.engine.heartbeat import endpoints_at  # it imports dbos, which takes a quarter of a second

    return endpoints_at(engine)


def takers(engine: "Engine") -> set[str]:
    """The processes that take cases."""
    from switchboard.engine.heartbeat import alive

    return alive(engine, takes_cases=True)


def outcome(worker: "Worker", case_id: str) -> MessageDocument | None:
    """The document of a case whose run is over; None where it goes on at once, with what the customer wrote meanwhile."""
    return outcome_of(worker.environment.engine, case_id)
