"""Which rows a run changed: a picture of the project's before and after, and the difference."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, MetaData, Table, select

from switchboard.cases import tables as library
from switchboard.cases.words.rows import INDEX
from switchboard.declare.transcript import as_json
from switchboard.events.rendering import cut
from switchboard.migrations import versions

MOST_TEXT = 60
Rows = dict[str, dict[str, Any]]


def tables_of_project(engine: Engine) -> list[Table]:
    """The tables of a database that are not the library's."""
    ours = {*library.Table.metadata.tables, versions.name}
    there = MetaData()
    there.reflect(engine, only=lambda name, _: name not in ours and not name.startswith(INDEX))
    return there.sorted_tables


def snapshot(engine: Engine, tables: Sequence[Table]) -> Rows:
    """Every row of these tables by `table primary-key`."""
    found: Rows = {}
    with engine.connect() as connection:
        for table in tables:
            keys = [column.name for column in table.primary_key]
            for row in connection.execute(select(table)).mappings():
                found[f"{table.name} {' '.join(str(row[k]) for k in keys)}"] = dict(row)
    return found


def changes(before: Rows, after: Rows) -> list[tuple[str, str, str]]:
    """(row, before, after) of each row that differs; of a changed row only the columns that do."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        columns = [k for k in (new or old or {}) if old is None or new is None or old[k] != new[k]]
        found.append((name, _text(old, columns), _text(new, columns)))
    return found


def _text(row: dict[str, Any] | None, columns: list[str]) -> str:
    if row is None:
        return "—"
    texts = {k: row[k] if isinstance(row[k], str) else as_json(row[k]) for k in columns if row[k] is not None}
    return ", ".join(f"{k}={cut(' '.join(v.split()), MOST_TEXT)}" for k, v in texts.items())
