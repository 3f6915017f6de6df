"""Sheets: XLSX (calamine) and CSV as tables cut into parts, each with its header, and the cells it stands in."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import islice
from typing import Any

from switchboard.search.extractors.document import (
    Block,
    Document,
    Place,
    Unreadable,
    bounded,
    chunks,
    column,
    table_text,
    title_of,
)
from switchboard.search.extractors.packed import Package
from switchboard.search.extractors.plain import decoded

MOST_CELLS = 2_000_000
PART = 900
"""Characters of one part of a table."""
DELIMITERS = ",;\t|"


def read_xlsx(name: str, content: bytes) -> Document:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    package = Package(content)
    package.check()
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        shown = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
    except CalamineError as error:
        raise Unreadable("it is broken: it holds no sheets that can be read") from error
    notes = [f"{hidden} hidden sheets are not read"] if (hidden := len(book.sheet_names) - len(shown)) else []
    blocks: list[Block] = []
    left = MOST_CELLS
    for title in shown:
        try:
            sheet = book.get_sheet_by_name(title)
        except CalamineError:  # a sheet of charts alone
            continue
        wide = max(sheet.width, 1)
        if left < wide:
            notes.append(f"only its first {MOST_CELLS:,} cells are read")
            break
        first_row, first_column = sheet.start or (0, 0)
        rows = [[_cell(value) for value in row] for row in islice(sheet.iter_rows(), left // wide)]
        offset = max(0, len(rows) - sheet.height)  # calamine gives the empty rows above as well
        left -= len(rows) * wide
        blocks += sheet_blocks(rows, Place(sheet=title), max(0, first_row - offset), 0 if offset else first_column)
    kept, cut = bounded(blocks)
    return Document(title_of(name, package.title), kept, "; ".join(filter(None, [*notes, cut])))


def read_csv(name: str, content: bytes) -> Document:
    text = decoded(content)
    head = [line for line in text[:20_000].split("\n")[:20] if line.strip()]
    delimiter = max(
        DELIMITERS, key=lambda sign: (min((line.count(sign) for line in head), default=0), head[0].count(sign) if head else 0)
    )
    rows, cells, note = list[list[str]](), 0, ""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            cells += len(row)
            if cells > MOST_CELLS:
                note = f"only its first {MOST_CELLS:,} cells are read"
                break
            rows.append([value.strip() for value in row])
    except csv.Error as error:
        raise Unreadable("it is broken: a cell of it is larger than any, or never ends") from error
    blocks, cut = bounded(sheet_blocks(rows, Place(), 0, 0))
    return Document(title_of(name), blocks, note or cut)


def sheet_blocks(rows: list[list[str]], place: Place, above: int, left: int) -> Iterator[Block]:
    """The tables of a sheet, which empty rows part: a row with one cell names what stands below it."""
    at = 0
    while at < len(rows):
        if not any(rows[at]):
            at += 1
            continue
        end = next((n for n in range(at, len(rows)) if not any(rows[n])), len(rows))
        begins = next((n for n in range(at, end) if sum(map(bool, rows[n])) > 1), at)
        for n in range(at, begins):  # each holds one cell
            title = next(cell for cell in rows[n] if cell)
            yield Block("heading", title[:300], _place(place, above + n, above + n, left, len(rows[n])), 2)
        table, at = rows[begins:end], begins
        for begun, behind in chunks(table, PART):
            wide = max(map(len, table))
            here = _place(place, above + at + begun, above + at + behind - 1, left, wide)
            yield Block("table", table_text([table[0], *table[begun:behind]]), here)
        at = end


def _place(place: Place, first: int, last: int, left: int, wide: int) -> Place:
    cells = f"{column(left)}{first + 1}:{column(left + max(wide, 1) - 1)}{max(first, last) + 1}"
    return Place(sheet=place.sheet, cells=cells, line=first + 1)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes") if value.hour or value.minute else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
