"""Sentences of the sources, word for word, for rules that answer by quoting."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from switchboard.declare.moves import Calls, call
from switchboard.declare.transcript import CallResult, View
from switchboard.search.words import terms
from tools.documents import search_documents

SHORTEST, LONGEST = 30, 400  # characters of a sentence that says something and can be read
WEAKEST = 0.3  # a passage that holds less of what was searched for is about something else
MOST_QUERY = 300  # characters
NOTHING = "The sources hold nothing on this. Which other words say what you would like to know?"


class Quote(NamedTuple):
    text: str
    citation: str
    heading: str = ""

    @property
    def bullet(self) -> str:
        return f"- {self.text} [{self.citation}]"


def search(words: str) -> Calls:
    return call(search_documents.name, query=" ".join(words.split())[:MOST_QUERY])


def searches(view: View) -> list[CallResult]:
    return [made for made in view.calls if made.tool == search_documents.name]


def quotes_in(made: Iterable[CallResult]) -> list[Quote]:
    """The whole sentences of what was found, without headings and tables, each once."""
    found: dict[Quote, None] = {}
    for passage in (one for search in made if search.done for one in search.result if one["score"] >= WEAKEST):
        lines = [line for line in passage["text"].splitlines() if not line.lstrip().startswith(("|", "#", "-"))]
        for text in re.split(r"(?<=[.!?])\s+(?=[A-Z])", " ".join(lines)):
            if SHORTEST <= len(text) <= LONGEST and text.endswith((".", "!")) and "[" not in text:
                found.setdefault(Quote(text, passage["citation"], passage["heading"]))
    return list(found)


def best(quotes: Sequence[Quote], words: str, most: int) -> list[Quote]:
    """Those first that have the most telling words of a text, in themselves or in their heading; none without any."""
    wanted = begun(words)
    worth = {quote: 2 * len(wanted & begun(quote.text)) + len(wanted & begun(quote.heading)) for quote in quotes}
    return sorted((quote for quote in quotes if worth[quote]), key=lambda quote: (-worth[quote], quote))[:most]


def begun(text: str) -> set[str]:
    """The telling words of a text by how they begin, so that "noisy" meets "noise"."""
    return {term[:4] for term in terms(text)}


def quoted(text: str, quotes: Iterable[Quote]) -> list[Quote]:
    """The quotes that stand word for word in a model's text, in its order; what else it says is nobody's."""
    held = [(text.find(quote.text), quote) for quote in quotes]
    return [quote for place, quote in sorted(held) if place >= 0]
