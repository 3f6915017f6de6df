"""Whether a time span, or another measure, is that which the articles and rows have for the same."""

import re
from collections.abc import Iterator
from itertools import pairwise

from switchboard.consent.identity import leaves
from switchboard.declare.transcript import as_json
from switchboard.grounding.carried import light, telling
from switchboard.grounding.evidence import Evidence, passages_of
from switchboard.grounding.figures import BETWEEN, COUNTS, MONTHS, UNITS, measures
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.wording import begun, clauses, plain, sentences, words
from switchboard.money import CURRENCY
from switchboard.search.words import STOP_WORDS

MOSTLY, FEW = 0.6, 2
MORE = frozenset(("other", "more", "further", "full", "extra", "additional"))
TIMES = {"once": 1, "twice": 2}
SPAN = re.compile(r"(?<!\d)(\d{1,4} [^\W\d_]{1,20}) (?:of|from|after|since) (the |your )?(?:day (?:you |of )?)?([^\W\d_]+)")
NOUNLESS = BETWEEN | STOP_WORDS | MONTHS.keys() | CURRENCY.keys()


def measured_otherwise(evidence: Evidence, sentence: str) -> str | None:
    """A measure of a clause that is another one in all sentences that say the same in most of its words."""
    leaf = [value for e in evidence.results if not passages_of(e.result) for _, value in leaves(e.result)]
    rows = set[tuple[int, str]]().union(*(counted(plain(str(value))) for value in leaf))
    for number, word in counted(plain(sentence)):
        if (number, word) not in rows and any(other == word for _, other in rows):
            return f"{number} {word}"
    tongue = JUDGED["en"]
    parts = clauses(sentence)
    whole = sum(bool(measures_of(part)) for part in parts) == 1
    in_all, before = (_said(sentence) if whole else set()), set() if evidence.is_about_rows else _said(evidence.said_last)
    for clause in parts:
        found = measures_of(clause)
        said = _said(clause)
        said = said if len(said) >= FEW or not whole else in_all
        said = said if len(said) >= FEW else said | before
        other = next((m[0] for m in SPAN.finditer(clause) if _begins_elsewhere(evidence, m)), None)
        if other:
            return other
        if not found or len(said) < FEW:
            continue
        saying = _nearest(evidence, said)
        known = {
            pair for one in saying for pair in measures_of(one) if pair[1] != "time" or not tongue.denials & set(words(one))
        }
        wrong = next((one for one in sorted(found) if one not in known and any(unit == one[1] for _, unit in known)), None)
        if wrong:
            return f"{wrong[0]} {wrong[1]}s"
    return None


def _said(text: str) -> set[str]:
    """The words by which a text is found again."""
    tongue = JUDGED["en"]
    return {word for word in telling(text, tongue) if word.isalpha() and word not in light(tongue) and word not in UNITS}


def _nearest(evidence: Evidence, said: set[str]) -> list[str]:
    """The sentences that hold the most of these words, if those are most of them."""
    shares = [(len(said & frozenset(map(begun, words(one)))), one) for one in _sentences(evidence)]
    most = max((share for share, _ in shares), default=0)
    return [one for share, one in shares if share == most >= MOSTLY * len(said)]


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
    spoken = tuple(word for word in words(text) if word not in MORE)
    often = {(TIMES[word], "time") for before, word in pairwise(("", *spoken)) if word in TIMES and before != "at"}
    return often | {
        (int({**COUNTS, "one": 1}.get(one, one)), begun(other))
        for one, other in pairwise(spoken)
        if (one in COUNTS or one == "one" or (one.isdecimal() and len(one) < 6))
        and other.isalpha()
        and other not in UNITS
        and other not in NOUNLESS
    }


def _sentences(evidence: Evidence) -> Iterator[str]:
    """The sentences that tell measures, those of a passage with the heading above them."""
    for passage in (one for e in evidence.results for one in passages_of(e.result)):
        yield from (f"{passage['heading']} {one}" for one in sentences(plain(str(passage["text"]))))
    for text in (evidence.policy, evidence.ruled, *(as_json(e.result).replace("_", " ") for e in evidence.changed)):
        yield from sentences(plain(text))
