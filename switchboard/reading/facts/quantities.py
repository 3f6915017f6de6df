"""Amounts of money and measures, read from free text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from switchboard.money import MONEY, cents, currency_of, number_of

PLAIN = re.compile(r"(?!\d{1,3}\.\d{3}$)\d{1,3}(?:[,.' ]\d{3}){1,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?")
"""A number of money that is written as people write it, with thousands and cents where they belong."""
PART = re.compile(r"(?:#|\d-)\Z")
"""Before a number that is a part of an id or a range."""
PERCENT = re.compile(r"\s?%")

UNITS = {
    "mm": "mm millimeter millimeters millimetre millimetres",
    "cm": "cm centimeter centimeters centimetre centimetres",
    "km": "km kilometer kilometers kilometre kilometres",
    "m": "m meter meters metre metres",
    "in": "in inch inches",
    "ft": "ft foot feet",
    "yd": "yd yds yard yards",
    "mi": "mi mile miles",
}
UNIT_OF = {form: unit for unit, forms in UNITS.items() for form in forms.split()}
IN_IS_NO_UNIT = r"(?!(?<=\bin)\s(?:the|my|our|an?|this|that|total|all)\b)"
UNIT = rf"(?:[ -]?({'|'.join(sorted(UNIT_OF, key=len, reverse=True))})\b{IN_IS_NO_UNIT})?"
SIZE = r"(?<![\w.,])(-?\d{1,12}(?:[.,]\d{1,6})?)"
LABEL = r"\b(length|long|width|wide|height|high|tall|depth|deep|sides?|base|radius|diameter)\b"
BY = re.compile(rf"{SIZE}{UNIT}\s{{0,2}}(?:x|×|\*|by)\s{{0,2}}(-?\d{{1,12}}(?:[.,]\d{{1,6}})?){UNIT}(?!\w)", re.IGNORECASE)
LABEL_FIRST = re.compile(rf"{LABEL}(?:\s(?:of|is|are))?[\s:=]{{0,3}}{SIZE}{UNIT}(?!\w)", re.IGNORECASE)
LABEL_LAST = re.compile(rf"{SIZE}{UNIT}(?:[ -]|\sin\s){LABEL}", re.IGNORECASE)
FLAT = re.compile(r"\b(?:rect\w{0,10}|areas?|surface|square|room|floor|lawn|patio|deck|rug|carpet|tarp|cover)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """Money: integer cents and the ISO 4217 code."""

    cents: int
    currency: str


@dataclass(frozen=True)
class Shape:
    """A shape with what its area follows from: rectangle (length, width), circle (radius), triangle (base, height)."""

    shape: str
    measures: Mapping[str, float] = field(default_factory=dict)
    unit: str | None = None


def amounts_in(text: str) -> tuple[Amount, ...]:
    """Amounts in the order of the text. What may be read in two ways, as 1.234, is none."""
    return tuple(dict.fromkeys(Amount(cents(m), currency_of(m)) for m in MONEY.finditer(text) if is_sure(text, m)))


def is_sure(text: str, match: re.Match[str]) -> bool:
    """Whether a MONEY match is an amount as people write one, and no percentage or part of something else."""
    before, start, end = max(0, match.start() - 2), match.start(), match.end()
    return bool(PLAIN.fullmatch(number_of(match))) and not (PART.search(text, before, start) or PERCENT.match(text, end))


def shape_in(text: str) -> Shape | None:
    """The first shape whose measures are all given, in one unit. Mixed units are left to a question."""
    sizes, units = labelled(text)
    if "radius" in sizes:
        return shape("circle", {"radius": sizes["radius"]}, units)
    if "diameter" in sizes:
        return shape("circle", {"radius": sizes["diameter"] / 2}, units)
    if "base" in sizes and "height" in sizes:
        return shape("triangle", {"base": sizes["base"], "height": sizes["height"]}, units)
    flat = [sizes[label] for label in ("length", "width", "height") if label in sizes]
    if len(flat) == 2:
        return shape("rectangle", {"length": flat[0], "width": flat[1]}, units)
    if "side" in sizes and "square" in text.lower():
        return shape("rectangle", {"length": sizes["side"], "width": sizes["side"]}, units)
    match = BY.search(text)
    if match and (match[2] or match[4] or FLAT.search(text)):
        return shape("rectangle", {"length": number(match[1]), "width": number(match[3])}, {match[2], match[4]})
    return None


MEASURE = {
    "long": "length",
    "wide": "width",
    "deep": "width",
    "depth": "width",
    "high": "height",
    "tall": "height",
    "sides": "side",
}


def labelled(text: str) -> tuple[dict[str, float], set[str | None]]:
    """Sizes by what they measure, and the units that were written with them."""
    sizes: dict[str, float] = {}
    units: set[str | None] = set()
    for pattern, label, size, unit in ((LABEL_FIRST, 1, 2, 3), (LABEL_LAST, 3, 1, 2)):
        for match in pattern.finditer(text):
            name = match[label].lower()
            sizes.setdefault(MEASURE.get(name, name), number(match[size]))
            units.add(match[unit])
        text = pattern.sub(" ", text)
    return sizes, units


def shape(name: str, measures: dict[str, float], units: set[str | None]) -> Shape | None:
    written = {UNIT_OF[unit.lower()] for unit in units if unit}
    return Shape(name, measures, next(iter(written), None)) if len(written) < 2 else None


def number(text: str) -> float:
    """A size as a number: a comma before three digits is thousands, any other a decimal comma."""
    return float(re.sub(r",(?=\d{3}$)", "", text).replace(",", "."))
