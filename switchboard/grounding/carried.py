"""How much of a text is carried by what it rests on: the share of its telling words that stand there too."""

from functools import lru_cache

from switchboard.grounding.evidence import Evidence
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.grounding.wording import begun, plain, sentences, words
from switchboard.search.index import STOP_WORDS

LEAST_SHARE, LEAST_OF_A_SENTENCE = 0.45, 0.34
LONG_SENTENCE = 3
"""Telling words from which on a sentence is judged by its share."""
FROM_A_PASSAGE, FEW = 0.6, 3
"""The share of a sentence that a passage it is from holds; one of fewer telling words is from none."""


def telling(text: str, tongue: Tongue) -> list[str]:
    """The words of a text that say something of a case, by their beginnings."""
    said = words(text)
    return [begun(w) for w in said if len(w) > 1 and w not in tongue.small and w not in tongue.polite and w not in STOP_WORDS]


@lru_cache(512)
def _beginnings(text: str) -> frozenset[str]:
    return frozenset(map(begun, words(plain(text))))


def is_from_a_passage(evidence: Evidence, sentence: str, word: str = "", *, policy: bool = True) -> bool:
    """Whether a sentence says, for the most part, what one passage or one line of the policy says, that word included."""
    said = telling(sentence, JUDGED["en"])
    if len(said) < FEW:
        return False
    held = (_beginnings(text) for text in (*evidence.passages, *(evidence.policy.splitlines() if policy else ())))
    return any((not word or word in one) and sum(w in one for w in said) >= FROM_A_PASSAGE * len(said) for one in held)


def is_not_carried(evidence: Evidence, text: str, language: str) -> str | None:
    """The part of an answer that nothing carries; None where it rests on results or passages.

    What was only heard from the customer counts for nothing. In a language that the results are not written in only their
    names and numbers can be found again.
    """
    tongue = JUDGED[language]
    held, heard = evidence.told_words, evidence.customer_words
    if not {word for word in telling(text, tongue) if word in held} - heard and not _is_told(evidence, text):
        return "nothing in it comes from a result or an article"
    if language != "en":
        return None
    shown = [form for deed in evidence.shown for form in deed.words]
    told, carried = 0, 0
    for sentence in sentences(text):
        said = [word for word in telling(sentence, tongue) if word in held or word not in heard]
        if tongue.hedges & set(words(sentence)):  # what it denies stands nowhere
            said = [word for word in said if word in held or not evidence.vocabulary.names_a_deed(word)]
        there = [word for word in said if word in held or any(form.startswith(word) for form in shown)]
        from_one = is_from_a_passage(evidence, sentence)
        if not from_one and _hangs_in_the_air(evidence, sentence, said, there, tongue):
            return f"{sentence[:80]!r} stands in no result or article"
        told, carried = told + len(said), carried + (len(said) if from_one else len(there))
    return None if carried >= LEAST_SHARE * told else "most of it stands in no result or article"


def _hangs_in_the_air(evidence: Evidence, sentence: str, said: list[str], there: list[str], tongue: Tongue) -> bool:
    """Whether next to nothing of a sentence is held. What only names a field does not count; all its numbers count as one."""
    nothing = evidence.names_of_fields | (frozenset(map(begun, tongue.over)) if evidence.changed else frozenset())
    of_case = [word for word in said if word.isalpha() and word not in nothing]
    in_words, in_numbers = sum(word in there for word in of_case), any(not word.isalpha() for word in there)
    rests = in_words + in_numbers
    if not in_words and (len(of_case) > 1 or not in_numbers):
        return len(of_case) > 1 or (len(of_case) == 1 and not tongue.polite & set(words(sentence)))
    return len(of_case) >= LONG_SENTENCE and rests < LEAST_OF_A_SENTENCE * len(of_case)


def _is_told(evidence: Evidence, text: str) -> bool:
    """Whether an answer names what was changed."""
    said = frozenset(words(text))
    return any(said & frozenset(words(" ".join(map(str, e.arguments.values())))) for e in evidence.changed)
