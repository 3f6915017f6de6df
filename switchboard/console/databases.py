"""Databases ready to work with: opened, migrated, filled with the sample where that is wanted; and what they refuse."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from switchboard.console.homes import look_at_home, open_home
from switchboard.console.sample import begin_with_sample, load_sample
from switchboard.database import sqlite_url
from switchboard.errors import OperatorError
from switchboard.migrations import cases_stand, migrate_cases
from switchboard.project import Project


@contextmanager
def telling_of_the_database(then: str) -> Iterator[None]:
    """Raises OperatorError, ending with what to do then, where the database does not take what has to be recorded."""
    try:
        yield
    except SQLAlchemyError as error:
        told = f"The database does not take what has to be recorded: {reason_of(error)}. Nothing was done twice."
        raise OperatorError(f"{told} {then}") from error


def prepared(
    url: str, project: Project, advice: str = "Check its address, and that there is room.", *, with_sample: bool = False
) -> Engine:
    """An engine on `url`, migrated to this version; `with_sample`, a database that was empty is filled.

    Raises OperatorError, ending with `advice`, when the database cannot be opened.
    """
    try:
        engine = open_home(url, project)
        fills = with_sample and begin_with_sample(engine)
        migrate_cases(engine)
        project.setup.migrate(engine)
        if fills:
            load_sample(engine, project)
    except (SQLAlchemyError, OSError) as error:
        raise OperatorError(f"The database cannot be opened: {reason_of(error)}. {advice}") from error
    return engine


def tables_stand(url: str, project: Project) -> tuple[str | None, str]:
    """How far a database is, and how far this program would bring it. Raises OperatorError where it does not answer."""
    try:
        engine = look_at_home(url, project)
        try:
            with engine.execution_options(reading=True).connect():
                return cases_stand(engine)
        finally:
            engine.dispose()
    except (SQLAlchemyError, OSError) as error:
        raise OperatorError(f"The database does not answer: {reason_of(error)}. Start it, or mend its address.") from error


def reason_of(error: Exception) -> str:
    """The first line of what the database or the system said."""
    return str(getattr(error, "orig", None) or error).splitlines()[0].rstrip(".")


@contextmanager
def fresh_sample(project: Project) -> Iterator[Engine]:
    """A copy of the project's sample that is thrown away afterwards; an empty database where it has none."""
    with tempfile.TemporaryDirectory(prefix="switchboard-", ignore_cleanup_errors=True) as folder:
        advice = f"Make room in {tempfile.gettempdir()}, or set TMPDIR."
        has_sample = project.setup.load_sample is not None
        engine = prepared(sqlite_url(Path(folder) / "sample.db"), project, advice, with_sample=has_sample)
        try:
            yield engine
        finally:
            engine.dispose()
