"""Tools that read another side's database: a listed query each, with bound parameters, in a transaction that only reads."""

import json
import logging
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from switchboard.database import CONNECT_TIMEOUT_SECONDS, SQLITE, is_away
from switchboard.errors import Away, DeclarationError, OperatorError, Problem, ToolError, about
from switchboard.toolsets.environment import value_of
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.foreign import data
from switchboard.toolsets.remote import Ask, Operation
from switchboard.toolsets.table import SourceTable

MOST_ROWS, LARGEST = 200, 1_000_000
"""Rows of an answer, and bytes of it."""
STEPS = 10_000
"""Instructions of SQLite between two looks at the clock."""
OUT_OF_TIME = ("57014", "55P03", "SQLITE_INTERRUPT")
"""States in which a statement, or its wait for a lock, took too long."""
NOT_THERE = ("", "SQLITE_CANTOPEN", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_NOTADB")
OF_TEXTS = {"interrupted": "SQLITE_INTERRUPT", "unable to open": "SQLITE_CANTOPEN", "is locked": "SQLITE_BUSY",
            "too big": "SQLITE_TOOBIG", "not a database": "SQLITE_NOTADB"}  # fmt: skip
"""What SQLite says where its module does not name the state."""
BEGINS = re.compile(r"(?:SELECT|WITH)\b", re.IGNORECASE)
LIMITED = ("statement", "lock", "idle_in_transaction_session")
"""What Postgres has a time limit for."""
log = logging.getLogger("switchboard")


class SqlSource:
    """The listed queries of one database. Nothing is opened before one is asked."""

    shows = "its database takes the listed queries"

    def __init__(self, name: str, table: SourceTable, folder: Path) -> None:
        self.name, self._table = name, table
        with about("sql"):
            self._address = _address(value_of(table.sql or "", f"[tools.{name}]"), name, folder)
        self._opened: Engine | None = None

    def operations(self) -> dict[str, tuple[Operation, Ask]]:
        made = {}
        for name, facts in self._table.calls.items():
            with about("calls", name, "query"):
                made[name] = _operation(name, facts), self._ask(name, facts)
        return made

    def problems(self) -> list[Problem]:
        found = []
        for name, facts in self._table.calls.items():
            parameters = dict.fromkeys(_parameters(name, facts))
            try:
                with self._reading(name, facts.timeout) as connection:
                    connection.execute(text(f"EXPLAIN {_statement(name, facts)}"), parameters).fetchmany(1)
            except ToolError as error:
                found.append(Problem(f"[tools.{self.name}] {error}", "calls", name, "query"))
        return found

    def pin(self, *, keep: bool = True) -> list[str]:
        return []  # a query describes itself

    def close(self) -> None:
        if self._opened:
            self._opened.dispose()

    def _ask(self, name: str, facts: Facts) -> Ask:
        statement, types = text(_statement(name, facts)), _parameters(name, facts)

        def ask(arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any:
            given = {facts.names.get(one, one): value for one, value in arguments.items()}
            bound = {one: _as(given.get(one), kind, name) for one, kind in types.items()}
            with self._reading(name, timeout) as connection:
                until = time.monotonic() + timeout
                rows: list[dict[str, Any]] = []
                size = 0
                for row in connection.execute(statement, bound).mappings():
                    if len(rows) == MOST_ROWS or time.monotonic() > until:
                        break
                    rows.append(data(row))
                    size += len(json.dumps(rows[-1]))
                    if size > LARGEST:
                        raise ToolError(
                            f"{name} found more than {LARGEST:,} bytes. Ask for less of it.", code="result_too_long"
                        )
                else:
                    return _told(name, facts, rows, False)
                return _told(name, facts, rows, True)

        return ask

    @contextmanager
    def _reading(self, name: str, timeout: float) -> Iterator[Connection]:
        """A transaction that only reads, for so many seconds. Nothing of a query or a row is in what it raises."""
        try:
            with self._engine().connect() as connection:
                driver: Any = connection.connection.driver_connection
                if self._address.get_backend_name() == "sqlite":
                    until = time.monotonic() + timeout
                    driver.set_progress_handler(lambda: time.monotonic() > until, STEPS)
                else:
                    milliseconds = max(1, round(timeout * 1000))
                    for setting in ("TRANSACTION READ ONLY", *(f"LOCAL {one}_timeout = {milliseconds}" for one in LIMITED)):
                        connection.execute(text(f"SET {setting}"))
                yield connection.execution_options(stream_results=True, max_row_buffer=MOST_ROWS)
        except SQLAlchemyError as error:
            raise self._refusal(name, error) from None

    def _refusal(self, name: str, error: SQLAlchemyError) -> ToolError:
        state = _state(error)
        log.warning("[tools.%s] %s: %s %s", self.name, name, type(error).__name__, state)
        if state in OUT_OF_TIME:
            return ToolError(f"{name} did not answer in time.", code="away")
        if state == "SQLITE_TOOBIG":
            return ToolError(f"{name} found more than {LARGEST:,} bytes. Ask for less of it.", code="result_too_long")
        if state in NOT_THERE or is_away(error):
            return Away(f"{name} could not be asked: its database does not answer.")
        return ToolError(f"{name} cannot be answered: its database refuses the query ({state}).", code="query_refused")

    def _engine(self) -> Engine:
        if self._opened is None:
            try:
                self._opened = _opened(self._address)
            except (ArgumentError, ImportError):
                raise OperatorError(f"[tools.{self.name}] sql: this program has no driver for that database.") from None
        return self._opened


def _address(value: str, name: str, folder: Path) -> URL:
    """Where the database is. Raises OperatorError, which does not quote the address: it holds a password."""
    try:
        address = make_url(value)
        kind = address.get_backend_name()
    except (ArgumentError, ValueError):
        raise OperatorError(
            f"[tools.{name}] sql is no address of a database, as postgresql://name:password@host/name."
        ) from None
    if kind in ("postgresql", "postgres"):  # as hosts write it
        return address.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise OperatorError(f"[tools.{name}] sql reads SQLite and Postgres, and no {kind}.")
    if not address.database or address.database.startswith((":", "file:")):
        raise OperatorError(f"[tools.{name}] sql names no file, as sqlite:///path/to/file.db.")
    return address.set(database=str((folder / address.database).resolve()), query={})


def _opened(address: URL) -> Engine:
    if address.get_backend_name() == "postgresql":
        patience = {} if "connect_timeout" in address.query else {"connect_timeout": CONNECT_TIMEOUT_SECONDS}
        return create_engine(address, pool_size=2, pool_pre_ping=True, connect_args=patience, hide_parameters=True)
    file = f"file:{quote(address.database or '')}?mode=ro"
    engine = create_engine(
        "sqlite://",
        module=SQLITE,
        poolclass=NullPool,
        creator=lambda: SQLITE.connect(file, uri=True, timeout=CONNECT_TIMEOUT_SECONDS, check_same_thread=False),
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _only_reads(connection: Any, _: object) -> None:
        connection.execute("PRAGMA query_only=ON")
        with suppress(AttributeError):  # Python's own has it since 3.11, the packaged one does not
            connection.setlimit(0, LARGEST)  # SQLITE_LIMIT_LENGTH: no text and no row that is longer

    return engine


def _statement(name: str, facts: Facts) -> str:
    """The one statement of a query. Raises DeclarationError."""
    statement = (facts.query or "").strip().removesuffix(";").strip()
    if ";" in statement:
        raise DeclarationError(f"{name}: a query is one statement, with no ';' in it.")
    if not BEGINS.match(statement):
        raise DeclarationError(f"{name}: a query begins with SELECT or WITH.")
    return statement


def _parameters(name: str, facts: Facts) -> dict[str, str]:
    """The parameters of a query and their types. Raises DeclarationError for types of none."""
    ours = {theirs: own for own, theirs in facts.names.items()}
    found: dict[str, str] = {
        one: facts.arguments.get(ours.get(one, one), "string") for one in text(_statement(name, facts)).compile().params
    }
    for argument in facts.arguments:
        if facts.names.get(argument, argument) not in found:
            raise DeclarationError(f"{name}: arguments names {argument!r}, and the query has no :{argument}.")
    return found


def _operation(name: str, facts: Facts) -> Operation:
    ours = {theirs: own for own, theirs in facts.names.items()}
    properties = {ours.get(one, one): {"type": kind} for one, kind in _parameters(name, facts).items()}
    return Operation(name, "", {"type": "object", "properties": properties, "required": list(properties)})


def _state(error: SQLAlchemyError) -> str:
    """What a database calls an error, without its words, which quote rows. "" where the database itself is not there."""
    orig = getattr(error, "orig", None)
    said = str(orig) if isinstance(orig, SQLITE.Error) else ""
    known = next((state for words, state in OF_TEXTS.items() if words in said), "SQLITE_ERROR" if said else "")
    state = getattr(orig, "sqlstate", None) or known
    return state or ("" if isinstance(error, OperationalError) or not isinstance(error, DBAPIError) else type(error).__name__)


def _as(value: Any, kind: str, name: str) -> Any:
    """A value as its parameter takes it: the customer's id is a text until here."""
    if not isinstance(value, str) or kind in ("string", "boolean"):
        return value
    try:
        return int(value) if kind == "integer" else float(value)
    except ValueError:
        raise ToolError(f"{name} found nothing.", code="not_found") from None


def _told(name: str, facts: Facts, rows: list[dict[str, Any]], more: bool) -> Any:
    if not facts.one:
        return {"rows": rows, **({"more": True} if more else {})}
    if len(rows) > 1:
        raise ToolError(f"{name} found several rows where there is to be one.", code="several_found")
    if not rows:
        raise ToolError(f"{name} found nothing.", code="not_found")
    return rows[0]
