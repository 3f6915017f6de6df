"""Whose a database is. On Postgres each project has a schema of its own, and another for its engine; the sample project has the
schema `public`, as everything did before there were projects. An SQLite file holds one project.

A database says in a row of `schema_versions` whose it is. An older one says nothing: an SQLite file becomes that of the project
that opens it, unless its cases are of other teams; `public` stays the sample's, and another project which may have cases there
asks a person, as it would not see them from a schema of its own.
"""

import re
import unicodedata
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.exc import DBAPIError

from switchboard.console.sample import CHAIN as SAMPLE
from switchboard.database import ROWS_PREFIX, engine_schema, is_away, open_engine, use_schema
from switchboard.errors import OperatorError
from switchboard.group_chats import team_names
from switchboard.migrations import lock, versions
from switchboard.project import Project

CHAIN = "project"
"""The row among the versions that holds the `data_name` of the project whose the rows are, "" for the sample."""
TEAMS = "SELECT DISTINCT team FROM {0}cases"
TEAMS_OF_0_2 = "SELECT DISTINCT team FROM {0}runs WHERE (SELECT count(*) FROM {0}legs) >= 0"
NOT_ALLOWED = "42501"
MOST_WORD = 40


def open_home(url: str, project: Project) -> Engine:
    """An engine on the rows of a project. Raises OperatorError where they would be those of another, or no right lets it."""
    engine = open_engine(url)
    if engine.dialect.name == "postgresql" and not project.is_sample and not _is_public(engine, project):
        use_schema(engine, schema_of(project.data_name))
        _make_schemas(engine, project)
    _claim(engine, project)
    return engine


def look_at_home(url: str, project: Project) -> Engine:
    """An engine on the rows of a project as they are: nothing is made, claimed or migrated. Raises OperatorError."""
    engine = open_engine(url)
    if engine.dialect.name == "postgresql" and not project.is_sample and not _is_public(engine, project):
        use_schema(engine, schema_of(project.data_name))
    return engine


def schema_of(data_name: str) -> str:
    """The schema of a project, by the name of its data folder: two names never give the same."""
    plain = unicodedata.normalize("NFKD", data_name).encode("ascii", "ignore").decode()
    word = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:MOST_WORD]
    if word.replace("_", "-") != data_name:
        word = f"{word}_{sha256(data_name.encode()).hexdigest()[:8]}".lstrip("_")
    return ROWS_PREFIX + word


def _is_public(engine: Engine, project: Project) -> bool:
    """Whether a project has its rows in `public`, where a person said so. Raises OperatorError where one should say it."""
    marks = _read(engine, "SELECT chain, version FROM public.schema_versions")
    owner, schema = _owner_among(marks or ()), schema_of(project.data_name)
    if owner is not None or _read(engine, "SELECT 1 FROM pg_namespace WHERE nspname = :name", schema):
        return owner == project.data_name
    found = _read(engine, (TEAMS if marks else TEAMS_OF_0_2).format("public."))
    if found is None or not _may_be_of(project, {str(team) for (team,) in found}):
        return False
    table = "" if marks else "CREATE TABLE public.schema_versions (chain varchar PRIMARY KEY, version varchar NOT NULL); "
    raise OperatorError(
        "An older Switchboard wrote the rows in the schema public of this database and does not say whose they are: where "
        f"they are those of {project.file.name}, run `{table}{_mark_statement('public.', project)}` in it, and where they are "
        f"not, `CREATE SCHEMA {schema}`."
    )


def _make_schemas(engine: Engine, project: Project) -> None:
    """Make the schemas of a project where they are missing. Raises OperatorError where one may not."""
    names = [schema_of(project.data_name), engine_schema(engine)]
    query = (
        "SELECT nspname, has_schema_privilege(oid, 'USAGE') AND (has_schema_privilege(oid, 'CREATE') "
        "OR EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = n.oid)) FROM pg_namespace n WHERE nspname IN (:rows, :engine)"
    )
    with engine.connect() as connection:
        found = connection.execute(text(query), {"rows": names[0], "engine": names[1]})
        there = {str(row[0]): bool(row[1]) for row in found}
        me = connection.dialect.identifier_preparer.quote(str(connection.scalar(text("SELECT current_user"))))
    may = all(there.values())
    if may and len(there) < len(names):
        try:
            with engine.begin() as connection:
                lock(connection)
                for name in names:
                    if name not in there:
                        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {name}"))
        except DBAPIError as error:
            may = False
            if getattr(error.orig, "sqlstate", None) != NOT_ALLOWED:
                raise
    if not may:
        statements = "; ".join(
            f"ALTER SCHEMA {name} OWNER TO {me}" if name in there else f"CREATE SCHEMA {name} AUTHORIZATION {me}"
            for name in names
            if not there.get(name)
        )
        raise OperatorError(
            f"The project {project.file.name} needs schemas of its own, which {me} may not make or use: have the owner of the "
            f"database run `{statements}`."
        )


def _claim(engine: Engine, project: Project) -> None:
    """Write whose the rows are, where nobody has. Raises OperatorError where they are another project's."""
    marks = _read(engine, "SELECT chain, version FROM schema_versions")
    owner = _owner_among(marks or ())
    if owner is None and not _is_left_open(engine, project):
        with engine.begin() as connection:
            lock(connection)
            versions.create(connection, checkfirst=True)
            owner = _owner_in(connection)  # another process may have been first
            if owner is None:
                connection.execute(versions.insert().values(chain=CHAIN, version=project.data_name))
                owner = project.data_name
    if owner not in (None, project.data_name):
        whose = f"the project {owner!r}" if owner else "the sample project"
        renamed = f"UPDATE {versions.name} SET version = '{project.data_name}' WHERE chain = '{CHAIN}'"
        raise OperatorError(
            f"{_place(engine)} holds the cases of {whose}, and each project needs a place of its own. "
            f"{_elsewhere(engine, project)} Only as the last resort, where it is that project itself, renamed or copied, and "
            f"the old one works here no more: stop all that works on it, keep a copy of it, and run `{renamed}` there."
        )


def _is_left_open(engine: Engine, project: Project) -> bool:
    """Whether nobody says whose older rows are: those in `public` may be the sample's and another project's too.

    Raises OperatorError for a file that has cases and none of them of a team of the project.
    """
    with engine.execution_options(reading=True).connect() as connection:
        tables = set(inspect(connection).get_table_names())
        if not tables & {"cases", "legs"}:
            return False
        if engine.dialect.name == "postgresql":
            return project.is_sample
        teams = {str(team) for team in connection.scalars(text((TEAMS if "cases" in tables else TEAMS_OF_0_2).format("")))}
    if not _may_be_of(project, teams):
        raise OperatorError(
            f"{_place(engine)} holds cases of teams that {project.file.name} does not have. {_elsewhere(engine, project)} Only "
            f"where they are its own all the same, keep a copy of it, and run `{_mark_statement('', project)}` in it."
        )
    return False


def _may_be_of(project: Project, teams: set[str]) -> bool:
    """Whether cases of such teams may be a project's. Where there are no cases its own rows may be there all the same."""
    return not teams or not teams.isdisjoint(team_names(project.folder, project.file))


def _mark_statement(where: str, project: Project) -> str:
    return f"INSERT INTO {where}{versions.name} VALUES ('{CHAIN}', '{project.data_name}')"


def _place(engine: Engine) -> str:
    if engine.dialect.name != "postgresql":
        return f"The file {engine.url.database}"
    return f"The schema {engine.get_execution_options().get('schema', 'public')} of this database"


def _elsewhere(engine: Engine, project: Project) -> str:
    """How a project gets a place of its own: what to do first, which changes no row."""
    if engine.dialect.name != "postgresql":
        url = "where SWITCHBOARD_DATABASE_URL names the file, another file there"
        return f"Name another folder for {project.file.name} with --data or SWITCHBOARD_DATA; {url}."
    return f"Name another database for {project.file.name} with SWITCHBOARD_DATABASE_URL, or a folder with --data."


def _owner_in(connection: Connection) -> str | None:
    return _owner_among(connection.execute(select(versions.c.chain, versions.c.version)).all())


def _owner_among(marks: Sequence[Any]) -> str | None:
    """Whose the rows are. What the sample began before there was this mark has its own."""
    found = {str(chain): str(version) for chain, version in marks}
    return found.get(CHAIN, "" if SAMPLE in found else None)


def _read(engine: Engine, query: str, name: str = "") -> Sequence[Any] | None:
    """What a query finds; None where there are no such tables, or none that this account may read."""
    try:
        with engine.execution_options(reading=True).connect() as connection:
            return connection.execute(text(query), {"name": name} if name else {}).all()
    except DBAPIError as error:
        if is_away(error):
            raise
        return None
