"""Documents as sections, which a citation leads to, and as passages, which a search finds."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from switchboard.search.extractors.document import Block, Document, Place
from switchboard.search.extractors.markdown import document_of
from switchboard.search.passages import Passage, parts_of, slug, split_text, unique

PASSAGE_LENGTH = 900
"""Characters of a passage, and of one part of a file without headings."""


def sections_of(source: str, text: str) -> list[Passage]:
    """The sections of a document that is written in Markdown."""
    return sections(source, document_of(source, text))


def sections(source: str, document: Document) -> list[Passage]:
    """The sections of a document that hold text, in order, each with an anchor of its own: its page, slide, message or cells,
    where it has such; else the heading that it stands under; else parts of `PASSAGE_LENGTH`.
    """
    return [section for section, _ in _cut(source, document)]


def passages_of(source: str, document: Document) -> Iterator[tuple[Passage, list[Passage]]]:
    """Each section with the passages that it is cut into; a table's each begin with its header."""
    for section, blocks in _cut(source, document):
        yield section, list(_passages(section, blocks))


def _cut(source: str, document: Document) -> Iterator[tuple[Passage, list[Block]]]:
    used: dict[str, int] = {}
    blocks = document.blocks
    if not any(block.kind == "heading" or _unit(block.place) for block in blocks):
        yield from _parts(source, document)
        return
    heading = ""
    for unit, group in _groups(blocks):
        opens = group[0] if group[0].kind == "heading" else None
        if opens:
            heading = opens.text
        body = group[1:] if opens else group
        shown = unit or heading
        anchor = unique(unit or slug(heading or "top"), used)
        text = "\n\n".join(block.text.strip("\n") for block in body if block.text.strip()).strip()
        if text or (unit and opens):
            asked = tuple(line for block in body for line in block.asked)
            named = heading or (document.title if not unit else group[0].place.words)
            place = replace(group[0].place, box=None)
            kept = group if unit else body
            yield Passage(source, document.title, named or shown, anchor, text or heading, asked=asked, place=place), kept
        for block in group:
            heading = block.text if block.kind == "heading" else heading


def _parts(source: str, document: Document) -> Iterator[tuple[Passage, list[Block]]]:
    """Parts of a document without headings and pages."""
    for number, (text, block) in enumerate(_packed(document.blocks), 1):
        passage = Passage(source, document.title, f"Part {number}", f"part-{number}", text, place=block.place)
        yield passage, [replace(block, text=text)]


def _groups(blocks: Iterable[Block]) -> Iterator[tuple[str, list[Block]]]:
    """The blocks of each page, slide, message or part of a sheet with its anchor; of others those under a heading."""
    group: list[Block] = []
    unit, names = "", True  # whether the group holds headings alone
    for block in blocks:
        own = _unit(block.place)
        begins = block.kind == "heading" and not own
        stands = names and own and block.place.cells  # with what names it, if this is a table
        if group and not stands and (own != unit or begins or (own and block.place.cells)):
            yield unit, group
            group, names = [], True
        group.append(block)
        unit, names = own, names and block.kind == "heading"
    if group:
        yield unit, group


def _unit(place: Place) -> str:
    """The anchor of a page, a slide, a message or of cells; "" for a place that has none."""
    if place.cells:
        return "-".join(filter(None, [slug(place.sheet) if place.sheet else "", place.cells.lower().replace(":", "-")]))
    if place.page:
        return f"p{place.page}"
    return f"slide-{place.slide}" if place.slide else f"message-{place.message}" if place.message else ""


def _passages(section: Passage, blocks: Sequence[Block]) -> Iterator[Passage]:
    heading, run = section.heading, list[Block]()
    for block in [*blocks, Block("heading", "")]:
        if block.kind != "heading":
            run.append(block)
            continue
        for text, first in _packed(run):
            yield replace(section, heading=heading, text=text, place=first.place, asked=())
        heading, run = block.text, []
    if blocks and all(block.kind == "heading" for block in blocks):
        yield replace(section, asked=())


def _packed(blocks: Iterable[Block]) -> Iterator[tuple[str, Block]]:
    """Texts of at most `PASSAGE_LENGTH` characters, each with a block whose place is where it stands."""
    text, first = "", Block("text", "")
    for block in blocks:
        for separator, piece in _pieces(block):
            if text and len(text) + len(separator) + len(piece) <= PASSAGE_LENGTH:
                text += separator + piece
                first = replace(first, place=_spanned(first.place, block.place))
            else:
                if text.strip():
                    yield text, first
                text, first = piece, block
    if text.strip():
        yield text, first


def _pieces(block: Block) -> Iterator[tuple[str, str]]:
    if block.kind == "table":
        yield from (("\n\n", piece) for piece in _table_pieces(block.text))
        return
    for paragraph in re.split(r"\n\s*\n", block.text.strip()):
        yield from parts_of(paragraph, PASSAGE_LENGTH)


def _table_pieces(table: str) -> Iterator[str]:
    """A table whole, or in parts that each begin with its header."""
    lines = table.split("\n")
    header = "\n".join(lines[:2])
    if len(table) <= PASSAGE_LENGTH or len(lines) < 4 or len(header) > PASSAGE_LENGTH / 2:
        yield from [table] if len(table) <= PASSAGE_LENGTH else split_text(table, PASSAGE_LENGTH)
        return
    part = ""
    for row in lines[2:]:
        for piece in split_text(row, PASSAGE_LENGTH - len(header) - 1):
            if part and len(header) + len(part) + len(piece) + 2 > PASSAGE_LENGTH:
                yield header + part
                part = ""
            part += "\n" + piece
    yield header + part


def _spanned(first: Place, second: Place) -> Place:
    """The first place, its rectangle grown around the second's on the same page."""
    if not first.box or not second.box or first.page != second.page:
        return first
    (left, bottom, right, top), other = first.box, second.box
    return replace(first, box=(min(left, other[0]), min(bottom, other[1]), max(right, other[2]), max(top, other[3])))
