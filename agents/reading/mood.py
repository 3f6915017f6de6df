"""How a customer writes: urgency, sentiment, whether a human is wanted, and whether there is anything to go on."""

import re
from functools import cache
from typing import Literal

from agents.reading.classifier import classifier
from agents.reading.features import LIMIT, concepts, stem, word_groups, words
from agents.reading.gist import gist

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

_SOMEONE = (
    r"(?:(?:a|an|the|your|some|any|another|one of your|real|live|actual|human|customer|service|support|sales|free) )*"
    r"(?:humans?|human being|person|people|agents?|representatives?|rep|managers?|supervisor|operator|advis[oe]r|"
    r"somebody|someone|employee|assistant|staff|team leader|boss)\b"
)
_WANTS_HUMAN = re.compile(
    r"\b(?:(?:speak|talk|chat)(?:ing)?|(?:connect|transfer|put|pass|switch|forward|hand|get|give)(?: me| this| it)?|"
    r"escalate|call(?: back)? from|in touch|reach|contact(?:ing)?|call|want|need)(?: directly| through| on| over)? "
    rf"(?:to |with |by )?{_SOMEONE}|"
    r"\b(?:real|live|actual) (?:person|human|agent)\b|\bhuman (?:agent|operator|help|support|assistance)\b|"
    r"\b(?:no|not an?|stop the|hate (?:this|the|talking to an?)) (?:ro)?bots?\b",
    re.IGNORECASE,
)
_WHAT_WE_ARE = r"(?:are you|am i|is this|you are|you're)\b[^.!?]{0,200}\b(?:human|person|bot|robot|agent)\b"
_ASKS_WHAT_WE_ARE = re.compile(rf"\b{_WHAT_WE_ARE}", re.IGNORECASE)


@cache
def _feelings() -> dict[str, frozenset[str]]:
    return {group: frozenset(members) for group, members in word_groups("feelings.txt").items()}


def urgency(text: str) -> Urgency:
    """`high` for danger, deadlines and "now"; `low` where the customer says that there is time."""
    text = gist(text).replace("’", "'")
    if _LOW.search(text):
        return "low"
    return "high" if _HIGH.search(text) else "normal"


def sentiment(text: str) -> Sentiment:
    """The feeling that is put into words; a fault or a loss alone is not a feeling."""
    text = text[:LIMIT]
    found = words(text)
    score = sum(_weight(found, i) for i in range(len(found)))
    score += len(_HAPPY_FACES.findall(text)) - len(_ANGRY_FACES.findall(text)) - (1 if _SHOUTS.search(text) else 0)
    return "negative" if score < 0 else "positive" if score > 0 else "neutral"


def _weight(found: list[str], i: int) -> int:
    weight = (found[i] in _feelings()["good"]) - (found[i] in _feelings()["bad"])
    return -weight if weight and not _feelings()["turning"].isdisjoint(found[max(0, i - 3) : i]) else weight


def wants_human(text: str) -> bool:
    """Whether the customer asks for a person. Asking whether we are one is not that."""
    text = gist(text).replace("’", "'")
    return bool(_WANTS_HUMAN.search(_ASKS_WHAT_WE_ARE.sub(" ", text)))


def telling(text: str) -> list[str]:
    """The words that say what a text is about; "Can you help me with that?" has none."""
    return [word for word in words(text) if word not in _feelings()["empty"] and len(word) > 1]


def is_unclear(text: str) -> bool:
    """Whether nothing in the text could be routed or answered, as in "help", "it does not work" or emoji alone."""
    text = gist(text)
    if wants_human(text):
        return False
    return not any(not w.isascii() or stem(w) in classifier().known or stem(w) in concepts() for w in telling(text))
