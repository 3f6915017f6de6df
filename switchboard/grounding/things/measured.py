"""Whether a time span, or another measure, is that which the articles and rows have for the same."""

import re
from collections.abc import Iterator
from itertools import pairwise

from switchboard.consent.identity import leaves
from switchboard.declare.transcript import as_json
from switchboard.grounding.carried import telling
from switchboard.grounding.evidence import Evidence, passages_of
from switchboard.grounding.figures import BETWEEN, COUNTS, MONTHS, UNITS, measures
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.wording import begun, clauses, plain, sentences, words
from switchboard.money import CURRENCY
from switchboard.search.index import STOP_WORDS

MOSTLY, FEW = 0.6, 2
SPAN = re.compile(r"(?<!\d)(\d{1,4} [^\W\d_]{1,20}) (?:of|from|after|since) (the |your )?([^\W\d_]+)")
NOUNLESS = BETWEEN | STOP_WORDS | MONTHS.keys() | CURRENCY.keys()


def measured_otherwise(evidence: Evidence, sentence: str) -> str | None:
    """A measure of a clause that is another one in all sentences that say the same in most of its words."""
    lines = [counted(plain(str(value))) for e in evidence.results for _, value in leaves(e.result) if not passages_of(e.result)]
    rows = set[tuple[int, str]]().union(*lines)
    for number, word in counted(plain(sentence)):
        if (number, word) not in rows and any(other == word for _, other in rows):
            return f"{number} {word}"
    tongue = JUDGED["en"]
    for clause in clauses(sentence):
        found = measures_of(clause)
        said = {word for word in telling(clause, tongue) if word.isalpha() and word not in UNITS}
        other = next((m[0] for m in SPAN.finditer(clause) if _begins_elsewhere(evidence, m)), None)
        if other:
            return other
        if not found or len(said) < FEW:
            continue
        saying = [one for one in _sentences(evidence) if len(said & frozenset(map(begun, words(one)))) >= MOSTLY * len(said)]
        known = set[tuple[int, str]]().union(*map(measures_of, saying))
        wrong = next((one for one in sorted(found) if one not in known and any(unit == one[1] for _, unit in known)), None)
        if wrong:
            return f"{wrong[0]} {wrong[1]}s"
    return None


def _begins_elsewhere(evidence: Evidence, span: re.Match[str]) -> bool:
    """Whether a time counts from something that the case knows, but from something else in every text that has this time."""
    same = [one for text in (*evidence.told_to_all, evidence.ruled) for one in SPAN.finditer(plain(text)) if one[1] == span[1]]
    starts = {begun(one[3].lower()) for one in same}
    start = begun(span[3].lower())
    return bool(starts) and start not in starts and start not in UNITS and bool(span[2] or start in evidence.told_words)


def measures_of(text: str) -> set[tuple[int, str]]:
    """Measures, and numbers of things, such as people."""
    return measures(text) | counted(text)


def counted(text: str) -> set[tuple[int, str]]:
    """Numbers with the word behind each, such as of people, or of a street."""
    spoken = words(text)
    return {
        (int(COUNTS.get(one, one)), begun(other))
        for one, other in pairwise(spoken)
        if (one in COUNTS or (one.isdecimal() and len(one) < 6))
        and other.isalpha()
        and other not in UNITS
        and other not in NOUNLESS
    }


def _sentences(evidence: Evidence) -> Iterator[str]:
    for text in (*evidence.told_to_all, evidence.ruled, *(as_json(e.result).replace("_", " ") for e in evidence.changed)):
        yield from sentences(plain(text))
