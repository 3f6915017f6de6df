"""What a file says, as an extractor gives it: a title, and blocks that each know where they stand."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Literal

from pydantic.dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in points (1/72 inch) from the lower left corner of a PDF's page."""

LONGEST_TITLE = 150
MOST_CHARACTERS = 10_000_000
MOST_BLOCKS = 100_000
"""Of one document; what is beyond is not read, and its note says so."""
NO_TITLE = re.compile(
    r"""microsoft\ (?:word|powerpoint|excel)\b|untitled|(?:no|sans)\ title\Z|title\Z
    |(?:document|presentation)\d*\Z|(?:power\ ?point\ )?(?:presentation|slide)\Z
    |(?:index|contents|table\ of\ contents|overview|page\ \d+)\Z
    |\S{1,200}\.[a-z]{2,4}x?(?:\ -\ .{0,100})?\Z|https?:|[\W\d_]*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
"""What programs write where nobody gave a title: their own name, a file's, a place's."""


class Unreadable(ValueError):
    """Why a file is left out, as a clause that fits behind its name."""


@dataclass(frozen=True)
class Place:
    """Where a block stands, counted from 1; a kind of file has some of them."""

    page: int = 0
    line: int = 0
    slide: int = 0
    message: int = 0
    sheet: str = ""
    cells: str = ""
    """Such as A2:D9."""
    box: Box | None = None

    @property
    def words(self) -> str:
        """The place as a reader looks for it; "" where only the heading tells it."""
        unit = next((f"{name} {n}" for name in ("page", "slide", "message") if (n := getattr(self, name))), "")
        return unit or " ".join(filter(None, [self.sheet, self.cells])) or (f"line {self.line}" if self.line else "")


NOWHERE = Place()


@dataclass(frozen=True)
class Block:
    """A heading (of `level` 1 to 6), text, or a table: a line each row, its cells between bars, the header first.

    `asked` is how people ask for what follows, from a comment that no reader sees.
    """

    kind: Literal["heading", "text", "table"]
    text: str
    place: Place = NOWHERE
    level: int = 0
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """`note` says what of the file was not read; `text` is the whole as it was written, where that can be read."""

    title: str
    blocks: tuple[Block, ...]
    note: str = ""
    written: str = ""

    @property
    def text(self) -> str:
        return self.written or "\n\n".join("#" * b.level + " " + b.text if b.level else b.text for b in self.blocks)


def title_of(name: str, *candidates: str) -> str:
    """The first candidate that a person may have given as a title, else the name of the file."""
    for candidate in candidates:
        words = " ".join(candidate.split())
        if 2 < len(words) <= LONGEST_TITLE and not NO_TITLE.match(words):
            return words
    return PurePath(name).name


def opening_heading(blocks: Iterable[Block]) -> str:
    """The heading that a document begins with: the first, unless more than a few words stand before it."""
    before = 0
    for block in blocks:
        if block.kind == "heading":
            return block.text if block.level == 1 or before < 200 else ""
        before += len(block.text)
    return ""


def bounded(blocks: Iterable[Block]) -> tuple[tuple[Block, ...], str]:
    """The blocks that hold something, up to `MOST_CHARACTERS` and `MOST_BLOCKS`, and a note where there are more."""
    kept: list[Block] = []
    characters = 0
    for block in blocks:
        characters += len(block.text)
        if characters > MOST_CHARACTERS:
            return tuple(kept), f"only its first {MOST_CHARACTERS:,} characters are read"
        if block.text.strip() or block.asked:
            if len(kept) == MOST_BLOCKS:
                return tuple(kept), f"only its first {MOST_BLOCKS:,} paragraphs and headings are read"
            kept.append(block)
    return tuple(kept), ""


def table_text(rows: Iterable[Iterable[str]], *, is_headed: bool = True) -> str:
    """The rows as a table of Markdown, the first as its header, or below an empty one where there is none; a cell is one line,
    and its bars are no borders.
    """
    cells = [[" ".join(cell.split()).replace("|", "¦") for cell in row] for row in rows]
    cells = [row for row in cells if any(row)]
    if not cells:
        return ""
    width = max(map(len, cells))
    cells = cells if is_headed else [[""] * width, *cells]
    lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def column(number: int) -> str:
    """The name of a column of a sheet, counted from 0: A, Z, AA."""
    name = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name


def chunks(rows: list[list[str]], length: int) -> Iterator[tuple[int, int]]:
    """(first, behind the last) of the rows below the header that fit into so many characters, header and all."""
    header = sum(map(len, rows[0])) + 9 * len(rows[0]) if rows else 0  # and the line below it
    begun, size = 1, header
    for n in range(1, len(rows)):
        row = sum(map(len, rows[n])) + 3 * len(rows[n])
        if n > begun and size + row > length:
            yield begun, n
            begun, size = n, header
        size += row
    if rows:
        yield min(begun, len(rows)), len(rows)
