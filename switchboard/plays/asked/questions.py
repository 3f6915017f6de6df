"""What a message asks: its clauses but those that leave something alone, and, where it asks several, its questions."""

import re
from collections.abc import Iterator
from functools import cache

from switchboard.plays.asked.forms import words_of_days
from switchboard.reading.languages import OURS, languages
from switchboard.reading.left_alone import parts_of
from switchboard.reading.stance import POLITE
from switchboard.reading.tongues import folded, tongue_of
from switchboard.search.words import terms

LOOKED_AT, MOST = 2_000, 4
"""Characters of a message that are read, and questions that are told apart; who asks more is not understood."""
NO_DEED = re.compile(r"(?!)")
END = re.compile(r"[.!?;\n]")


def asked_in(text: str, deeds: re.Pattern[str], language: str = "en") -> str:
    """A text without the clauses that leave something alone."""
    return "".join(part.text + part.mark for part in parts_of(text, deeds, language) if not part.left_alone)


def questions_in(text: str, language: str) -> list[str]:
    """The questions of a text, each from where it begins like one to where the next does, or its sentence ends; none where it
    asks only one thing, or too much.
    """
    found = [question for question, _ in _questions(text, language)]
    return found if 1 < len(found) <= MOST else []


def questions_marked(text: str, language: str) -> list[str]:
    """The questions of a text that are surely some, though it asks for something else or more than can be told apart: those of
    sentences with a question mark, but clauses on what stands before them.
    """
    relative = re.compile(rf"(?:{languages().get(language, languages()[OURS]).relative})(?!\w)")
    return [
        one for one, mark in _questions(text, language) if mark[0] == "?" and not (mark[1] == "," and relative.match(mark[2:]))
    ]


def requests_in(text: str, language: str) -> list[str]:
    """The sentences of a text that ask for something in the words that one asks with ("please"), and are no question."""
    asks = re.compile(rf"(?<!\w)(?:{languages().get(language, languages()[OURS]).requests})(?!\w)")
    read = folded(text[:LOOKED_AT], language)
    found, since = list[str](), 0
    for ends in [*END.finditer(read.text), None]:
        stop = ends.start() if ends else len(read.text)
        sentence = " ".join(text[read.places[since] : read.places[stop]].split())
        if sentence and (ends is None or ends[0] != "?") and asks.search(read.text, since, stop):
            found.append(sentence)
        since = ends.end() if ends else stop
    return found


def _questions(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Each question of a text, and what it is known by: how its sentence ends, what stands before it, and how it begins."""
    read = folded(text[:LOOKED_AT], language)
    begun = list(_beginnings(language).finditer(read.text))
    for one, then in zip(begun, [*begun[1:], None], strict=False):
        ends = END.search(read.text, one.start(1))
        stop = min(then.start() if then else len(read.text), ends.start() if ends else len(read.text))
        question = " ".join(text[read.places[one.start(1)] : read.places[stop]].split()).rstrip(" ,")
        if terms(question):
            yield question, f"{ends[0] if ends else '.'}{one[0][:1]}{one[1]}"


def is_asked(sentence: str, language: str) -> bool:
    """Whether a sentence asks a question, or for something to be done."""
    tongue = tongue_of(language)
    polite = tongue.polite if tongue else POLITE
    read = folded(sentence[:LOOKED_AT], language).text if tongue else sentence[:LOOKED_AT].lower()
    return "?" in sentence or bool(_beginnings(language).search(read) or polite.search(read))


@cache
def _beginnings(language: str) -> re.Pattern[str]:
    form = languages().get(language, languages()[OURS]).questions
    return re.compile(rf"(?:\A|[.!?;,\n¿]|\b(?:{words_of_days(language)['and']})\b)[\s¿]{{0,5}}((?:{form})(?!\w))")
