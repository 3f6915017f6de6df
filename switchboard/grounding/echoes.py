"""What is no answer to a customer: the agents' instructions, labels of roles, our own failure lines, text in circles."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from switchboard.grounding.evidence import Evidence
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.grounding.wording import folded, sentences, words

RUN = 8
"""So many words in a row that also stand in an instruction are told from it."""
ROLES = "verified customer|customer|user|assistant|system|operator|executor|note|agent|human|tool|error|response|answer"
LABEL = re.compile(rf"(?:^\W{{0,4}}|[:.;]\s{{1,3}})(?:{ROLES})\W{{0,3}}:", re.IGNORECASE | re.MULTILINE)
OURS = (
    "no model endpoint answered", "the rules answer", "an operator refused this call", "nobody approved it in time",
    "it is asked once more", "was not sent", "not sent:", "server says",
    "customer not verified", "verified customer", "the operator, not the customer", "as an ai", "language model", "http/1",
    "system prompt", "my instructions", "hidden rule", "the rules say",
    "my rules", "house policy", "<|", "[inst]", "```",
)  # fmt: skip
US = r"(?:i am|i'm|this is|hands? (?:it |this |you |them )?(?:off|back|over) to) "
"""Behind these stands an agent's name where one speaks of itself or of a colleague, as no customer knows them."""
OUR_NAMES = re.compile(r"(?<![^\W_])[^\W_]+_\w+")
MOST_TIMES = 3
MOST_HEARD = 0.7
ITEM = re.compile(r"\s{0,4}(?:[-*•]|\d{1,2}[.)])\s")
"""So begins a line of a list, which needs no mark at its end."""
LONG = 7
"""Words of a sentence that a writer ends with a mark."""
ROUND = 6
"""A run of so many words."""


def told_of_us(evidence: Evidence, text: str, tongue: Tongue, members: Iterable[str]) -> str | None:
    """What in a text is not for a customer; None where all of it is."""
    low = folded(text)
    if LABEL.search(text) or any(re.search(rf"(?m)^\W{{0,4}}{re.escape(name)}\W{{0,3}}:", low) for name in members):
        return "the label of a role"
    if any(re.search(rf"\b{US}(?:the )?{re.escape(name)}\b(?! \w)", low) for name in members):
        return "which agent it is"
    ours = next((line for line in OURS if line in low), None)
    if ours:
        return f"{ours!r}, which is not for customers"
    known = evidence.everything
    name = next((m[0] for m in OUR_NAMES.finditer(text) if m[0] not in known or m[0] in members), None)
    if name:
        return f"{name[:60]!r}, which is a name of ours"
    if repeats(evidence.said_by_customer, text):
        return "the customer's own words"
    run = copied(evidence, text)
    if run:
        return f"instructions: {run!r}"
    spoken_of = next((third for third in tongue.third if re.search(rf"\b{third}\b", low)), None)
    if spoken_of and not any(spoken_of in folded(passage) for passage in (*evidence.passages, evidence.ruled)):
        return f"{spoken_of!r}, who is spoken to"
    if goes_round(text):
        return "the same words again and again"
    return "half a sentence" if breaks_off(text) else None


def repeats(heard: str, text: str) -> bool:
    """Whether most words of a text stand in runs that the customer wrote."""
    said, theirs = words(text), words(heard)
    if len(said) > 2 and f" {' '.join(said)} " in f" {' '.join(theirs)} ":
        return True
    known = {theirs[place : place + ROUND] for place in range(len(theirs) - ROUND + 1)}
    places = [place for place in range(len(said) - ROUND + 1) if said[place : place + ROUND] in known]
    return bool(places) and len({word for place in places for word in range(place, place + ROUND)}) >= MOST_HEARD * len(said)


def breaks_off(text: str) -> bool:
    """Whether a long last sentence has no end."""
    last = sentences(text)[-1:] or [""]
    if ITEM.match(text.rsplit("\n", 1)[-1]):
        return False
    return last[0][-1:].isalpha() and len(words(last[0])) >= LONG


def goes_round(text: str) -> bool:
    """Whether a sentence, or a run of words, comes three times."""
    said = words(text)
    runs = (" ".join(said[place : place + ROUND]) for place in range(len(said) - ROUND + 1))
    again = Counter([*runs, *(folded(sentence) for sentence in sentences(text) if len(words(sentence)) > 2)])
    return any(times >= MOST_TIMES for times in again.values())


def copied(evidence: Evidence, text: str) -> str | None:
    """A run of words that stands in the agents' instructions, and in nothing that a customer may read."""
    said = words(text)
    if len(said) < RUN:
        return None
    kept = runs_of(tuple(evidence.instructions))
    free = " ".join(words("\n".join([evidence.rows, *evidence.passages, evidence.ruled])))
    for place in range(len(said) - RUN + 1):
        run = " ".join(said[place : place + RUN])
        if run in kept and run not in free:
            return run
    return None


@lru_cache(64)
def runs_of(texts: Sequence[str]) -> frozenset[str]:
    """All runs of words in texts."""
    spoken = [words(text) for text in texts]
    return frozenset(" ".join(said[place : place + RUN]) for said in spoken for place in range(len(said) - RUN + 1))
