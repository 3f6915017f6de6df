"""What a customer leaves alone, so that no change is about it, and what they ask for beside it."""

import re

from switchboard.reading import left_alone

DEEDS = re.compile(r"\b(?:cancel|return|send (?:it|them|this) back|refund|exchange|swap|replace|change)\w*\b", re.IGNORECASE)
LOOKED_AT = left_alone.LOOKED_AT
ANOTHER = re.compile(r"\b(?:the|my|that|an)?\s?other (?:order|one|parcel|purchase|package)\b", re.IGNORECASE)
"""Words for an order that is not the one spoken of beside it."""


def parted(text: str) -> tuple[str, str]:
    """The clauses of a text that something may be asked in, and those that leave alone what they speak of."""
    return left_alone.parted(text, DEEDS)


def asked_in(text: str) -> str:
    """The text without the clauses that leave something alone; all of it where nothing else is left."""
    return parted(text)[0] or text


def left_in(text: str) -> str:
    """The clauses that leave something alone."""
    return parted(text)[1]


def is_another(text: str) -> bool:
    """Whether a text speaks of an order that is not the one it names."""
    return bool(ANOTHER.search(text[:LOOKED_AT]))
