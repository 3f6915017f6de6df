"""Whether the database of a desk can be worked with, and what has been left lying in it."""

from datetime import UTC, datetime

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from switchboard.cases.tables import clock
from switchboard.migrations import cases_stand
from switchboard.service.tickets.working import Desk
from switchboard.service.watching.queue import Wanted, queue


def is_current(engine: Engine) -> bool:
    """Whether the database answers now, and its tables are those of this program."""
    try:
        with Session(engine.execution_options(reading=True)) as session:
            session.execute(select(1))
        current, newest = cases_stand(engine)
    except SQLAlchemyError:
        return False
    return current == newest


def skew(engine: Engine) -> float:
    """By how many seconds the clock of the database is before that of this process."""
    with Session(engine.execution_options(reading=True)) as session:
        session.execute(select(1))  # connecting takes a while that is no skew
        before = datetime.now(UTC)
        there = clock(session)
        return (there - before - (datetime.now(UTC) - before) / 2).total_seconds()


def late(place: Desk) -> list[str]:
    """The cases whose deadline is over, the latest first, of those that one page of the queue shows."""
    return [row.case_id for row in queue(place, Wanted(sort="due")).rows if row.near == "breached"]


def not_ended(place: Desk) -> int:
    """How many cases could not be brought to their end, and nobody has settled yet."""
    return queue(place, Wanted(states=("failed",), sort="newest")).counts["failed"]
