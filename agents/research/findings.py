"""Findings as agents write them to each other: a line each, "- ... [file.md#anchor]"."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from switchboard.search.citations import BULLET, CITATION

PART_OF = "\nPart of the question: "
"""Between a task and the question that it is a part of."""


class Line(NamedTuple):
    text: str
    citations: tuple[str, ...]

    @property
    def as_data(self) -> dict[str, Any]:
        return {"text": self.text[:4000], "citations": list(self.citations[:8])}


def bullet(text: str, citation: str) -> str:
    return f"- {one_line(text)} [{citation}]"


def lines_of(text: str, found: Collection[str] | None = None) -> list[Line]:
    """The findings in a text: the words before each citation, of which several may follow; those that are `found` stay."""
    lines = [finding for line in text.splitlines() for finding in _findings(line)]
    kept = [Line(one.text, tuple(c for c in one.citations if found is None or c in found)) for one in lines]
    return [one for one in dict.fromkeys(kept) if one.citations and re.search(r"\w", one.text)]


def _findings(line: str) -> Iterable[Line]:
    item = BULLET.match(line)
    parts = CITATION.split(item[1] if item else line)
    words, citations = "", list[str]()
    for before, group in zip(parts[::2], [*parts[1::2], ""], strict=True):
        told = before.strip().lstrip(".,;").strip()
        if re.search(r"\w", told) and citations and words:
            yield Line(words, tuple(citations))
            words, citations = "", []
        words = f"{words} {told}".strip() if re.search(r"\w", told) else words
        citations += [one.strip() for one in re.split("[,;]", group) if one.strip()]
    if words and citations:
        yield Line(words, tuple(citations))


def one_line(text: str) -> str:
    """Text of a document on one line: what a source says must not become a citation."""
    return " ".join(text.replace("[", "(").replace("]", ")").split())


def citations_of(lines: Sequence[Line]) -> set[str]:
    return {citation for line in lines for citation in line.citations}
