"""The gist of a long message: the sentences that ask for something, out of all that is told around them."""

import re
from functools import lru_cache

from agents.requests.requests import LOOKED_AT, request_in
from agents.routing.learned import classifier
from switchboard.reading.learning.features import LIMIT

SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
LONGEST = 500
"""Characters of a sentence; a longer one is cut."""
SURE = 0.9
"""The classifier's confidence from which on a sentence without a word of asking says what it is about."""
HOLDS_FACT = re.compile(r"[@\d]")


@lru_cache(maxsize=16)
def gist(text: str) -> str:
    """A text of up to `LIMIT` characters as it is; of the first 20,000 characters of a longer one what asks for something.

    The sentences with numbers or addresses come along as far as there is room. Where nothing asks, it is the beginning.
    """
    if len(text) <= LIMIT:
        return text
    found = dict.fromkeys(part for part in SENTENCE.split(text[:LOOKED_AT]) if part)
    sentences = [part[at : at + LONGEST] for part in found for at in range(0, len(part), LONGEST)]
    asking = {n for n, sentence in enumerate(sentences) if asks(sentence)}
    if not asking:
        return text[:LIMIT]
    with_facts = [n for n, sentence in enumerate(sentences) if n not in asking and HOLDS_FACT.search(sentence)]
    chosen, room = [], LIMIT
    for n in [*sorted(asking), *with_facts]:
        if len(sentences[n]) < room:
            chosen.append(n)
            room -= len(sentences[n]) + 1
    return " ".join(sentences[n] for n in sorted(chosen))


def asks(sentence: str) -> bool:
    """Whether a sentence asks for something that a department does, or surely tells of what one mends."""
    if len(sentence) < 3:
        return False
    if request_in(sentence).kind not in ("unknown", "greeting", "thanks"):
        return True
    scores = classifier().scores(sentence)
    best = max(scores, key=lambda name: scores[name])
    return best != "general" and scores[best] >= SURE
