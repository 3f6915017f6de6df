"""Rows of cases beside a table of what was given, for teams of toys that give money."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from switchboard.database import open_engine, sqlite_url
from switchboard.declare.team import Rule
from switchboard.migrations import migrate_cases

ADA = {"email": "ada@example.com"}
FREE = tuple(Rule("approve", effect=effect) for effect in ("read", "compute", "send"))


@contextmanager
def giving_rows(folder: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(folder / "given.db"))
    migrate_cases(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE given (cents INTEGER)"))
    yield engine
    engine.dispose()


def given(engine: Engine) -> list[int]:
    """What was given, in cents."""
    with engine.connect() as connection:
        return [cents for (cents,) in connection.execute(text("SELECT cents FROM given"))]
