"""Cutting a document into sections by heading, and sections into passages of a readable length."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from switchboard.search.seen import seen

HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*")
FENCE = re.compile(r" {0,3}(```|~~~)")
LONGEST_HEADING = 300  # characters; a longer line is text, whatever it begins with
TEXT_PART = 900  # characters of one part of a file without headings
ASKED = re.compile(r"<!--\s*asked:(?P<lines>(?:(?!-->|<!--)[\s\S]){0,20000})-->")
MOST_ASKED = 50


@dataclass(frozen=True)
class Passage:
    """A piece of a document. `score` is 0 for one that was not searched for.

    `asked` is how people ask for it, a line each, from a comment of its section, which no reader sees:
    `<!-- asked: … -->`.
    """

    source: str
    title: str
    heading: str
    anchor: str
    text: str
    score: float = 0.0
    asked: tuple[str, ...] = ()

    @property
    def citation(self) -> str:
        return f"{self.source}#{self.anchor}"


class Excerpt(BaseModel):
    """A passage as a tool answers it. `score` (0 to 1) is the share of the query that the passage holds."""

    citation: str
    title: str
    heading: str
    text: str
    score: float

    @classmethod
    def of(cls, p: Passage) -> "Excerpt":
        return cls(citation=p.citation, title=p.title, heading=p.heading, text=p.text, score=p.score)


def sections_of(source: str, text: str) -> list[Passage]:
    """The sections of one document that hold text, in order, each with an anchor of its own.

    Text without any Markdown heading is cut into parts with the anchors part-1, part-2 and so on; its first line is
    the title when it is short.
    """
    blocks = list(headed_blocks(text))
    if len(blocks) == 1 and not blocks[0][0]:
        first = text.strip().split("\n", 1)[0].strip()
        title = first if 0 < len(first) <= 80 else source
        parts = split_text(text, TEXT_PART)
        return [Passage(source, title, f"Part {n}", f"part-{n}", part) for n, part in enumerate(parts, 1)]
    title = next(heading for heading, _ in blocks if heading)
    sections: list[Passage] = []
    used: dict[str, int] = {}
    for heading, body in blocks:
        anchor = unique(slug(heading or "top"), used)
        shown = seen(body).strip()
        if shown:
            sections.append(Passage(source, title, heading or title, anchor, shown, asked=asked_in(body)))
    return sections


def asked_in(body: str) -> tuple[str, ...]:
    """The lines of a section's `asked` comments, at most `MOST_ASKED`."""
    lines = [line.strip() for found in ASKED.finditer(body) for line in found["lines"].splitlines()]
    return tuple(line for line in lines if line)[:MOST_ASKED]


def headed_blocks(text: str) -> Iterator[tuple[str, str]]:
    """(heading, text below it) in order; the first has no heading when text stands before any."""
    heading, lines, fenced = "", list[str](), ""
    for line in text.splitlines():
        fence = FENCE.match(line)
        if fence and fenced in ("", fence[1]):
            fenced = "" if fenced else fence[1]
        found = None if fenced or len(line) > LONGEST_HEADING else HEADING.fullmatch(line)
        if not found:
            lines.append(line)
            continue
        if heading or "".join(lines).strip():
            yield heading, "\n".join(lines)
        heading, lines = found[2].strip(), []
    yield heading, "\n".join(lines)


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it: lower case, words joined by hyphens, no punctuation."""
    return re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading.lower()).strip()) or "section"


def unique(anchor: str, used: dict[str, int]) -> str:
    """The anchor, with -1, -2 for later ones of the same name in one document."""
    candidate = anchor
    while candidate in used:
        candidate = f"{anchor}-{used[anchor]}"
        used[anchor] += 1
    used[candidate] = 1
    return candidate


def split_text(text: str, length: int) -> list[str]:
    """The text in pieces of at most `length` characters, cut between paragraphs, else sentences, else anywhere."""
    pieces: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        for separator, part in parts_of(paragraph, length):
            if pieces and len(pieces[-1]) + len(separator) + len(part) <= length:
                pieces[-1] += separator + part
            else:
                pieces.append(part)
    return [piece for piece in pieces if piece.strip()]


def parts_of(paragraph: str, length: int) -> Iterator[tuple[str, str]]:
    """(what stands before it, part) of one paragraph, no part longer than `length`."""
    if len(paragraph) <= length:
        yield "\n\n", paragraph
        return
    for n, sentence in enumerate(re.split(r"(?<=[.!?])\s+|\n", paragraph)):
        for start in range(0, max(len(sentence), 1), length):
            yield ("\n\n" if n == 0 else " " if start == 0 else ""), sentence[start : start + length]
