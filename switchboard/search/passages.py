"""A passage of a document, and the cutting of text into passages of a readable length."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from switchboard.search.extractors.document import NOWHERE, Place


@dataclass(frozen=True)
class Passage:
    """A piece of a document. `score` is 0 for one that was not searched for.

    `asked` is how people ask for it, a line each, from a comment of its section, which no reader sees:
    `<!-- asked: … -->`. `place` is where it begins, and of a PDF its rectangle. A page of the web has a `url`, and the day on
    which it was `fetched`.
    """

    source: str
    title: str
    heading: str
    anchor: str
    text: str
    score: float = 0.0
    asked: tuple[str, ...] = ()
    place: Place = NOWHERE
    url: str = ""
    fetched: str = ""

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
