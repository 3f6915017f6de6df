"""Documents and pages as tools show them: a stretch of their sections at a time, and the sentences of them that answer."""

from collections.abc import Sequence
from typing import NamedTuple

from pydantic import BaseModel

from switchboard.errors import ToolError
from switchboard.reports.making import told_of
from switchboard.reports.sentences import Quote, best_sentences
from switchboard.search.index import Index
from switchboard.search.passages import Passage

MOST_CHARACTERS = 12_000
MOST_QUOTES = 10


class Section(BaseModel):
    """A section of a document, or what of it stands in this answer, with the citation to quote it by."""

    citation: str
    heading: str
    text: str


class Stretch(NamedTuple):
    """Up to 12,000 of a document's `characters`. `cut` says how to read on, and is empty at its end."""

    sections: list[Section]
    characters: int
    cut: str


def stretch_of(whole: Sequence[Passage], offset: int = 0) -> Stretch:
    """What of a document's sections stands from a character on. Raises ToolError for one beyond its end."""
    characters = sum(len(one.text) for one in whole)
    if offset and offset >= characters:
        why = f"It has {characters} characters; read it from a smaller offset than {offset}."
        raise ToolError(why, code="beyond_end", characters=characters)
    end, begun, shown = offset + MOST_CHARACTERS, 0, list[Section]()
    for one in whole:
        text = one.text[max(offset - begun, 0) : max(end - begun, 0)]
        begun += len(one.text)
        if text:
            shown.append(Section(citation=one.citation, heading=one.heading, text=text))
    return Stretch(
        shown, characters, f"Cut at character {end} of {characters}; read on with offset={end}." if end < characters else ""
    )


def quotes_from(index: Index, query: str, about: str = "") -> list[Quote]:
    """The sentences and rows that answer a question, best first, as they are told."""
    found = best_sentences(index, query, MOST_QUOTES, about)
    return [quote.model_copy(update={"text": told_of(quote, index.resolve(quote.citation))}) for quote in found]
