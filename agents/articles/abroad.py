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


def with_countries_as_one(text: str) -> str:
    """A text in which every country that something goes to or comes from, but our own, is called Canada: the articles' lines
    name that one.
    """
    return _names().sub(r"\1 Canada", text[:LOOKED_AT])
