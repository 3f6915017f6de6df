"""Numbered migrations: each chain is a folder of files, and a row says how far a database has come in it.

The library has a chain for its own tables, and a project may have one for its rows. A file is called like `0002_payments.py`
and has one function, `upgrade(op)`, which takes Alembic's operations.
"""

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, func, select
from sqlalchemy.exc import DBAPIError

from switchboard.database import lock_key
from switchboard.errors import OperatorError

if TYPE_CHECKING:
    from alembic.operations import Operations

CASES = Path(__file__).parent / "cases" / "migrations"
ONE_AT_A_TIME = 7392010
"""The advisory lock on Postgres of the one who changes the schema, or fills it."""

versions = Table(
    "schema_versions", MetaData(), Column("chain", String, primary_key=True), Column("version", String, nullable=False)
)


def migrate(engine: Engine, chain: str, folder: Path, adopt: Callable[[Connection], str | None] = lambda _: None) -> None:
    """Bring a database to the newest migration of a chain, in one transaction; where it is there, one SELECT is all.

    `adopt` tells of a database that is not in `schema_versions` yet how far it is all the same. Raises OperatorError when
    the database was written by a newer version of this program.
    """
    files = {path.stem: path for path in sorted(folder.glob("[0-9]*.py"))}
    newest = next(reversed(files))
    if _version_read(engine, chain) == newest:
        return
    with engine.begin() as connection:
        lock(connection)
        versions.create(connection, checkfirst=True)
        current = _version(connection, chain) or adopt(connection)
        if current is not None and current not in files:
            raise OperatorError(
                f"The database is at version {current} of {chain}, which this program does not know: "
                "install a newer Switchboard."
            )
        _upgrade(connection, [path for name, path in files.items() if current is None or name > current])
        connection.execute(versions.delete().where(versions.c.chain == chain))
        connection.execute(versions.insert().values(chain=chain, version=newest))


def cases_stand(engine: Engine) -> tuple[str | None, str]:
    """How far the library's own tables are, None where there are none, and how far this program brings them."""
    return _version_read(engine, "switchboard"), max(path.stem for path in CASES.glob("[0-9]*.py"))


def migrate_cases(engine: Engine) -> None:
    """Bring the library's own tables to this version. Raises OperatorError as `migrate` does."""
    migrate(engine, "switchboard", CASES)


def lock(connection: Connection) -> None:
    """Two processes that start at once would both create the tables and both fill them. SQLite's transactions queue."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(lock_key(connection.engine, ONE_AT_A_TIME))))


def _version_read(engine: Engine, chain: str) -> str | None:
    try:
        with engine.execution_options(reading=True).connect() as connection:
            return _version(connection, chain)
    except DBAPIError:  # a new database has no such table; what else is wrong shows up at once
        return None


def _version(connection: Connection, chain: str) -> str | None:
    return connection.scalar(select(versions.c.version).where(versions.c.chain == chain))


def _upgrade(connection: Connection, files: list[Path]) -> None:
    from alembic.migration import MigrationContext  # a tenth of a second, and only a new database needs it
    from alembic.operations import Operations

    operations = Operations(MigrationContext.configure(connection))
    for path in files:
        _upgrade_of(path)(operations)


def _upgrade_of(path: Path) -> "Callable[[Operations], None]":
    spec = spec_from_file_location(f"migration_{path.stem}", path)
    assert spec and spec.loader, f"{path} is a file of Python"
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    upgrade: Callable[[Operations], None] = module.upgrade
    return upgrade
