"""How somebody writes: how urgently, with what feeling, and which of their words say anything."""

import re
from functools import cache
from pathlib import Path
from typing import Literal

from switchboard.reading.learning.features import LIMIT, Lexicon
from switchboard.reading.words import word_groups

Urgency = Literal["low", "normal", "high"]
Sentiment = Literal["negative", "neutral", "positive"]

_HIGH = re.compile(
    r"\b(urgent(ly)?|asap|as soon as possible|immediately|right (now|away)|emergency|at once|hurry|quickly|critical|"
    r"stolen|fraud\w*|hacked|scam\w*|unauthori[sz]ed|(someone|somebody) (else )?(is using|used|got into|took|stole)|"
    r"(by|before|until|need\w* \w+( \w+)?) (today|tonight|tomorrow|noon)|deadline|last (warning|chance)|stranded|"
    r"can('t| ?not) wait|lawyer|legal action|sue|police|production is down|whole (team|office|company))\b",
    re.IGNORECASE,
)
_LOW = re.compile(
    r"\b(no (rush|hurry)|not urgent|whenever (you|it)|when you (have|get|find) (the |some |a )?(time|chance|moment)|"
    r"just (wondering|curious|asking|a question|checking)|out of curiosity|take your time|at some point|some ?day)\b",
    re.IGNORECASE,
)

_SHOUTS = re.compile(r"[!?]{3,}|!!|\b[A-Z]{4,}\b(?:\W+\b[A-Z]{3,}\b){2,}")
_ANGRY_FACES = re.compile("[\U0001f620\U0001f621\U0001f624\U0001f92c\U0001f44e\U0001f62d\U0001f595]")
_HAPPY_FACES = re.compile("[\U0001f600-\U0001f60a\U0001f60d\U0001f44d\U0001f64f\U0001f970❤]|(?<!\\w):-?\\)")


@cache
def _feelings() -> dict[str, frozenset[str]]:
    return {group: frozenset(members) for group, members in word_groups(Path(__file__).with_name("feelings.txt")).items()}


def urgency(text: str) -> Urgency:
    """`high` for danger, deadlines and "now"; `low` where they say that there is time."""
    text = text.replace("’", "'")
    if _LOW.search(text):
        return "low"
    return "high" if _HIGH.search(text) else "normal"


def sentiment(text: str, lexicon: Lexicon) -> Sentiment:
    """The feeling that is put into words; a fault or a loss alone is not a feeling."""
    text = text[:LIMIT]
    found = lexicon.words(text)
    score = sum(_weight(found, i) for i in range(len(found)))
    score += len(_HAPPY_FACES.findall(text)) - len(_ANGRY_FACES.findall(text)) - (1 if _SHOUTS.search(text) else 0)
    return "negative" if score < 0 else "positive" if score > 0 else "neutral"


def _weight(found: list[str], i: int) -> int:
    weight = (found[i] in _feelings()["good"]) - (found[i] in _feelings()["bad"])
    return -weight if weight and not _feelings()["turning"].isdisjoint(found[max(0, i - 3) : i]) else weight


def telling(text: str, lexicon: Lexicon) -> list[str]:
    """The words that say what a text is about; "Can you help me with that?" has none."""
    return [word for word in lexicon.words(text) if word not in _feelings()["empty"] and len(word) > 1]
