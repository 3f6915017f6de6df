"""Markdown as it was written, cut at its headings and around its tables; what its page hides is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from switchboard.search.extractors.document import Block, Document, Place, bounded, opening_heading, title_of
from switchboard.search.extractors.plain import FIELD, decoded, naming
from switchboard.search.seen import seen, without_invisible

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST_HEADING = 300
"""Characters; a longer line is text, whatever it begins with."""
ASKED = re.compile(r"<!--\s*asked:(?P<lines>(?:(?!-->|<!--)[\s\S]){0,20000})-->")
MOST_ASKED = 50
LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\]\([^()\s]{0,500}\)")
FRONT = re.compile(r"\A---\n(?P<fields>(?:[^\n]{0,500}\n){0,60}?)---\n")


@cache
def _parser() -> MarkdownIt:
    """The parser of blocks alone: what stands within a line is kept as it is."""
    from markdown_it import MarkdownIt  # late, since what asks nothing of a document should not wait for it

    return MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])


def read_markdown(name: str, content: bytes) -> Document:
    return document_of(name, decoded(content))


def document_of(name: str, text: str) -> Document:
    """The document of a text. `asked` comments are read, and told to nobody."""
    shown = without_invisible(seen(text, but_for=ASKED))
    front = FRONT.match(shown)
    blocks, note = bounded(_blocks(shown[front.end() :] if front else shown, shown.count("\n", 0, front.end()) if front else 0))
    titles = naming(front["fields"]) if front and front["fields"].strip() else iter(())
    if not front and (FIELD.match(shown) or not any(b.kind == "heading" for b in blocks)):
        titles = naming(shown)
    return Document(title_of(name, *titles, opening_heading(blocks)), blocks, note, seen(shown))


def _blocks(text: str, above: int) -> Iterator[Block]:
    lines = text.split("\n")
    at = 0
    for token, line, end in _marks(text):
        yield from _text(lines[at:line], above + at)
        place = Place(line=above + line + 1)
        if token.type == "heading_open":
            is_atx = token.markup[0] == "#"
            written = "\n".join(lines[line : end if is_atx else end - 1]).strip()
            heading = written.lstrip("#").strip() if is_atx else written
            bare = heading.rstrip("#")
            heading = bare if is_atx and bare[-1:].isspace() else heading  # "## A heading ##"
            yield Block("heading", " ".join(LINK.sub(r"\1", heading).split()), place, int(token.tag[1:]))
        else:
            yield Block("table", "\n".join(row.strip() for row in lines[line:end]).strip(), place)
        at = end
    yield from _text(lines[at:], above + at)


def _marks(text: str) -> Iterator[tuple[Token, int, int]]:
    """The headings and the tables that stand in no list and no quotation, with their first line and the one behind."""
    lines = text.split("\n")
    for token in _parser().parse(text):
        if token.level or token.map is None or token.type not in ("heading_open", "table_open"):
            continue
        line, end = token.map
        if token.type == "table_open" or sum(map(len, lines[line:end])) <= LONGEST_HEADING:
            yield token, line, end


def _text(lines: list[str], above: int) -> Iterator[Block]:
    raw = "\n".join(lines)
    asked = [line.strip() for found in ASKED.finditer(raw) for line in found["lines"].splitlines()]
    shown = seen(raw).strip("\n")
    if shown.strip() or asked:
        first = next((n for n, line in enumerate(lines) if line.strip()), 0)
        yield Block(
            "text", shown.rstrip(), Place(line=above + first + 1), asked=tuple(line for line in asked if line)[:MOST_ASKED]
        )
