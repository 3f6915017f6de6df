"""Tables as they stand in sources: lines of cells between bars, the header first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby


@dataclass(frozen=True)
class Table:
    """`head` names the columns; `rows` are those below it, without the line of hyphens."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def row_of(self, line: str) -> tuple[str, ...] | None:
        cells = cells_of(line)
        return cells if cells in self.rows and len(cells) == len(self.head) else None


def table_around(row: str, source: str) -> Table | None:
    """The table of a source in which a row stands. A line above the header with one cell alone is the table's name."""
    return _tables_in(source).get(row) if row.startswith("|") else None


@lru_cache(maxsize=8)
def _tables_in(source: str) -> Mapping[str, Table | None]:
    """The rows of a source, each with the first table in which it stands; a section is asked for every row of it."""
    lines = (" ".join(line.split()) for line in source.splitlines())
    found: dict[str, Table | None] = {}
    for is_row, lines_of in groupby(lines, lambda line: line.startswith("|")):
        block = list(lines_of) if is_row else []
        table = _table_of(block) if block else None
        for line in block:
            found.setdefault(line, table)
    return found


def _table_of(block: Sequence[str]) -> Table | None:
    if len(block) > 1 and is_rule(block[1]) and not any(cells_of(block[0])):  # it has no header
        return Table(cells_of(block[0]), tuple(map(cells_of, block[2:])))
    rows = [cells for line in block if any(cells := cells_of(line)) and not is_rule(line)]
    if len(rows) > 2 and sum(map(bool, rows[0])) == 1 and sum(map(bool, rows[1])) > 1:
        rows = rows[1:]
    return Table(rows[0], tuple(rows[1:])) if rows else None


def told_row(row: str, source: str) -> str:
    """A row of a table as a sentence: each cell behind the heading of its column."""
    table = table_around(row, source)
    if table is None:
        return row
    told = zip(table.head, cells_of(row), strict=False)
    return "; ".join(f"{head}: {cell}" if head else cell for head, cell in told if cell)


def cells_of(row: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in row.strip().removeprefix("|").removesuffix("|").split("|"))


def is_rule(row: str) -> bool:
    """Whether it is the line between a header and the rows."""
    return all(cell.strip(":").startswith("--") and not cell.strip(":-") for cell in cells_of(row))
