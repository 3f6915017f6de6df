"""Whether two texts are the same but for small changes: by the least hashes of their runs of words (bottom-k MinHash).

Texts that differ in a number are not copies of each other: two contracts of one form are two contracts.
"""

import re
from array import array
from collections.abc import Iterable
from zlib import crc32

RUN, KEPT, LOOKED_UP = 5, 128, 8
"""Words of a run, hashes of a text that are kept, and those by which another is found."""
ALIKE = 0.9
"""Share of the runs that two texts have in common (Jaccard), as it is estimated."""
LEAST_WORDS, MOST_WORDS = 40, 300_000


def sketch(text: str) -> bytes:
    """The least hashes of a text, and the hash of its numbers first; b"" for one that is too short to tell."""
    words = re.findall(r"[^\W_]+", text.lower())[:MOST_WORDS]
    if len(words) < LEAST_WORDS:
        return b""
    runs = {crc32(" ".join(words[n : n + RUN]).encode("utf-8", "replace")) for n in range(len(words) - RUN + 1)}
    numbers = crc32(" ".join(sorted(word for word in words if any(c.isdigit() for c in word))).encode())
    return array("I", [numbers, *sorted(runs)[:KEPT]]).tobytes()


def looked_up(kept: bytes) -> list[int]:
    """What a sketch is found by: its likes have nearly all of these."""
    return list(array("I", kept)[1 : 1 + LOOKED_UP])


def are_alike(one: bytes, other: bytes) -> bool:
    if not one or not other:
        return False
    first, second = array("I", one), array("I", other)
    if first[0] != second[0]:
        return False
    a, b = set(first[1:]), set(second[1:])
    least = sorted(a | b)[:KEPT]
    return sum(mark in a and mark in b for mark in least) >= ALIKE * len(least)


def first_alike(kept: bytes, candidates: Iterable[tuple[str, bytes]]) -> str:
    """The name of the first that a text is a copy of; "" where there is none."""
    return next((name for name, other in candidates if are_alike(kept, other)), "")
