"""Sentences of the sources, word for word, for rules that answer by quoting."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from switchboard.declare.moves import Calls, call
from switchboard.declare.transcript import CallResult, View
from switchboard.reports.words.language import saying_nothing
from switchboard.reports.words.measures import measure_of
from switchboard.search.words import terms
from tools.documents import search_documents

SHORTEST, LONGEST = 30, 400  # characters of a sentence that says something and can be read
WEAKEST = 0.3  # a passage that holds less of what was searched for is about something else
MOST_QUERY = 300  # characters


SENTENCES = re.compile(r"(?<=[.!?])\s+")


class Quote(NamedTuple):
    text: str
    citation: str
    heading: str = ""

    @property
    def bullet(self) -> str:
        return f"- {self.text} [{self.citation}]"


def search(words: str) -> Calls:
    return call(search_documents.name, query=asked_in(words, MOST_QUERY))


def asked_in(text: str, most: int) -> str:
    """What is looked for on one line: a text, of a long one its questions first."""
    whole = " ".join(text.split())
    if len(whole) <= most:
        return whole
    asked = dict.fromkeys(sentence for sentence in SENTENCES.split(whole) if sentence.endswith("?"))
    return (" ".join(asked) or whole)[:most]


def searches(view: View) -> list[CallResult]:
    """What was searched for; nothing yet where the customer has written since, which is looked up anew."""
    return [] if view.wrote_since else [made for made in view.calls if made.tool == search_documents.name]


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
    wanted, measure = begun(words), measure_of(words)
    asking = {one[:4] for one in measure.adjectives | measure.leaning} if measure else set()

    def held(text: str) -> int:
        if measure and measure.told.search(text):
            return len(wanted & begun(text)) + 1
        return len((wanted & begun(text)) - asking)

    worth = {quote: 2 * held(quote.text) + len(wanted & begun(quote.heading)) for quote in quotes}
    return sorted((quote for quote in quotes if worth[quote]), key=lambda quote: (-worth[quote], quote))[:most]


def is_to_the_point(kept: Iterable[Quote], found: Sequence[Quote], words: str) -> bool:
    """Whether a quote that a model chose holds, in itself, its heading or its citation, a word of the question that most of
    what was found does not hold; of a question that has no such word each quote is.
    """
    measure = measure_of(words)
    asked = begun(words) - ({one[:4] for one in measure.adjectives | measure.leaning} if measure else set())

    def held(quote: Quote) -> set[str]:
        return asked & begun(f"{quote.text} {quote.heading} {quote.citation}")

    often = Counter(word for quote in found for word in held(quote))
    telling = {word for word, times in often.items() if 2 * times <= len(found)}
    return not telling or any(telling & held(quote) for quote in kept)


def begun(text: str) -> set[str]:
    """The telling words of a text by how they begin, so that "noisy" meets "noise"."""
    small = saying_nothing(text)
    return {term[:4] for term in terms(text) if term not in small}


def quoted(text: str, quotes: Iterable[Quote]) -> list[Quote]:
    """The quotes that stand word for word in a model's text, in its order; what else it says is nobody's."""
    held = [(text.find(quote.text), quote) for quote in quotes]
    return [quote for place, quote in sorted(held) if place >= 0]
