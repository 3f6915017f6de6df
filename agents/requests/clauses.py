"""The words on one of several orders of a message."""

import re

from agents.requests.facts import facts_in

PARTS = re.compile(r"(?<=[.!?;\n])\s+|\n|,\s+|(?<!\s)\s+(?:and|but|then|also)\b\s+", re.IGNORECASE)
ONLY_NUMBERS = re.compile(r"\W*(?:(?:w?\d{7}|order|number|for|of|the|too|as well)\W*)+", re.IGNORECASE)


def words_on(text: str, order_id: str) -> str:
    """The words on one of several orders: the clauses that name it, and those after them that name none."""
    if len(facts_in(text).order_ids) < 2:
        return text
    clauses: list[str] = []
    for part in PARTS.split(text):  # "cancel #W1 and #W2" is one clause
        if clauses and ONLY_NUMBERS.fullmatch(part):
            clauses[-1] += f" and {part}"
        elif part.strip():
            clauses.append(part)
    about: tuple[str, ...] = facts_in(text).order_ids[:1]
    own = []
    for clause in clauses:
        about = facts_in(clause).order_ids or about
        if order_id in about:
            own.append(clause)
    return ". ".join(own) or text
