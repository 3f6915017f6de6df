"""Which databases get sample rows: the sample project's own file, which it began, and what an operator says, and no others."""

from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy.exc import DBAPIError

from switchboard.errors import OperatorError
from switchboard.migrations import lock, versions
from switchboard.project import Project

CHAIN = "sample"
"""Its row among the versions of a database that the sample project began."""
WANTED, LOADED = "to be loaded", "loaded"


def begin_with_sample(engine: Engine) -> bool:
    """Whether sample rows are still to be loaded here. A database without any table is marked as the sample project's, so
    that what was killed before it was full is filled later; one that another project began never is.
    """
    state = _state(engine)
    if state is None:
        with engine.begin() as connection:
            lock(connection)
            versions.create(connection, checkfirst=True)
            state = _mark_of(connection)  # another process may have been first
            if state is None and set(inspect(connection).get_table_names()) == {versions.name}:
                connection.execute(versions.insert().values(chain=CHAIN, version=WANTED))
                state = WANTED
    return state == WANTED


def load_sample(engine: Engine, project: Project) -> bool:
    """Fill a migrated database with the project's sample rows, and tell whether it did: it does not where rows are.

    Raises OperatorError when the project has no sample.
    """
    if project.setup.load_sample is None:
        raise OperatorError(f"The project {project.file.name} has no sample to load.")
    loaded = project.setup.load_sample(engine)
    with engine.begin() as connection:
        connection.execute(versions.update().where(versions.c.chain == CHAIN).values(version=LOADED))
    return loaded


def _mark_of(connection: Connection) -> str | None:
    return connection.scalar(select(versions.c.version).where(versions.c.chain == CHAIN))


def _state(engine: Engine) -> str | None:
    try:
        with engine.execution_options(reading=True).connect() as connection:
            return _mark_of(connection)
    except DBAPIError:  # a new database has no such table; what else is wrong shows up at once
        return None
