"""The fields that a kind of rows has, and which column of a file is which: by its name, or as the mapping says."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switchboard.errors import OperatorError
from tools.importing.reading.files import Line, Rows
from tools.importing.reading.problems import Problems
from tools.importing.reading.values import cents

KINDS = ("customers", "products", "orders")
MOST_MAPPING = 20_000
OPTION_COLUMN = re.compile(r"options?[ ._:-]+(\S.*)", re.IGNORECASE)
CENTS = "_cents"


@dataclass(frozen=True)
class Field:
    """`read` makes a value of a cell, or raises ValueError. `needed`: a file without it is refused, and so is an empty cell.

    `also` are other names that a column of it may have. `money`: the field may come as `NAME_cents`, whole cents, too.
    """

    name: str
    read: Callable[[Any], Any]
    needed: bool = False
    also: tuple[str, ...] = ()
    money: bool = False

    @property
    def called(self) -> str:
        """The field as people are told of it."""
        return f"{self.name} (or {self.name}{CENTS})" if self.money else self.name


@dataclass(frozen=True)
class ColumnMapping:
    """What says which column is which: `columns` by field, and the shop's own words by ours, as for an order's status."""

    columns: Mapping[str, str]
    words: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """The columns of a file by field, options by their names, and those that nothing is made of; `words` of the mapping."""

    columns: Mapping[str, str]
    options: Mapping[str, str]
    ignored: tuple[str, ...]
    words: Mapping[str, str]

    def has(self, field: str) -> bool:
        """Whether the file has a column for a field, empty or not."""
        return field in self.columns or f"{field}{CENTS}" in self.columns or (field == "options" and bool(self.options))


@dataclass(frozen=True)
class Values:
    """A line's values by field; a field whose cell is empty has none. `of_list` as of a Line."""

    line: int
    values: Mapping[str, Any]
    of_list: bool = False

    def get(self, name: str) -> Any:
        return self.values.get(name)


def read_mapping(kind: str, given: Sequence[str], file: Path | None) -> ColumnMapping:
    """The mapping of `--map COLUMN=FIELD` and of a file of TOML. Raises OperatorError where one is none."""
    columns: dict[str, str] = {}
    words: dict[str, str] = {}
    if file is not None:
        columns, words = _of_file(kind, file)
    for one in given:
        column, is_one, field = one.rpartition("=")
        if not is_one or not column.strip() or not field.strip():
            raise OperatorError(f"--map {one!r} is no mapping: write --map 'THEIR COLUMN=FIELD'.")
        columns[field.strip()] = column.strip()
    return ColumnMapping(columns, words)


def _of_file(kind: str, file: Path) -> tuple[dict[str, str], dict[str, str]]:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_MAPPING + 1)
        if len(content) > MOST_MAPPING:
            raise OperatorError(f"{file} has more than {MOST_MAPPING:,} bytes. Is it a mapping?")
        tables = tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise OperatorError(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise OperatorError(f"{file} is no mapping in TOML: {error}.") from None
    strange = [name for name in tables if name not in (*KINDS, "status")]
    if strange:
        raise OperatorError(f"{file}: there is no table {strange[0]!r}; there is {', '.join(KINDS)} and status.")
    found = [_texts(file, tables.get(name, {}), name) for name in (kind, "status")]
    return found[0], {word.casefold(): ours for word, ours in found[1].items()}


def _texts(file: Path, table: Any, name: str) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise OperatorError(f'{file}: [{name}] holds lines like `field = "their column"`, and nothing else.')
    return dict(table)


def find_columns(path: Path, kind: str, fields: Sequence[Field], rows: Rows, mapping: ColumnMapping) -> Found:
    """Which column is which. Raises OperatorError where one that is needed, or that the mapping names, is not there."""
    names = {name: field for field in fields for name in _names(field)}
    columns: dict[str, str] = {}
    for field, column in mapping.columns.items():
        if field not in names:
            raise OperatorError(f"There is no field {field!r}. The fields of {kind} are {_listed(fields)}.")
        there = [one for one in rows.columns if one == column] or [one for one in rows.columns if plain(one) == plain(column)]
        if len(there) != 1:
            raise OperatorError(f"{path} has no column {column!r}. It has {_quoted(rows.columns)}.")
        columns[field] = there[0]
    taken = set(columns.values())
    options = {}
    has_options = "options" in names
    for column in rows.columns:
        if column in taken:
            continue
        called = _field_called(column, names)
        option = OPTION_COLUMN.fullmatch(column) if has_options and not called else None
        if option:
            options[option[1].strip()] = column
        if not called or called in mapping.columns:
            continue
        if called in columns:
            raise OperatorError(f"{path}: {columns[called]!r} and {column!r} are both {called}. Say with --map which it is.")
        columns[called] = column
    _check(path, kind, fields, rows, columns)
    used = {*columns.values(), *options.values()}
    return Found(columns, options, tuple(one for one in rows.columns if one not in used), mapping.words)


def _names(field: Field) -> tuple[str, ...]:
    return (field.name, f"{field.name}{CENTS}") if field.money else (field.name,)


def _field_called(column: str, names: Mapping[str, Field]) -> str | None:
    """The field whose name, or another name of it, a column has: case, spaces and signs do not count."""
    called = plain(column)
    direct = next((name for name in names if plain(name) == called), None)
    return direct or next((field.name for field in names.values() if called in map(plain, field.also)), None)


def plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


def _check(path: Path, kind: str, fields: Sequence[Field], rows: Rows, columns: Mapping[str, str]) -> None:
    for field in fields:
        given = [name for name in _names(field) if name in columns]
        if len(given) > 1:
            raise OperatorError(f"{path} has both {' and '.join(given)}. Leave one of them out.")
    missing = [field.called for field in fields if field.needed and not any(name in columns for name in _names(field))]
    if missing:
        raise OperatorError(
            f"{path} has no column for {', '.join(missing)}. It has {_quoted(rows.columns)}. Say which is which with "
            f"--map 'THEIR COLUMN=FIELD'. The fields of {kind} are {_listed(fields)}."
        )


def _listed(fields: Iterable[Field]) -> str:
    return ", ".join(field.called for field in fields)


def _quoted(columns: Sequence[str]) -> str:
    return ", ".join(repr(column[:40]) for column in columns[:40]) or "no column at all"


def values_of(line: Line, fields: Sequence[Field], found: Found, problems: Problems) -> Values | None:
    """What a line says, by field; None where a cell of it cannot be read, which is then a problem."""
    values: dict[str, Any] = {}
    before = problems.count
    for field in fields:
        for name in _names(field):
            cell = line.cells.get(found.columns[name]) if name in found.columns else None
            if cell is None or cell == "":
                continue
            try:
                values[field.name] = cents(cell) if name.endswith(CENTS) and field.money else field.read(cell)
            except ValueError as error:
                problems.add(line.number, f"{name}: {error}")
    if found.options:
        own = {name: line.cells.get(column) for name, column in found.options.items()}
        given = {name: " ".join(str(cell).split()) for name, cell in own.items() if cell not in (None, "")}
        values["options"] = {**values.get("options", {}), **given}
    return Values(line.number, values, line.of_list) if problems.count == before else None
