"""Routing without a model: which department a customer's words belong to."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from agents.routing.gist import gist
from agents.routing.learned import classifier
from agents.routing.lexicon import words
from switchboard.reading.learning.features import LIMIT, stem

Department = Literal["billing", "sales", "support", "orders", "account", "general"]
DEPARTMENTS: tuple[Department, ...] = get_args(Department)

FOREIGN = 1 / 3  # below this share of known words the text is not in our language, and the scores say little
FOREIGN_CONFIDENCE = 0.3


@dataclass(frozen=True)
class Routing:
    """`confidence` is the probability, 0 to 1, that `department` is right; `scores` has one per department."""

    department: Department
    confidence: float
    scores: dict[str, float]


def route(text: str) -> Routing:
    """The department for a text of any kind and length. Never raises; the same text always gives the same answer."""
    return _routed(gist(text)[:LIMIT])


@lru_cache(1024)  # an agent's rules read the same words again at each of its turns
def _routed(text: str) -> Routing:
    scores = classifier().scores(text)
    found = words(text)
    if not found:
        return Routing("general", 0.0, scores)
    known = sum(stem(word) in classifier().known for word in found) / len(found)
    if known < FOREIGN:
        return Routing("general", min(scores["general"], FOREIGN_CONFIDENCE), scores)
    best = max(DEPARTMENTS, key=lambda d: scores[d])
    return Routing(best, scores[best], scores)
