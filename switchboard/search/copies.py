"""Whether two texts are the same but for small changes: by the least hashes of their runs of words (bottom-k MinHash).

Texts that differ in a number, a negation or a name are not copies of each other: two contracts of one form are two contracts.
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
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
THOUSANDS = re.compile(r"[.,](?=\d{3}(?!\d))")
COUNTS = {
    name: number
    for number, names in enumerate(
        (
            "two twice zwei zweimal deux dos", "three drei trois tres", "four vier quatre cuatro", "five fünf funf cinq cinco",
            "six sechs seis", "seven sieben sept siete", "eight acht huit ocho", "nine neun neuf nueve", "ten zehn dix diez",
            "eleven elf onze", "twelve zwölf zwolf douze doce",
        ),
        start=2,
    )
    for name in names.split()
}  # fmt: skip
"""Numbers as texts spell them; one is left out, which is an article or a pronoun as well."""
COUNTED = re.compile(rf"\b(?:{'|'.join(COUNTS)})\b", re.IGNORECASE)
NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|nicht|nie|niemals|kein(?:e[mnrs]?)?|ohne|pas|jamais|aucune?|sans|nunca"
    r"|sin|ningun[ao]?|ningún)\b|n['’]t\b",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<=[^\W_][,;]\s)[A-Z][\w&-]*|(?<=[a-z\d)%]\s)[A-Z][\w&-]*")
"""A word with a capital that begins no sentence."""


def sketch(text: str) -> bytes:
    """The least hashes of a text, and first the hash of its numbers, negations and names; b"" for one too short to tell."""
    words = re.findall(r"[^\W_]+", text.lower())[:MOST_WORDS]
    if len(words) < LEAST_WORDS:
        return b""
    runs = {crc32(" ".join(words[n : n + RUN]).encode("utf-8", "replace")) for n in range(len(words) - RUN + 1)}
    numbers = sorted(word for word in words if word in COUNTS or any(c.isdigit() for c in word))
    telling = [*numbers, *sorted(NEGATION.findall(text.lower())), *sorted(set(NAME.findall(text)))]
    return array("I", [crc32(" ".join(telling).encode("utf-8", "replace")), *sorted(runs)[:KEPT]]).tobytes()


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


def adds(one: str, other: str) -> bool:
    """Whether a sentence has a number, a negation or a name that another, which is like it, has not."""
    if numbers_in(one) - numbers_in(other) or is_denial(one) != is_denial(other):
        return True
    words = re.findall(r"[^\W_]+", other.lower())
    held = other.lower()
    if any(name not in held for name in {name.lower() for name in NAME.findall(one)}):
        return True
    first, *rest = re.findall(r"[^\W_]+", one.lower()) or [""]  # a sentence may begin with its name
    return bool(words) and first != words[0] and sorted(rest) == sorted(words[1:])


def is_denial(text: str) -> bool:
    return bool(NEGATION.search(text))


def numbers_in(text: str) -> set[str]:
    """The numbers of a text, in digits or as words, as they are without what parts their thousands."""
    spelled = {str(COUNTS[word.lower()]) for word in COUNTED.findall(text)}
    return spelled.union(THOUSANDS.sub("", number) for number in NUMBER.findall(text))
