"""Reading a file of rows, CSV or JSON lines, with the line that each row stands on.

What is wrong with the file as a whole is an OperatorError; what is wrong with a line is one of its problems.
"""

import csv
import json
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from switchboard.errors import OperatorError
from tools.importing.reading.cells import unguarded
from tools.importing.reading.problems import Problems

MOST_BYTES = 50_000_000
MOST_LINES = 200_000
MOST_CELL = 10_000
MOST_COLUMNS = 200
DELIMITERS = ",;\t"
ENDINGS = (".csv", ".jsonl")


@dataclass(frozen=True)
class Line:
    """A row by column; `number` is the line of the file on which it begins. `of_list`: it is a part of what the line lists."""

    number: int
    cells: Mapping[str, Any]
    of_list: bool = False


@dataclass(frozen=True)
class Rows:
    """What a file holds."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def read_rows(path: Path, nested: str, problems: Problems) -> Rows:
    """The rows of a file. `nested` is the list in an object of JSON whose parts are a row each.

    Raises OperatorError where it is no such file.
    """
    ending = ending_of(path)
    text = _text(path)
    rows = _csv(path, text, problems) if ending == ".csv" else _jsonl(text, nested, problems)
    if not rows.lines and not problems.count:
        raise OperatorError(f"{path} holds no row{' below its header' if ending == '.csv' else ''}: nothing was imported.")
    return rows


def ending_of(path: Path) -> str:
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise OperatorError(f"{path} ends in neither .csv nor .jsonl, which say how it is to be read.")
    return ending


def _text(path: Path) -> str:
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise OperatorError(f"{path} is a folder. Name a file.")
        if not stat.S_ISREG(found.st_mode):
            raise OperatorError(f"{path} is no plain file.")
        if found.st_size > MOST_BYTES:
            raise OperatorError(
                f"{path} has {found.st_size / 1e6:,.0f} MB; {MOST_BYTES / 1e6:.0f} MB is the most. Split it: a customer, a "
                "product or an order has all of its lines in one file."
            )
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise OperatorError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise OperatorError(
            f"{path}, line {line}: this is no UTF-8 text. Save the file as UTF-8: in Excel as `CSV UTF-8`, elsewhere as CSV "
            "with the character set UTF-8."
        ) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise OperatorError(f"{path}, line {line}: it holds a NUL character, so it is no text. Save it anew as UTF-8.")
    if not text.strip():
        raise OperatorError(f"{path} is empty: nothing was imported.")
    return text


def _csv(path: Path, text: str, problems: Problems) -> Rows:
    rows = _records(path, text)
    header_line, names = next(rows)
    columns = tuple(" ".join(unguarded(name.strip()).split()) for name in names)
    if len(columns) > MOST_COLUMNS:
        raise OperatorError(f"{path} has {len(columns)} columns; {MOST_COLUMNS} are the most.")
    doubled = [name for n, name in enumerate(columns) if name and name in columns[:n]]
    if doubled:
        raise OperatorError(f"{path}, line {header_line}: the column {doubled[0]!r} stands twice in the header.")
    lines = []
    for number, cells in rows:
        if tuple(" ".join(cell.split()) for cell in cells) == columns:
            problems.add(number, "the header stands here again")
            continue
        if len(cells) != len(columns) and any(cell.strip() for cell in cells[len(columns) :] or ["x"]):
            problems.add(number, f"{len(cells)} cells, where the header has {len(columns)}")
            continue
        long = next((name for name, cell in zip(columns, cells, strict=False) if len(cell) > MOST_CELL), None)
        if long is not None:
            problems.add(number, f"{long or 'a cell'} has more than {MOST_CELL:,} characters")
            continue
        lines.append(Line(number, {name: unguarded(c.strip()) for name, c in zip(columns, cells, strict=False) if name}))
    return Rows(tuple(name for name in columns if name), tuple(lines))


def _records(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, the header first, with the line on which each begins."""
    csv.field_size_limit(MOST_BYTES)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    count, begins = 0, 1
    try:
        for cells in reader:
            number, begins = begins, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > MOST_LINES + 1:
                raise OperatorError(f"{path} has more than {MOST_LINES:,} rows. Split it.")
            yield number, cells
    except csv.Error as error:
        raise OperatorError(f"{path}, line {begins}: this is not CSV: {error}.") from None


def delimiter_of(text: str) -> str:
    """What stands between the columns of the header: the one of , ; and tab that it has most of outside of quotes."""
    header = next(line for line in text.splitlines() if line.strip())
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def _jsonl(text: str, nested: str, problems: Problems) -> Rows:
    columns: dict[str, None] = {}
    lines: list[Line] = []
    for number, written in enumerate(text.split("\n"), 1):
        if not written.strip():
            continue
        if len(lines) >= MOST_LINES:
            problems.add(number, f"more than {MOST_LINES:,} rows; split the file")
            break
        try:
            found = json.loads(written, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError, ArithmeticError):
            problems.add(number, "this is not JSON")
            continue
        if not isinstance(found, dict):
            problems.add(number, "this is no JSON object")
            continue
        for cells in _flat(found, nested):
            columns |= dict.fromkeys(cells)
            lines.append(Line(number, cells, isinstance(found.get(nested), list)))
        if len(columns) > MOST_COLUMNS:
            problems.add(number, f"more than {MOST_COLUMNS} names of fields")
            break
    return Rows(tuple(columns), tuple(lines))


def _flat(found: dict[str, Any], nested: str) -> Iterator[dict[str, Any]]:
    """An object as rows: what stands in an `address` or a `name` beside the rest; a row for each part of the nested list."""
    outer: dict[str, Any] = {}
    parts: list[Any] = []
    for key, value in found.items():
        if key == nested and isinstance(value, list):
            parts = value
        elif key in ("address", "name") and isinstance(value, dict):
            outer |= {str(inner): one for inner, one in value.items()}
        else:
            outer[key] = value
    if not parts:
        yield outer
    for part in parts:
        yield {**outer, **part} if isinstance(part, dict) else {**outer, nested: part}


def _no_number(constant: str) -> None:
    raise ValueError(constant)
