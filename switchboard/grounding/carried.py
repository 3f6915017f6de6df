"""How much of a text is carried by what it rests on: the share of its telling words that stand there too."""

from collections.abc import Collection
from functools import lru_cache

from switchboard.grounding.evidence import Evidence
from switchboard.grounding.tongues import JUDGED, Tongue
from switchboard.grounding.wording import begun, plain, sentences, words
from switchboard.search.index import STOP_WORDS

LEAST_SHARE, LEAST_OF_A_SENTENCE = 0.45, 0.2
LONG_SENTENCE = 4
"""Telling words from which on a sentence is judged by itself."""


def telling(text: str, tongue: Tongue) -> list[str]:
    """The words of a text that say something of a case, by their beginnings."""
    said = words(text)
    return [begun(w) for w in said if len(w) > 1 and w not in tongue.small and w not in tongue.polite and w not in STOP_WORDS]


@lru_cache(512)
def _beginnings(text: str) -> frozenset[str]:
    return frozenset(map(begun, words(plain(text))))


def share_of(sentence: str, text: str) -> float:
    """The share of a sentence's telling English words that a text holds."""
    said = telling(sentence, JUDGED["en"])
    held = _beginnings(text)
    return sum(word in held for word in said) / len(said) if said else 0.0


def share(text: str, tongue: Tongue, held: Collection[str], heard: Collection[str] = ()) -> float:
    """The share of a text's telling words that are held; those that were only heard from the customer count for nothing."""
    said = [word for word in telling(text, tongue) if word in held or word not in heard]
    return sum(word in held for word in said) / len(said) if said else 1.0


def is_not_carried(evidence: Evidence, text: str, language: str) -> str | None:
    """The part of an answer that nothing carries; None where it rests on results or passages.

    In a language that the results are not written in only their names and numbers can be found again.
    """
    tongue = JUDGED[language]
    held, heard = evidence.told_words, evidence.customer_words
    found = {word for word in telling(text, tongue) if word in held}
    if not found - heard and not _is_told(evidence, text):
        return "nothing in it comes from a result or an article"
    if language != "en":
        return None
    for sentence in sentences(text):
        if len(telling(sentence, tongue)) >= LONG_SENTENCE and share(sentence, tongue, held, heard) < LEAST_OF_A_SENTENCE:
            return f"{sentence[:80]!r} stands in no result or article"
    return None if share(text, tongue, held, heard) >= LEAST_SHARE else "most of it stands in no result or article"


def _is_told(evidence: Evidence, text: str) -> bool:
    """Whether an answer names what was changed."""
    said = frozenset(words(text))
    return any(said & frozenset(words(" ".join(map(str, e.arguments.values())))) for e in evidence.changed)
