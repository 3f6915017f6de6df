"""The customer's own words: which they are, and whether a text is a piece of them.

A model may point at what the customer wrote, and cannot write it: what it quotes is looked for in the customer's words, and
what is found there, as it stands there, is what counts.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import Entry

MOST_QUOTE = 20_000
"""Characters of a quotation; a longer one is none."""
ENDS = ".!?\n"
BEFORE_ADDRESS = r"(?<![\w.%+'@-])(?<![\w.][!#$&*/=?^`{|}~])"
"""No letter or sign of an address (RFC 5322, 3.2.3) stands before one; "*ada@example.com*" and "(ada@example.com)" do."""


@dataclass(frozen=True)
class Folded:
    """A text as it is searched in: case and form of its letters, invisible characters and the length of blanks do not count.

    `places` says for each of its characters where it stands in the `text`.
    """

    text: str

    @cached_property
    def _both(self) -> tuple[str, list[int]]:
        parts: list[str] = []
        places: list[int] = []
        blank = True
        for place, character in enumerate(self.text):
            if character.isspace():
                if not blank:
                    parts.append(" ")
                    places.append(place)
                blank = True
                continue
            if unicodedata.category(character) == "Cf":
                continue
            folded = character.lower() if character.isascii() else unicodedata.normalize("NFKC", character).casefold()
            parts.append(folded)
            places.extend([place] * len(folded))
            blank = False
        return "".join(parts), places

    @property
    def folded(self) -> str:
        return self._both[0]

    @property
    def places(self) -> list[int]:
        return self._both[1]


@lru_cache(maxsize=64)
def folded(text: str) -> Folded:
    return Folded(text)


def words_of(transcript: Iterable[Entry]) -> list[str]:
    """All that the customer of a case has written, message by message. What begins a branch is no customer's."""
    return [e.text for e in transcript if e.kind == "message" and e.speaker == CUSTOMER and e.by == "human"]


def span_of(quote: str, words: Iterable[str]) -> str:
    """The sentences of the customer's words that a quotation stands in, exactly as they were written; "" where there are none.

    Whole sentences: of "Do not cancel it" nobody may point at "cancel it" alone.
    """
    looked_for = Folded(quote).folded.strip() if len(quote) <= MOST_QUOTE else ""
    if not any(c.isalnum() for c in looked_for):
        return ""
    for text in words:
        inside = folded(text)
        at = inside.folded.find(looked_for)
        if at >= 0:
            last = inside.places[at + len(looked_for) - 1]
            return _whole_sentences(text, inside.places[at], last + 1)
    return ""


def _whole_sentences(text: str, start: int, end: int) -> str:
    """The part of a text from the beginning of the sentence at `start` to the end of the one that ends behind `end`."""
    while start > 0 and not _ends_sentence(text, start - 1):
        start -= 1
    while end < len(text) and not _ends_sentence(text, end - 1):
        end += 1
    return text[start:end].strip()


def _ends_sentence(text: str, at: int) -> bool:
    """Whether a sentence ends with a character: a full stop in a number or an address ends none."""
    return text[at] == "\n" or (text[at] in ENDS and (at + 1 == len(text) or text[at + 1].isspace()))


def quoted_lines(request: str, words: Iterable[str]) -> str:
    """A request with those of its lines alone that are the customer's words, as they were written."""
    known = list(words)
    return "\n".join(dict.fromkeys(span for line in dict.fromkeys(request.split("\n")) if (span := span_of(line, known))))


def stands_in(value: str, text: str) -> bool:
    """Whether a value stands in a text as a whole: "ada@example.com" does not in "kada@example.com"."""
    if "@" in value:
        looked_for, inside = as_address(value).strip(), as_address(text)
        before, behind = BEFORE_ADDRESS, r"(?![\w@-]|\.\w)"
    else:
        looked_for, inside = folded(value).folded.strip(), folded(text).folded
        before, behind = r"(?<![\w\u2044])", r"(?![\w\u2044])"  # a quarter is written with a one, and is none
    return bool(looked_for) and re.search(before + re.escape(looked_for) + behind, inside) is not None


@lru_cache(maxsize=64)
def as_address(text: str) -> str:
    """A text as addresses are looked for in it: in small letters, and in wide ones as they are. No sign that looks like a
    letter, as the Kelvin sign does, stands for it here, and nothing that is not seen is left out.
    """
    return text.lower() if text.isascii() else "".join(map(_small, text))


def _small(character: str) -> str:
    if unicodedata.decomposition(character).startswith("<wide>"):
        return unicodedata.normalize("NFKC", character).lower()
    return character.lower() if unicodedata.is_normalized("NFC", character) else character
