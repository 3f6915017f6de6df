"""PDF with pypdfium2: paragraphs with page and rectangle, and headings told by the size and weight of their letters."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchboard.search.extractors.document import LONGEST_TITLE, Block, Box, Document, Place, Unreadable, bounded, title_of
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


@dataclass
class Line:
    text: str
    box: Box
    size: float
    bold: bool

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
        raise Unreadable(
            "it is encrypted and asks for a password" if locked else "it is broken, and no PDF can be read of it"
        ) from error
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
    said = pdf.get_metadata_value("Title") or ""
    return Document(
        title_of(name, without_invisible(said), _largest(pages, body)), blocks, "; ".join(filter(None, [*notes, cut]))
    )


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

    whole = (
        page.get_text_range(0, min(page.count_chars(), MOST_PAGE_CHARACTERS), errors="replace") if page.count_chars() else ""
    )
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
        flags = ctypes.c_int()
        font = ctypes.create_string_buffer(100)
        raw.FPDFText_GetFontInfo(page, middle, font, 100, flags)
        bold = raw.FPDFText_GetFontWeight(page, middle) >= 600 or b"bold" in font.value.lower()
        box = united(boxes)
        size = raw.FPDFText_GetFontSize(page, middle)
        if (
            not 2 < size < 200 or size > 3 * (box[3] - box[1] + 1) or size < (box[3] - box[1]) / 3
        ):  # the page scales its letters
            size = box[3] - box[1]
        yield Line(text, box, round(size * 2) / 2, bold)


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
    for line in lines:
        if part and _begins(line, part[-1], body):
            yield _block(part, number, body)
            part = []
        part.append(line)
    if part:
        yield _block(part, number, body)


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
    words = []
    for line in first[begun : begun + 3]:
        if line.size != size:
            break
        words.append(line.text)
    return " ".join(words)
