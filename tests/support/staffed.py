"""A desk with nobody but its people: rows on SQLite or Postgres, for tests of accounts and of what is recorded of them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from groupchats.desk import team
from switchboard.cases.runs import Environment
from switchboard.database import open_engine, sqlite_url
from switchboard.engine.worker import Worker
from switchboard.migrations import migrate_cases


@dataclass
class Place:
    """Rows, and the teams that work on them."""

    environment: Environment

    @property
    def engine(self) -> Engine:
        return self.environment.engine

    def worker(self, about: str = "") -> Any:
        return Worker(self.environment)


def places(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Iterator[Place]:
    """A place on a new database of a kind: `sqlite`, or `postgres`, without which the test is skipped."""
    url = request.getfixturevalue("addresses")() if database == "postgres" else sqlite_url(tmp_path / "rows.db")
    engine = open_engine(url)
    migrate_cases(engine)
    yield Place(Environment(engine, {"desk": team}))
    engine.dispose()


def read_only(engine: Engine) -> None:
    """Have nothing be written any more, as on a disk that was mounted anew, or a server that follows another one."""
    say = "PRAGMA query_only = ON" if engine.dialect.name == "sqlite" else "SET default_transaction_read_only = on"
    engine.dispose()

    @event.listens_for(engine, "connect")
    def _say(connection: Any, _: Any) -> None:
        connection.execute(say)
        connection.commit()


class Clock:
    """The time, which a test sets on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now, self._set_on = time.time, 0.0
        monkeypatch.setattr(time, "time", lambda: self._now() + self._set_on)

    def set_on(self, seconds: float) -> None:
        self._set_on += seconds
