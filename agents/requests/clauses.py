"""The words on one of several orders of a message."""

import re

from agents.requests.numbers import ANY_ORDER
from agents.requests.reading import read
from switchboard.reading.facts.details import LOOKED_AT

PARTS = re.compile(r"(?<=[.!?;\n])\s+|\n|,\s+|(?<!\s)\s+(?:and|but|then|also)\b\s+", re.IGNORECASE)
ONLY_NUMBERS = re.compile(rf"\W*(?:(?:{ANY_ORDER}|order|number|for|of|the|too|as well)\W*)+", re.IGNORECASE)


DEEDS = {
    "return_items": re.compile(
        r"\breturn\w*|\b(?:send|give)\b[^.,;]{1,40}\bback\b|\b(?<!the )(?<!any )(?<!or )refund", re.IGNORECASE
    ),
    "exchange_items": re.compile(r"\bexchang\w*|\bswap\w*|\breplac(?:e|ed|ing)\b|\btrad(?:e|ing)\b", re.IGNORECASE),
}
DEED_PARTS = re.compile(r"(?<=[.!?;\n])\s+|,\s+|(?<!\s)\s+(?:and|but|then|also)\b\s+", re.IGNORECASE)


def by_deed(text: str) -> dict[str, str]:
    """The words on each deed of a message that wishes for a return of this and an exchange of that; those before the first deed
    are on that one, and clauses that name none on the deed before them. Empty where no such deed is named.
    """
    parts: dict[str, list[str]] = {}
    before: list[str] = []
    deed = ""
    for clause in DEED_PARTS.split(text[:LOOKED_AT]):
        named = [kind for kind, pattern in DEEDS.items() if pattern.search(clause)]
        deed = named[0] if len(named) == 1 else deed
        if not deed:
            before.append(clause)
            continue
        parts.setdefault(deed, [*before] if not parts else []).append(clause)
    return {kind: " , ".join(clauses) for kind, clauses in parts.items()}


def words_on(text: str, order_id: str) -> str:
    """The words on one of several orders: the clauses that name it, and those after them that name none."""
    if len(read(text).facts.order_ids) < 2:
        return text
    clauses: list[str] = []
    for part in PARTS.split(text):  # "cancel #W1 and #W2" is one clause
        if clauses and ONLY_NUMBERS.fullmatch(part):
            clauses[-1] += f" and {part}"
        elif part.strip():
            clauses.append(part)
    about: tuple[str, ...] = read(text).facts.order_ids[:1]
    own = []
    for clause in clauses:
        about = read(clause).facts.order_ids or about
        if order_id in about:
            own.append(clause)
    return ". ".join(own) or text
