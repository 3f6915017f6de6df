"""Countries by their names: to us they are all one, abroad."""

import re
from functools import cache
from pathlib import Path

from switchboard.reading.words import lines

COUNTRIES = Path(__file__).with_name("countries.txt")
LOOKED_AT = 2000
"""Characters of a text in which countries are looked for."""


@cache
def _names() -> re.Pattern[str]:
    found = [re.escape(line) for line in lines(COUNTRIES) if not line.startswith("#")]
    return re.compile(rf"\b(to|into|in|from)( the)? (?:{'|'.join(found)})\b", re.IGNORECASE)


@cache
def _any() -> re.Pattern[str]:
    found = [re.escape(line) for line in lines(COUNTRIES) if not line.startswith("#")]
    return re.compile(rf"\b(?:{'|'.join(found)})\b", re.IGNORECASE)


GETTING = re.compile(
    r"\b(?:buy\w*|purchas\w*|order(?!ed)\w*|avail\w*|d[ei]l[ei]v\w*|ship\w*|send\w*|get|come|sell|sold|shops?|stores?|located)\b",
    re.IGNORECASE,
)
OF_AN_ORDER = re.compile(r"\b(?:ordered|bought|paid|track\w*|my order|status|refund\w*|return\w*|cancel\w*)\b", re.IGNORECASE)


def asked_from_abroad(text: str) -> bool:
    """Whether a text names another country as one where goods are to come to, and speaks of no order that was placed."""
    text = text[:LOOKED_AT]
    return bool(_any().search(text)) and bool(GETTING.search(text)) and not OF_AN_ORDER.search(text)


def with_countries_as_one(text: str) -> str:
    """A text in which every country that something goes to or comes from, but our own, is called Canada: the articles' lines
    name that one.
    """
    return _names().sub(r"\1 Canada", text[:LOOKED_AT])
