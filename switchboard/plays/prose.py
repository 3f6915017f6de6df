"""Prose in a record: what somebody wrote there in sentences. It is told as what the record says, never as the desk's own words.

A value says no more than what it is called: a state, a name, a day, an amount. All else is prose: what speaks to somebody,
what has a verb or the mark of a sentence, what names an amount of money beside other words,
what claims beside something else that it was done or given ("Flute (fee waived)"), what holds a link, and what is long.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from switchboard.reading.languages import OURS, SPOKEN, languages, said
from switchboard.reading.tongues import folded

WORD = re.compile(r"[^\W\d_]+")
LINK = re.compile(r"(?:\bhttps?:|\bwww\.|//)\S{1,2000}|\b[\w.+-]{1,64}@[\w.-]{1,190}", re.IGNORECASE)
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,190}")
MARK = re.compile(r"\w[!?](?:\s|$)|[。！？]|[^\W\d_]{4}[.…](?=\s{1,5}[^\W\d_]|\s{0,5}$)")
"""The end of a sentence; the point behind a short word, such as "Dr.", ends none."""
MONEY = re.compile(
    r"\d\s{0,2}(?:EUR|USD|GBP|CHF|euros?|dollars?|pounds?|[€$£])(?!\w)|(?:\b(?:EUR|USD|GBP|CHF)|[€$£])\s{0,2}\d", re.IGNORECASE
)
UNITS = frozenset(("eur", "usd", "gbp", "chf", "euro", "euros", "dollar", "dollars", "pound", "pounds"))
"""An amount of money; and what its unit is called, which alone beside it says nothing more."""
BETWEEN = re.compile(r"[^\w\s'’]|\d")
PARTS = re.compile(r"[()\[\]{},;:|/·•–—\n]|\s-\s")
"""Between the parts of a value, such as a name and what stands behind it in brackets."""
QUOTES = re.compile('[„“”«»"‹›‟]')
MOST_IN_A_ROW, MOST_WORDS, LONG, FEW, MOST_OF_STATE = 4, 20, 4, 2, 3
"""Words that stand in a row in a name, and words of a value; letters of a word that is no small one; and such words, in small
letters, that make a long row a sentence; words of a state that may be a claim, "fee waived", and nothing beside it."""
MOST_QUOTED = 300


def is_prose(text: str) -> bool:
    """Whether a text is more than a plain value."""
    spoken = WORD.findall(text)
    if LINK.search(text) and not ADDRESS.fullmatch(text.strip()):
        return True
    if len(spoken) > MOST_WORDS or (MARK.search(text) and len(spoken) > 1) or re.search("[。！？]", text):
        return True
    if MONEY.search(text) and any(word.lower() not in UNITS for word in spoken):
        return True
    if _claims().search(folded(text, OURS).text) and (len(spoken) > MOST_OF_STATE or _is_in_parts(text)):
        return True
    speaks, finite = _lists()
    if len(spoken) > 1 and any(word in finite or _small(word) in speaks for word in spoken):
        return True
    rows = [WORD.findall(part) for part in BETWEEN.split(text)]
    return any(len(row) > MOST_IN_A_ROW and sum(w.islower() and len(w) >= LONG for w in row) >= FEW for row in rows)


def _small(word: str) -> str:
    """A word in small letters; one all in large ones is short for something, such as a state."""
    return word if word.isupper() and len(word) > 1 else word.lower()


@cache
def _lists() -> tuple[frozenset[str], frozenset[str]]:
    """Whatever language a record is in, it need not be that of the desk."""
    spoken = [languages()[code] for code in SPOKEN]
    return frozenset().union(*(one.speaks for one in spoken)), frozenset().union(*(one.finite for one in spoken))


@cache
def _claims() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(languages()[code].claims for code in SPOKEN)})(?!\w)")


def _is_in_parts(text: str) -> bool:
    return sum(bool(WORD.search(part)) for part in PARTS.split(text)) > 1


def attributed(text: str, language: str) -> str:
    """Prose as what the record says, bounded, without what would end the quotation, and without links beside other words."""
    words = " ".join(QUOTES.sub("'", text).split())
    words = words if LINK.fullmatch(words) else LINK.sub("…", words)
    words = words if len(words) <= MOST_QUOTED else f"{words[: MOST_QUOTED - 1]}…"
    return said("play.record", language, words=words)


def begun_large(sentence: str, language: str) -> str:
    """A sentence with a large letter where it begins with what the record says."""
    before = said("play.record", language, words="\0").partition("\0")[0]
    return sentence[0].upper() + sentence[1:] if before and sentence.startswith(before) else sentence


def parted(value: Any) -> tuple[Any, list[str]]:
    """A result without its prose, and that."""
    match value:
        case str():
            return ("", [value]) if is_prose(value) else (value, [])
        case Mapping():
            pairs = {name: parted(one) for name, one in value.items()}
            return {name: one for name, (one, _) in pairs.items()}, [text for _, found in pairs.values() for text in found]
        case list() | tuple():
            parts = [parted(one) for one in value]
            return [one for one, _ in parts], [text for _, found in parts for text in found]
        case _:
            return value, []
