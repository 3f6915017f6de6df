"""Words that nothing knows, where only what is known may stand: in brackets, in a list, as the most, as what one gets."""

import re

from switchboard.grounding.carried import light, telling
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.tongues.tongue import listed
from switchboard.grounding.wording import begun, clauses, plain, sentences, words

IN_BRACKETS = re.compile(r"\(([^()\n]{1,80})\)")
LIST = re.compile(r"[^\W\d_]{3,20}(?:, (?:and |or )?[^\W\d_]{3,20}){1,8},? (?:and|or) [^\W\d_]{3,20}\b")
MOST = re.compile(r"\b(?:[^\W\d_]{2,12}est|most [^\W\d_]{3,20})\b", re.IGNORECASE)
COMPARED = listed(
    "cheapest dearest latest earliest nearest newest oldest largest smallest biggest lowest highest longest shortest"
)
"""What can be seen from a list of prices, days or sizes, whatever its words."""
NO_MOST = listed("best request interest test rest guest west honest west invest forest quest almost latest suggest")
GIVEN = re.compile(
    r"\b(?:you(?: will| would|['’]ll)?(?: also| then)? (?:get|receive|are given|are entitled to)|we(?: will|['’]ll)?(?: also)? "
    r"(?:give|offer|grant) you) (?:an? |the |your |one |some )?([^\W\d_]{3,20}(?: [^\W\d_]{3,20})?)",
    re.IGNORECASE,
)
MEANS = re.compile(r"\b(?:means?|shows?|indicates?|stands for|signals?)\b", re.IGNORECASE)


def strange_in(evidence: Evidence, sentence: str) -> str | None:
    """What stands in such a place and in nothing that is known, or side by side in nothing; None where all is known. It is
    judged in English.
    """
    if "?" in sentence:
        return None
    known = _known(evidence)
    places = [match[1] for match in IN_BRACKETS.finditer(sentence)] if evidence.is_about_rows else []
    unsure = (JUDGED["en"].hedges | JUDGED["en"].conditions) - {"can", "could", "only"}
    for clause in (one for one in clauses(sentence) if not unsure & set(words(one))):
        places += [match[0] for match in MOST.finditer(clause) if not (COMPARED | NO_MOST) & set(words(match[0]))]
        places += [match[1] for match in GIVEN.finditer(clause)]
    for place in places:
        if new := _new(place, known):
            return new
    if unsure & set(words(sentence)):
        return None
    for match in LIST.finditer(sentence):
        listed_words = [word for word in words(match[0]) if word not in ("and", "or")]
        unknown = [word for word in listed_words if _new(word, known)]
        if unknown and any(begun(word) in evidence.told_words for word in listed_words) and len(unknown) < len(listed_words):
            return unknown[0]
    return None if evidence.is_about_rows else _means_otherwise(evidence, sentence)


def _known(evidence: Evidence) -> frozenset[str]:
    tongue = JUDGED["en"]
    return frozenset(map(begun, words(evidence.everything))) | evidence.told_words | light(tongue)


def _new(text: str, known: frozenset[str]) -> str:
    """The first telling word of a text that is not known; empty where there is none."""
    return next((word for word in telling(text, JUDGED["en"]) if word.isalpha() and word not in known), "")


def _means_otherwise(evidence: Evidence, sentence: str) -> str | None:
    """What a sign is said to mean, where the articles have both and never in one breath: "grey means an error"."""
    tongue = JUDGED["en"]
    for clause in re.split(r"[,;:]\s|\sand\s", sentence):
        parts = MEANS.split(clause, maxsplit=1)
        if len(parts) != 2:
            continue
        sign, meaning = ({one for one in telling(part, tongue) if one not in light(tongue)} for part in parts)
        lines = [frozenset(map(begun, words(one))) for text in evidence.passages for one in _breaths(text)]
        both = all(any(side & line for line in lines) for side in (sign, meaning))
        if sign and meaning and both and not any(sign & line and meaning & line for line in lines):
            return clause
    return None


def _breaths(text: str) -> list[str]:
    return [part for one in sentences(plain(text)) for part in re.split(r"[,;]\s|\sand\s", one)]
