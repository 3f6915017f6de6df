"""What a message asks: its clauses but those that leave something alone, and, where it asks several, its questions."""

import re
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
    read = folded(text[:LOOKED_AT], language)
    begun = list(_beginnings(language).finditer(read.text))
    found = []
    for one, then in zip(begun, [*begun[1:], None], strict=False):
        ends = END.search(read.text, one.start(1))
        stop = min(then.start() if then else len(read.text), ends.start() if ends else len(read.text))
        question = " ".join(text[read.places[one.start(1)] : read.places[stop]].split()).rstrip(" ,")
        found += [question] if terms(question) else []
    return found if 1 < len(found) <= MOST else []


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
