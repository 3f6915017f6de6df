"""Whether the database of a desk can be worked with, and what has been left lying in it."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from switchboard.cases.tables import clock
from switchboard.migrations import cases_stand
from switchboard.service.tickets.working import Desk
from switchboard.service.watching.queue import Wanted, queue

ROOM_BYTES = 5_000_000
"""What a SQLite file needs beside it: so much its log grows to before it is written back."""


def is_current(engine: Engine) -> bool:
    """Whether the database answers now, and its tables are those of this program."""
    try:
        with Session(engine.execution_options(reading=True)) as session:
            session.execute(select(1))
        current, newest = cases_stand(engine)
    except SQLAlchemyError:
        return False
    return current == newest


def unwritable(engine: Engine) -> str:
    """Why the database takes no rows now, without writing one; "" where nothing is known of that.

    Writes that fail for another reason are told by the heartbeat, which is one: who has none counts as gone.
    """
    try:
        if engine.dialect.name == "postgresql":
            with engine.connect() as connection:  # it is on while the server recovers or stands by, too
                is_read_only = connection.scalar(text("SELECT current_setting('transaction_read_only')")) == "on"
            return "The database may only be read." if is_read_only else ""
        path = Path(engine.url.database or "")
        if not path.is_file():
            return ""
        if not all(os.access(one, os.W_OK) for one in (path, path.parent)):
            return "The database may only be read."
        return "The disk of the database has no room." if shutil.disk_usage(path.parent).free < ROOM_BYTES else ""
    except (OSError, SQLAlchemyError):
        return "The database does not answer."


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
