"""The items of a message that counts its matters itself."""

import re
from itertools import pairwise

from switchboard.reading.learning.features import LIMIT

COUNTED = (
    *(
        (tuple(re.compile(rf"(?<!\S)\(?{mark}{end}\s") for mark in marks))
        for marks in ("12345678", "abcdef")
        for end in (r"\)", r"[.:]")
    ),
    tuple(
        re.compile(rf"(?i)\b{word}(?:ly)?[,:]\s")
        for word in ("first(?: of all)?", "second", "third", "fourth", "(?:final|last)")
    ),
    (re.compile(r"(?m)^[ \t]{0,9}[-*•]\s"),) * 8,
)
"""The marks by which customers count, in their order."""
THEN_ALSO = re.compile(r"(?i)(?<=[.!?])\s+(?=(?:and |oh,? )?also\b)")


def listed(text: str) -> list[str]:
    """The items of a message that counts its matters ("1) ... 2) ...", "a) ... b) ...", "First, ... Second, ...", a line each),
    with what stands before them in the first, and what "also" begins behind the last; empty where it counts none.
    """
    for marks in COUNTED:
        places, at = [], 0
        for mark in marks:
            found = mark.search(text, at, LIMIT)
            if not found:
                break
            places.append(found.start())
            at = found.end()
        if len(places) > 1:
            cuts = [0, *places[1:], len(text)]
            items = [text[start:end] for start, end in pairwise(cuts)]
            items[-1:] = THEN_ALSO.split(items[-1])
            return [item.strip() for item in items if item.strip()]
    return []
