"""One way to a database: SQLite by default, Postgres by URL, with numbered migrations (Alembic)."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 10_000


def open_engine(url: str) -> Engine:
    """An engine for `url`. On SQLite: WAL, foreign keys, and writers that wait for each other instead of failing."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own: BEGIN is ours, below
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # A reader that later writes cannot wait for another writer in SQLite; taking the write lock first can.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"
