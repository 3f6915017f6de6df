"""What a comparison with the variants of a product comes to: those beyond it, or the last one, beyond which there is none."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.products.degrees import COMPARED, DEGREES, SAID_OF, SIZES, is_ranked, named_by
from agents.products.options import TIMES, mentions, rank
from agents.products.products import values_of
from agents.products.spoken import UNIT, tokens
from switchboard.reading.words import words_of

LOOKED_AT, BEFORE, BEHIND, MOST_BETWEEN = 2000, 80, 60, 6
"""Characters of a text that are looked at, those around a comparison, and words before its "than"."""
BY_SIZE = ("volume", "size", "capacity", "length", "width", "diameter", "seats", "persons", "pieces", "pack")
"""The options that "bigger" is about, best first."""
OF_EXTENT = {"size", "length", "width", "height", "thickness"}
BOUNDS = {"over": 1, "above": 1, "under": -1, "below": -1}
OF_NO_THING = {**dict.fromkeys(("more", "greater"), 1), **dict.fromkeys(("less", "fewer"), -1), **BOUNDS}
"""Words for more or less that are said of an amount, and not of a thing that has more or less of it."""
SPELLED = {"metre": "m", "meter": "m", "centimetre": "cm", "foot": "ft", "feet": "ft"}
FAMILY = {**dict.fromkeys(("mm", "cm", "inch", "in", "ft"), "m"), "ml": "l", "kg": "g"}
OF_IT_ALL = words_of("""
    1 a all also an and at available in it model of one option or pack please size still stock than that the there these
    this those too variant version
""")
"""Words behind a comparison that is of the product as a whole."""
MEASURE = re.compile(rf"(-?\d+(?:\.\d+)?)(?: x (\d+(?:\.\d+)?))?(?: (?!in\b)({UNIT})\b)?")
CHOICE = re.compile(r"\b(?:which|what)\b[^.?!\n]*$|\bthe $")
"""What stands before a word that chooses among what there is, as in "which is bigger" and "the bigger one"."""
OF_TIME = re.compile(r"\b(?:no|tak(?:es?|ing)|took|lasts?|wait\w*|stays?|works?|keeps?)(?: any| much| even| a bit)? $")
"""What stands before a "longer" that is of time."""


@dataclass(frozen=True)
class Compared:
    """What is `told`, and the variants that are `meant`."""

    told: str
    meant: Mapping[str, Any]


@dataclass(frozen=True)
class _Comparison:
    """A `word` for more (`way` 1) or less (-1) of the options that it is `said_of`, the words `behind` it, and those of the
    `bound` behind its "than"; with `chooses` it is of what there is.
    """

    word: str
    way: int
    said_of: Sequence[str]
    behind: Sequence[str]
    bound: Sequence[str]
    chooses: bool


def compared(product: Mapping[str, Any], text: str) -> Compared | None:
    """The answer to the first comparison in a text that is one of the variants of a product; None where none is."""
    plain = text[:LOOKED_AT].lower()
    said = (_comparison(plain, word) for word in re.finditer(r"[a-z]{4,}", plain))
    return next((answer for one in said if one and (answer := _answer(product, plain, one))), None)


def _comparison(text: str, match: re.Match[str]) -> _Comparison | None:
    word, before = match[0], text[max(0, match.start() - BEFORE) : match.start()]
    known = COMPARED.fullmatch(word)
    way, said_of = SAID_OF.get(known["stem"] if known else "", (BOUNDS.get(word, DEGREES.get(word, 0)), ()))
    if not way or OF_TIME.search(before):
        return None
    behind = tokens(text[match.end() : match.end() + BEHIND])
    bound = behind[behind.index("than") + 1 :] if "than" in behind[:MOST_BETWEEN] else behind if word in BOUNDS else []
    bound = [SPELLED.get(one, one) for one in bound if one not in ("the", "a", "an", "for", "size")]
    return _Comparison(word, way, said_of, behind, bound, word.endswith("st") or bool(CHOICE.search(before)))


def _answer(product: Mapping[str, Any], text: str, said: _Comparison) -> Compared | None:
    variants = product["variants"]
    every = {key: values_of(variants, key) for variant in variants.values() for key in variant["options"]}
    of_product = {*OF_IT_ALL, *tokens(" ".join([product["name"], *(one for values in every.values() for one in values)]))}
    ranked = {key: sorted(values, key=extent) for key, values in every.items() if is_ranked(key, variants)}
    named = named_by(said.behind[:3], ranked)
    if not named and said.word not in BOUNDS and not {*said.behind[:1]} <= of_product:
        return None
    option = next(iter([*named, *_options_of(said, ranked)]), "")
    if not option:
        none = f"The catalogue lists none {said.word}: it differs by {' and '.join(every)} alone."
        return Compared(none, variants) if every and OF_EXTENT & {*said.said_of} and not said.chooses else None
    values = ranked[option]
    than = _extent_of(said.bound, values, of_product)
    if than is None and said.bound and (said.bound[0][0].isdecimal() or said.bound[0] not in of_product):
        return None
    if than is None and said.chooses:
        return Compared(f"By {option}: {values[-1]} is the most, {values[0]} the least.", variants)
    if than is None:
        than = next((extent(value) for value in values if mentions(text, option, value, values)), None)
    beyond = [value for value in values if than is not None and (extent(value) - than) * said.way > 0]
    word = ("larger" if said.way > 0 else "smaller") if said.word in OF_NO_THING else said.word
    if not beyond:
        last = values[-1 if said.way > 0 else 0]
        return Compared(f"The {word[:-1]}st is {option} {last}; there is none {word}.", variants)
    meant = {key: v for key, v in variants.items() if v["options"].get(option) in beyond}
    return Compared(f"{word.capitalize()} than that: {option} {', '.join(beyond)}.", meant)


def _options_of(said: _Comparison, ranked: Mapping[str, Sequence[str]]) -> list[str]:
    """The options that a comparison can be about: those that its word is said of, else those of the measure of its bound."""
    fitting = [key for key in ranked if {*said.said_of} & {*tokens(key)}]
    by_size = [key for key in BY_SIZE if key in ranked] if said.said_of == SIZES else []
    kind = _kind(said.bound)
    return [*fitting, *by_size, *(key for key, values in ranked.items() if kind and kind == _kind(tokens(values[0])))]


def extent(value: str) -> float:
    """How much a value is, such as "60 cm", "130 x 170 cm" (its longest side), "two", or "L"."""
    return _amount(tokens(value), "") or rank(value) or 0.0


def _extent_of(bound: Sequence[str], values: Sequence[str], known: Collection[str]) -> float | None:
    """How much the words of a bound are, beside values of that kind; None where they are none such."""
    if said := next((value for value in reversed(values) if bound and bound[: len(tokens(value))] == tokens(value)), ""):
        return extent(said)
    found, measured = MEASURE.match(" ".join(bound)), MEASURE.match(" ".join(tokens(values[-1])))
    if not found or not measured:
        return rank(bound[0]) if bound and not found and not measured else None
    is_strange = not found[3] and not {*bound[1:2]} <= {*known}
    return None if is_strange or _kind(bound) not in ("", _kind(tokens(values[-1]))) else _amount(bound, measured[3] or "")


def _amount(words: Sequence[str], unit: str) -> float | None:
    """The amount that words begin with, in the smallest unit of its kind; where they name none, it is in this one."""
    found = MEASURE.match(" ".join(words))
    return max(float(found[1]), float(found[2] or found[1])) * TIMES.get(found[3] or unit, 1) if found else None


def _kind(words: Sequence[str]) -> str:
    """What an amount is of: a length, a volume, a weight, or else its unit; empty where it names none."""
    found = MEASURE.match(" ".join(words))
    return FAMILY.get(found[3], found[3]) if found and found[3] else ""
