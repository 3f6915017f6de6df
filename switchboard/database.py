"""One way to a database: SQLite by default, Postgres by URL, with numbered migrations (Alembic)."""

import json
import logging
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import wraps
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry
from tenacity import (
    RetryCallState,
    retry,
    retry_if_exception,
    retry_if_exception_type,
    stop_after_delay,
    stop_never,
    wait_exponential,
    wait_random,
)
from tenacity.stop import stop_base

from switchboard.errors import OperatorError
from switchboard.private_files import make_file

log = logging.getLogger("switchboard")
F = TypeVar("F", bound=Callable[..., Any])


def _sqlite() -> ModuleType:
    """Python's own SQLite, or the packaged one where DBOS needs a newer: on Python 3.12 and later at least 3.42."""
    if sys.version_info < (3, 12) or sqlite3.sqlite_version_info >= (3, 42):
        return sqlite3
    try:
        return import_module("pysqlite3")
    except ImportError:
        return sqlite3


def _as_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), default=str)


SQLITE = _sqlite()
"""One module for all files of a process: two would not see each other's locks."""
BUSY_TIMEOUT_MS = 10_000
CONNECT_TIMEOUT_SECONDS = 5
POOL: dict[str, Any] = {"hide_parameters": True, "pool_timeout": 300, "json_serializer": _as_json}
"""Hundreds of runs share some fifteen connections, each for the moment of a step: one that must wait has not failed."""
ROWS_PREFIX, ENGINE_PREFIX, SHARED_ENGINE = "desk_", "engine_", "switchboard_engine"
"""How the two schemas of a project on Postgres begin, and the engine's where the rows are in `public`."""
IDLE_TRANSACTION_SECONDS = 10.0
"""How long a transaction on Postgres may wait for its own process."""


def open_engine(url: str) -> Engine:
    """An engine for `url`. On SQLite: WAL, foreign keys, and writers that wait for each other instead of failing.

    A server that does not answer is given up after 5 seconds, or the `connect_timeout` of the URL. Raises OperatorError
    when the URL is none, or needs a driver that is not installed.
    """
    try:
        address = make_url(url)
        if address.get_backend_name() != "sqlite":
            patience = {} if "connect_timeout" in address.query else {"connect_timeout": CONNECT_TIMEOUT_SECONDS}
            server = create_engine(address, pool_pre_ping=True, connect_args=patience, **POOL)
            event.listen(server, "connect", _let_go_of_locks)
            event.listen(server, "do_executemany", _one_by_one)
            server.dialect.supports_sane_multi_rowcount = False  # the count is that of the last row
            return server
        if address.database and not address.database.startswith((":", "file:")):
            make_file(Path(address.database))
        engine = create_engine(address, module=SQLITE, **POOL)
    except (ArgumentError, ImportError, ValueError):
        # What the parser says is left out: it quotes the address, which holds a password.
        raise OperatorError(
            "The database's address cannot be used: it is malformed, or names a database that this program has no driver "
            "for. Write SWITCHBOARD_DATABASE_URL like postgresql://name:password@host:5432/database, with special "
            "characters of the password percent-encoded."
        ) from None

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own: BEGIN is ours, below
        # FULL: rows must outlive a power cut as surely as the engine's record, in another file, that they were written.
        for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        _use_wal(connection)
        # SQLite's own knows only ASCII, and customers are called Élodie and Öztürk.
        connection.create_function("lower", 1, lambda text: text.lower() if isinstance(text, str) else text, deterministic=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # A reader that later writes cannot wait for another writer in SQLite; taking the write lock first can.
        statement = "BEGIN" if connection.get_execution_options().get("reading") else "BEGIN IMMEDIATE"
        try:  # past the library's own way to run a statement, which takes longer than this one itself
            connection.connection.driver_connection.execute(statement)
        except SQLITE.Error as error:
            raise DBAPIError.instance(statement, (), error, SQLITE.Error) from error

    return engine


def _let_go_of_locks(connection: Any, _: ConnectionPoolEntry) -> None:
    """Have the server end a transaction whose process is frozen: others wait for what it has locked."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = {IDLE_TRANSACTION_SECONDS * 1000:.0f}")
    connection.commit()


def _one_by_one(cursor: Any, statement: str, parameters: Iterable[Any], _: Any) -> bool:
    """Send many rows one by one: psycopg would use a pipeline, within which the server takes no transaction as idle."""
    for row in parameters:
        cursor.execute(statement, row)
    return True


def use_schema(engine: Engine, schema: str) -> None:
    """Have every transaction of an engine on Postgres see the tables of one schema, and no others.

    It is said in each transaction, for that transaction: what is said to a connection stays with it, and a pooler such as
    PgBouncer would give it to a process of another project next.
    """
    statement = f"SET LOCAL search_path TO {schema}"
    engine.update_execution_options(schema=schema)

    @event.listens_for(engine, "begin")
    def _say(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        try:
            if driver.autocommit:
                raise RuntimeError(f"outside of a transaction nothing leads to the tables of {schema}")
            with driver.cursor() as cursor:
                cursor.execute(statement)
        except engine.dialect.loaded_dbapi.Error as error:
            is_gone = engine.dialect.is_disconnect(error, driver, None)
            if is_gone:
                connection.invalidate(error)
            raised = DBAPIError.instance(
                statement, (), error, engine.dialect.loaded_dbapi.Error, connection_invalidated=is_gone, dialect=engine.dialect
            )
            raise raised from error


def engine_schema(engine: Engine) -> str:
    """The schema on Postgres of the engine's own tables, beside the one of the rows."""
    rows = engine.get_execution_options().get("schema")
    return ENGINE_PREFIX + rows.removeprefix(ROWS_PREFIX) if rows else SHARED_ENGINE


def lock_key(engine: Engine, number: int) -> int:
    """The key of an advisory lock on Postgres: one that two projects in a database do not share."""
    schema = engine.get_execution_options().get("schema")
    if not schema:
        return number
    return int.from_bytes(sha256(f"{schema} {number}".encode()).digest()[:8], signed=True)


@retry(
    retry=retry_if_exception_type(SQLITE.OperationalError),
    stop=stop_after_delay(BUSY_TIMEOUT_MS / 1000),
    wait=wait_random(0.002, 0.02),
    reraise=True,
)
def _use_wal(connection: Any) -> None:
    """Switch the file to WAL. While another connection does so SQLite fails at once, whatever the busy timeout."""
    connection.execute("PRAGMA journal_mode=WAL")


def sqlite_url(path: Path) -> str:
    """The address of a file, whatever characters its path holds."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def damage(path: Path, then: str) -> str:
    """What SQLite finds wrong in a file that it wrote, and what is to be done: `then` where it is damaged, another thing where
    it cannot be read now, as on a disk without room. "" where it is well, or not there (yet).
    """
    if not path.is_file():
        return ""
    try:
        with closing(SQLITE.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")]
    except SQLITE.Error as error:
        if error.sqlite_errorcode & 0xFF not in (SQLITE.SQLITE_CORRUPT, SQLITE.SQLITE_NOTADB):
            return f"{path} cannot be read now: {error}. Look whether its disk has room, and is well."
        found = [str(error)]
    return "" if found == ["ok"] else f"{path} is damaged: {' '.join(found[0].split())}. {then}"


def is_away(error: BaseException) -> bool:
    """Whether the database could not be reached, did not let us in yet, or has no room: what was tried was not done."""
    if not isinstance(error, DBAPIError):
        return False
    state, text = getattr(error.orig, "sqlstate", None) or "", str(error.orig)
    if state == "57014":  # the statement was cancelled, by a timeout or by us
        return False
    away = (
        "connection failed",
        "connection is bad",
        "failed to resolve host",
        "closed the connection",
        "connection to server",
        "database is locked",
        "is closed",
        "disk is full",
    )
    rolled_back = ("25P03", "40001", "40P01")  # for being idle too long, or for another transaction
    known = state in rolled_back or state[:2] in ("08", "53", "57")
    return error.connection_invalidated or known or any(words in text for words in away)


@contextmanager
def worth_no_failure(what: str) -> Iterator[None]:
    """Within it something is written that may be lost: where nothing can be written, as the database is away, is read-only or
    has no room, the log says so, and what it was for goes on.
    """
    try:
        yield
    except DBAPIError as error:
        read_only = getattr(error.orig, "sqlstate", None) == "25006" or "readonly database" in str(error.orig)
        if not (read_only or is_away(error)):
            raise
        log.warning("%s is not kept: %s", what, error.orig)


on_wait: Callable[[float, str], object] | None = None
"""Who hears, before each further try, for how many seconds one has waited and why; without anybody the log tells."""


def _tell(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    waited, reason = state.seconds_since_start or 0.0, str(getattr(error, "orig", error)).splitlines()[0]
    if on_wait:
        on_wait(waited, reason)
    elif state.attempt_number % 10 == 0:
        log.warning("waiting since %d s for the database: %s", waited, reason)


def _waiting(stop: stop_base) -> Callable[[F], F]:
    wait = wait_exponential(multiplier=0.05, max=2) + wait_random(0, 0.1)
    retrying: Any = retry(retry=retry_if_exception(is_away), stop=stop, wait=wait, before_sleep=_tell, reraise=True)

    def decorator(function: F) -> F:
        @wraps(function)
        def tried(*given: Any, **named: Any) -> Any:
            try:  # almost always all there is to it, and tenacity takes a third of a millisecond to say so
                return function(*given, **named)
            except DBAPIError as error:
                if not is_away(error):
                    raise
                first = [error]

            def again() -> Any:  # its first try is the one that has failed
                if first:
                    raise first.pop()
                return function(*given, **named)

            return retrying(again)()

        return cast(F, tried)

    return decorator


patiently = _waiting(stop_never)
"""Decorator for what belongs to a run, and can be made again as a whole: a run waits until its database is back."""

for_a_while = _waiting(stop_after_delay(15))
"""The same for what a person waits for: after a quarter of a minute they hear of it."""
