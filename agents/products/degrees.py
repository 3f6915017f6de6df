"""More, less, most and least of an option: "a brighter one", "500 pieces more", "the one with the longest battery life"."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.products.options import rank
from agents.products.spoken import LOOKED_AT, NUMBERS, UNIT, tokens

Variants = Mapping[str, Any]

SIZES = ("size", "capacity", "volume", "storage", "screen", "frame")
"""Words of options that "bigger" and "smaller" are said of."""
LENGTHS = ("length", "battery", "life", "duration", "cable")
SAID_OF: dict[str, tuple[int, tuple[str, ...]]] = {
    **dict.fromkeys(("big", "bigg", "larg", "larger", "huge"), (1, SIZES)),
    **dict.fromkeys(("small", "tini", "compact"), (-1, SIZES)),
    "long": (1, LENGTHS), "short": (-1, LENGTHS), "wid": (1, ("width",)), "narrow": (-1, ("width",)),
    "thick": (1, ("thickness", "thick")), "thin": (-1, ("thickness", "thick")), "thinn": (-1, ("thickness", "thick")),
    "bright": (1, ("brightness",)), "dimm": (-1, ("brightness",)), "dim": (-1, ("brightness",)), "dark": (-1, ("brightness",)),
    "easi": (-1, ("difficulty",)), "simpl": (-1, ("difficulty",)), "hard": (1, ("difficulty",)),
    "heavi": (1, ("weight",)), "fast": (1, ("speed",)), "slow": (-1, ("speed",)), "tall": (1, ("height",)),
    "sharp": (1, ("resolution",)), "loud": (1, ("volume", "loudness")),
}  # fmt: skip
"""For the stem of an adjective whether it means more or less, and the words of the options that it is said of."""
COMPARED = re.compile(r"\b(?P<stem>[a-z]{3,}?)(?:e?r|(?P<most>e?st))\b")
PLAIN = re.compile(
    r"\b(?P<stem>small|compact|big|large|huge|long|short|thick|thin|bright|dark|hard|fast|slow|tall|loud)"
    r"(?= (?:one|size|version|model|variant)s?\b)(?P<most>)"
)
"""An adjective that chooses, as in "for the small one": the one with least of it."""
MORE = {"more": 1, "higher": 1, "greater": 1, "longer": 1, "larger": 1, "bigger": 1, "better": 1}
LESS = {"less": -1, "fewer": -1, "lower": -1, "shorter": -1, "smaller": -1}
MOST = {"most": 1, "highest": 1, "greatest": 1, "longest": 1, "largest": 1, "biggest": 1, "maximum": 1, "max": 1, "best": 1}
LEAST = {"least": -1, "fewest": -1, "lowest": -1, "shortest": -1, "smallest": -1, "minimum": -1}
DEGREES = MORE | LESS | MOST | LEAST
BY = rf"(?P<by>\d+|{'|'.join(NUMBERS)})(?:[ -]?(?:{UNIT}|pieces?|inches)s?)?"
BESIDE = re.compile(
    rf"(?<!\bno )(?<!\bat )\b(?:{BY} )?(?P<word>{'|'.join(DEGREES)})\b(?! (?:than|of)\b)"
    r"(?P<after>(?: [\w-]+){0,3})"
)
"""A word for more or less, with what it is said of behind it: "1000 more pieces", "a lower resolution"."""
A_LITTLE = re.compile(r"\b(?:slightly|a (?:little|bit|touch|tad)|somewhat|marginally|one (?:step|level|size)|(?:a|1) size)\b")
PRICED = re.compile(r"\b(?:price|pric\w+|expensive|costs?|affordable|money)\b")


@dataclass(frozen=True)
class Degree:
    """`way`: 1 for more, -1 for less, than now; of all that there is where it is the `most`; just `by` so much where that is
    said, and as little as can be where it is `little`.
    """

    way: int
    most: bool = False
    by: float | None = None
    little: bool = False


def degrees_in(text: str, current: Mapping[str, str], variants: Variants) -> dict[str, Degree]:
    """The degrees that a text wishes for, by the option that each is said of, in their order."""
    ranked = [key for key in current if is_ranked(key, variants)]
    plain = text[:LOOKED_AT].lower()
    found: dict[str, tuple[int, Degree]] = {}
    for match in BESIDE.finditer(plain):
        word = match["word"]
        if PRICED.search(match["after"]):
            continue
        way, most = DEGREES[word], word in MOST or word in LEAST
        by = float(NUMBERS.get(match["by"], match["by"])) if match["by"] else None
        for key in named_by(tokens(match["after"])[:3], ranked):
            found.setdefault(key, (match.start(), Degree(way, most, by, bool(A_LITTLE.search(plain)))))
    for match in (*COMPARED.finditer(plain), *PLAIN.finditer(plain)):
        if known := SAID_OF.get(match["stem"]):
            keys = [key for key in ranked if any(word in known[1] for word in tokens(key))]
            after = named_by(tokens(plain[match.end() : match.end() + 30])[:2], ranked)
            degree = Degree(known[0], match["most"] is not None, None, bool(A_LITTLE.search(plain)))
            for key in [key for key in after if key in keys] or (keys if len(keys) == 1 else []):
                found.setdefault(key, (match.start(), degree))
    return {key: degree for key, (_, degree) in sorted(found.items(), key=lambda entry: entry[1][0])}


def without_degrees(text: str) -> str:
    """A text without the words for more or less, which name no value themselves: "larger" is not "large"."""

    def kept(match: re.Match[str]) -> str:
        return match["after"] if not PRICED.search(match["after"]) else match[0]

    text = re.sub(BESIDE.pattern, kept, text, flags=re.IGNORECASE)
    return re.sub(COMPARED.pattern, lambda m: "" if m["stem"].lower() in SAID_OF else m[0], text, flags=re.IGNORECASE)


def is_ranked(key: str, variants: Variants) -> bool:
    """Whether the values of an option can be compared: each is a measure or a step of a scale, and there are several."""
    values = {v["options"][key] for v in variants.values() if key in v["options"]}
    return len(values) > 1 and all(rank(value) is not None for value in values)


def named_by(words: Sequence[str], keys: Iterable[str]) -> list[str]:
    """The one option of which a word is said; empty where none is, or several are."""
    found = [key for key in keys if set(tokens(key)) & set(words)]
    return found if len(found) == 1 else []


def by_degrees(degrees: Mapping[str, Degree], current: Mapping[str, str], variants: Variants) -> dict[str, Any]:
    """Those of the variants that are as the degrees say. Where two of them pull apart, all that either would choose."""
    left = {k: v for k, v in variants.items() if all(is_that_way(d, key, current, v) for key, d in degrees.items())}
    chosen = narrowed(list(degrees.items()), left)
    other = narrowed(list(degrees.items())[::-1], left)
    return chosen | other


def is_that_way(degree: Degree, key: str, current: Mapping[str, str], variant: Mapping[str, Any]) -> bool:
    new, now = rank(variant["options"].get(key, "")), rank(current[key])
    if new is None or now is None or degree.most:
        return new is not None
    return (new - now) * degree.way == degree.by if degree.by is not None else (new - now) * degree.way > 0


def narrowed(degrees: Sequence[tuple[str, Degree]], variants: Variants) -> dict[str, Any]:
    """The variants with the most, or with the smallest step, of one option after the other."""
    left = dict(variants)
    for key, degree in degrees:
        ranks = {k: (rank(v["options"][key]) or 0.0) * degree.way for k, v in left.items()}
        if ranks and (degree.most or degree.little):
            end = (max if degree.most else min)(ranks.values())
            left = {k: v for k, v in left.items() if ranks[k] == end}
    return left
