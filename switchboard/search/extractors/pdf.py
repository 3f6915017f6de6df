"""PDF with pypdfium2: paragraphs with page and rectangle, headings told by the size and weight of their letters, and tables
where their columns are sure, told by the space in which no word of several lines stands.
"""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from switchboard.search.extractors.document import (
    LONGEST_TITLE,
    Block,
    Box,
    Document,
    Place,
    Unreadable,
    bounded,
    table_text,
    title_of,
)
from switchboard.search.seen import without_invisible

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage

MOST_PAGES = 2_000
MOST_PAGE_CHARACTERS = 200_000
LARGER, GAP = 1.12, 0.75
"""A heading's letters against those of the text, and the space above a paragraph against the height of a line."""
RUNNING = 3
"""A line at the top or the bottom of so many pages is their running head: with a page's number, or on half of all."""
NUMBER = re.compile(r"^(?:\d+|[ivxlc]+)\b|\b(?:\d+|[ivxlc]+)$|(?<=page )\d+", re.IGNORECASE)
"""A page's number, in a line that has it."""
HYPHEN = re.compile("[\ufffe\x02]\\s*")
LEADER = re.compile(r"(?:\s?\.){5,}\s?")
"""Dots that lead to a page's number."""
APART, FAR_APART = 0.9, 1.5
"""The least space between two columns, and between two of a short table, against the size of the letters."""
FEWEST_ROWS, FEW_ROWS, MOST_ROWS = 3, 4, 100
FILLED = 0.8
"""The least share of rows in which each column has something."""
ITEM = re.compile(r"[^\w]{0,3}|\(?(?:\d{1,3}|[a-z]{1,4})[.)]")
"""What stands before the items of a list, which is no table."""
Word = tuple[float, float, str]
"""Its left and right end, and its letters."""
Span = tuple[float, float]


@dataclass
class Line:
    text: str
    box: Box
    size: float
    bold: bool
    words: tuple[Word, ...] = ()
    spans: Sequence[Span] = ()
    """What its words cover from left to right; none where it is a rule."""

    @property
    def is_rule(self) -> bool:
        """Whether it is drawn of hyphens or the like."""
        return not any(character.isalnum() for character in self.text)

    @property
    def same(self) -> tuple[str, float]:
        """What it has in common with its like on other pages."""
        return NUMBER.sub("#", self.text), self.size


def read_pdf(name: str, content: bytes) -> Document:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        pdf = PdfDocument(content)
        count = len(pdf)
    except PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        why = "it is encrypted and asks for a password" if locked else "it is broken, and no PDF can be read of it"
        raise Unreadable(why) from error
    pages = [_lines(pdf, number) for number in range(min(count, MOST_PAGES))]
    notes = [f"only its first {MOST_PAGES:,} of {count:,} pages are read"] if count > MOST_PAGES else []
    if empty := sum(not page for page in pages) if any(pages) else 0:
        notes.append(f"{empty} of its {len(pages)} pages hold no text (a picture of it, perhaps)")
    if not any(pages):
        raise Unreadable("its pages hold no text (pictures of it, perhaps, which are not read)")
    pages = _without_running(pages)
    sizes = Counter[float]()
    for line in (line for page in pages for line in page):
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    blocks, cut = bounded(block for number, page in enumerate(pages, 1) for block in _blocks(page, number, body))
    titled = ""
    with suppress(UnicodeError):  # it may be no text
        titled = without_invisible(pdf.get_metadata_value("Title") or "")
    return Document(title_of(name, titled, _largest(pages, body)), blocks, "; ".join(filter(None, [*notes, cut])))


def _lines(pdf: PdfDocument, number: int) -> list[Line]:
    from pypdfium2 import PdfiumError

    try:
        page = pdf[number]
        text = page.get_textpage()
    except PdfiumError:
        return []
    try:
        return list(_lines_of(text))
    finally:
        text.close()
        page.close()


def _lines_of(page: PdfTextPage) -> Iterator[Line]:
    from pypdfium2 import raw

    count = min(page.count_chars(), MOST_PAGE_CHARACTERS)
    whole = page.get_text_range(0, count, errors="replace") if count else ""
    at = 0
    for piece in whole.split("\n"):
        begun, at = at + len(piece) - len(piece.lstrip()), at + len(piece) + 1
        text = LEADER.sub(" … ", without_invisible(HYPHEN.sub("", piece).replace("\r", ""))).strip()
        length = len(piece.strip())
        rects = page.count_rects(begun, length) if text else 0
        boxes = [page.get_rect(n) for n in range(min(rects, 50))]
        if not boxes:
            continue
        middle = begun + length // 2
        flags, font = ctypes.c_int(), ctypes.create_string_buffer(100)
        raw.FPDFText_GetFontInfo(page, middle, font, 100, flags)
        bold = raw.FPDFText_GetFontWeight(page, middle) >= 600 or b"bold" in font.value.lower()
        box = united(boxes)
        size = raw.FPDFText_GetFontSize(page, middle)
        height = box[3] - box[1]
        if not 2 < size < 200 or size > 3 * (height + 1) or size < height / 3:  # the page scales its letters
            size = height
        yield Line(text, box, round(size * 2) / 2, bold, tuple(_words(page, begun, piece.strip())))


def _words(page: PdfTextPage, begun: int, text: str) -> Iterator[Word]:
    from pypdfium2 import raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    for word in re.finditer(r"\S+", text):
        raw.FPDFText_GetCharBox(page, begun + word.start(), left, right, bottom, top)
        begins = left.value
        raw.FPDFText_GetCharBox(page, begun + word.end() - 1, left, right, bottom, top)
        if kept := without_invisible(HYPHEN.sub("", word[0])):
            yield (begins, max(begins, right.value), kept)


def united(boxes: list[Box]) -> Box:
    """The smallest rectangle around all."""
    left, bottom, right, top = zip(*boxes, strict=True)
    return (round(min(left), 1), round(min(bottom), 1), round(max(right), 1), round(max(top), 1))


def _without_running(pages: list[list[Line]]) -> list[list[Line]]:
    edges = Counter(edge for page in pages for edge in {line.same for line in [*page[:2], *page[-2:]]})
    running = {same for same, n in edges.items() if n >= RUNNING and (2 * n >= len(pages) or "#" in same[0])}
    return [[line for n, line in enumerate(page) if line.same not in running or 2 <= n < len(page) - 2] for page in pages]


def _is_heading(line: Line, body: float) -> bool:
    telling = sum(c.isalpha() for c in line.text) > len(line.text) / 2
    larger = line.size >= LARGER * body
    alone = line.bold and line.size >= body and len(line.text) <= 80 and line.text[-1] not in ".,;:"
    return telling and len(line.text) <= LONGEST_TITLE and (larger or alone)


def _blocks(lines: list[Line], number: int, body: float) -> Iterator[Block]:
    part: list[Line] = []
    left = 0
    least = APART * min((line.size for line in lines), default=0.0)
    for line in lines:
        line.spans = () if line.is_rule else _united_spans([(begun, end) for begun, end, _ in line.words], least)
    while left < len(lines):
        table, end = _table(lines, left)
        if (table or (part and _begins(lines[left], part[-1], body))) and part:
            yield _block(part, number, body)
            part = []
        if table:
            yield Block("table", table, Place(page=number, box=united([line.box for line in lines[left:end]])))
        else:
            part.append(lines[left])
        left = end
    if part:
        yield _block(part, number, body)


def _table(lines: list[Line], begun: int) -> tuple[str, int]:
    """The table that begins with a line, and the line behind it; "" and the next line where none surely does."""
    size, held = lines[begun].size, lines[begun].spans
    columns = _columns(held, APART * size)
    if not columns:
        return "", begun + 1
    end = begun + 1
    while end < min(len(lines), begun + MOST_ROWS) and _stands_below(lines[end], lines[end - 1]):
        held = _united_spans([*held, *lines[end].spans])
        found = _columns(held, APART * size)
        if not found or (end - begun >= FEWEST_ROWS and len(found) < len(columns)):
            break
        columns, end = found, end + 1
    rows = [(line, _cells(line, columns)) for line in lines[begun:end]]
    while rows and (rows[-1][0].is_rule or not any(rows[-1][1][1:])):
        rows.pop()
    if not rows or not rows[0][1][0] or not any(rows[0][1][1:]):
        return "", begun + 1
    kept = [(line, cells) for line, cells in rows if not line.is_rule]
    widest = FAR_APART if len(columns) == 1 and len(kept) < FEW_ROWS else APART
    whole = [cells for _, cells in kept if cells[0]]
    filled = [sum(bool(cells[n]) for cells in whole) for n in range(len(columns) + 1)]
    if (
        len(kept) < FEWEST_ROWS
        or min(filled) < FILLED * len(whole)
        or len(whole) < FILLED * len(kept) / 2
        or len(_columns(_united_spans([one for line, _ in kept for one in line.spans]), widest * size)) != len(columns)
        or all(ITEM.fullmatch(cells[0]) for _, cells in kept)
        or len({cells[-1] for _, cells in kept}) == 1  # a word at the edge of each line
        or 2 * sum(" … " in line.text for line, _ in kept) > len(kept)  # contents
    ):
        return "", begun + 1
    told: list[list[str]] = []
    for _, cells in kept:
        if cells[0] or not told:
            told.append(cells)
        else:  # the row above goes on
            told[-1] = [" ".join(filter(None, pair)) for pair in zip(told[-1], cells, strict=True)]
    is_headed = rows[1][0].is_rule or (kept[0][0].bold and not kept[1][0].bold) or _names_numbers(told)
    return table_text(told, is_headed=is_headed), begun + len(rows)


def _stands_below(line: Line, before: Line) -> bool:
    height = max(before.box[3] - before.box[1], before.size)
    return -0.5 * height < before.box[1] - line.box[3] < 1.5 * height


def _united_spans(spans: Iterable[Span], least: float = 0.0) -> list[Span]:
    """What words cover from left to right; a space of less than the `least` between columns is no space."""
    found: list[Span] = []
    for left, right in sorted(spans):
        if found and left - found[-1][1] < least:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def _columns(held: Sequence[Span], apart: float) -> list[float]:
    """The middles of the spaces between columns: no word of any line stands in one."""
    return [(right + left) / 2 for (_, right), (left, _) in pairwise(held) if left - right >= apart]


def _cells(line: Line, columns: list[float]) -> list[str]:
    cells: list[list[str]] = [[] for _ in range(len(columns) + 1)]
    for left, _, word in line.words:
        cells[bisect_left(columns, left)].append(word)
    return [" ".join(words) for words in cells]


def _names_numbers(rows: list[list[str]]) -> bool:
    """Whether below a name in the first row there is nothing but numbers in a column."""
    first, *others = rows
    return any(
        head and not re.search(r"\d", head) and all(re.fullmatch(r"[^\w]{0,2}\d[\d.,]*\s?\S{0,3}", row[n]) for row in others)
        for n, head in enumerate(first)
    )


def _begins(line: Line, before: Line, body: float) -> bool:
    """Whether a line begins a paragraph: it stands apart, in another column, or in other letters."""
    height = max(before.box[3] - before.box[1], 1.0)
    gap = before.box[1] - line.box[3]
    other = abs(line.size - before.size) > 0.1 * before.size or _is_heading(line, body) != _is_heading(before, body)
    return gap > GAP * height or gap < -2 * height or (other and abs(gap) > -0.5 * height and gap > -0.8 * height)


def _block(lines: list[Line], number: int, body: float) -> Block:
    place = Place(page=number, box=united([line.box for line in lines]))
    if len(lines) <= 3 and all(_is_heading(line, body) for line in lines):
        level = 1 if lines[0].size >= 1.6 * body else 2 if lines[0].size >= LARGER * body else 3
        return Block("heading", " ".join(line.text for line in lines)[:LONGEST_TITLE], place, level)
    return Block("text", "\n".join(line.text for line in lines), place)


def _largest(pages: list[list[Line]], body: float) -> str:
    """The largest line of the first page that says anything, with those of its size below it."""
    first = next((page for page in pages if page), [])
    large = [line for line in first if line.size >= LARGER * body and sum(c.isalpha() for c in line.text) > 2]
    if not large:
        return ""
    size = max(line.size for line in large)
    begun = next(n for n, line in enumerate(first) if line.size == size and line in large)
    return " ".join(line.text for line in takewhile(lambda line: line.size == size, first[begun : begun + 3]))
