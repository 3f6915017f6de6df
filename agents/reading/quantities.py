"""Amounts of money, dates and measures, read from free text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

CURRENCIES = {
    "USD": "usd us$ $ dollar dollars buck bucks",
    "EUR": "eur € euro euros",
    "GBP": "gbp £ quid",
}
CURRENCY = {form: code for code, forms in CURRENCIES.items() for form in forms.split()}
NUMBER = r"\d{1,3}(?:[,.' ]\d{3}){1,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
BEFORE = re.compile(rf"(?<!\w)(us\$|\$|€|£|usd|eur|gbp)\s?({NUMBER})(?![.,]?\d)(?!\s?%)", re.IGNORECASE)
AFTER = re.compile(
    rf"(?<![\w#$€£])(?<!\d[.,-])({NUMBER})\s?(€|£|\$(?!\d)|(?:usd|eur|gbp|dollars?|bucks?|euros?|quid|cents?)\b)",
    re.IGNORECASE,
)

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
YEAR = r"(?:,?\s{1,2}(\d{4})(?!\d))?"
ISO_DATE = re.compile(r"(?<![\w-])(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?![\w-])")
NUMERIC_DATE = re.compile(r"(?<![\w./-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\w)")
MONTH_FIRST = re.compile(rf"\b{MONTH}\s{{1,2}}(\d{{1,2}})(?:st|nd|rd|th)?(?!\w)(?![.,]\d){YEAR}", re.IGNORECASE)
DAY_FIRST = re.compile(rf"(?<![\w.,/$€£-])(\d{{1,2}})(?:(st|nd|rd|th)?\s{{1,2}}(of\s)?){MONTH}(?!\w){YEAR}", re.IGNORECASE)

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
class Date:
    """A date as it was written, and as YYYY-MM-DD where only one day can be meant."""

    text: str
    iso: str | None = None


@dataclass(frozen=True)
class Shape:
    """A shape with its area tool's arguments: rectangle (length, width), circle (radius), triangle (base, height)."""

    shape: str
    measures: Mapping[str, float] = field(default_factory=dict)
    unit: str | None = None


def amounts_in(text: str) -> tuple[Amount, ...]:
    """Amounts in the order of the text. Percentages and plain numbers are none."""
    found: dict[int, Amount] = {}
    for match in BEFORE.finditer(text):
        add_amount(found, match.start(2), match[2], match[1])
    for match in AFTER.finditer(text):
        if match.start(1) not in found:
            add_amount(found, match.start(1), match[1], match[2])
    return tuple(dict.fromkeys(found[place] for place in sorted(found)))


def add_amount(found: dict[int, Amount], place: int, number: str, currency: str) -> None:
    word = currency.lower()
    if word.startswith("cent"):
        if number.isdecimal():
            found[place] = Amount(int(number), "USD")
        return
    if (value := money(number)) is not None:
        found[place] = Amount(int(value * 100), CURRENCY[word])


def money(number: str) -> Decimal | None:
    """1,234.00 and 1.234,00 and 42,5 as a number. Three last digits are thousands; 1.234 may be either, so None."""
    if re.fullmatch(r"\d{1,3}\.\d{3}", number):
        return None
    groups = re.split(r"[,.' ]", number)
    cents = groups.pop() if len(groups) > 1 and len(groups[-1]) < 3 else ""
    return Decimal("".join(groups) + (f".{cents}" if cents else ""))


def dates_in(text: str) -> tuple[Date, ...]:
    """Dates in the order of the text, the impossible ones (31 February) left out."""
    found: dict[int, Date | None] = {}
    for m in ISO_DATE.finditer(text):
        found[m.start()] = day(m[0], int(m[1]), int(m[3]), int(m[4]))
    for m in NUMERIC_DATE.finditer(text):
        year, one, other = int(m[4]), int(m[1]), int(m[3])
        readings = {d.iso: d for d in (day(m[0], year, one, other), day(m[0], year, other, one)) if d}
        found[m.start()] = next(iter(readings.values())) if len(readings) == 1 else Date(m[0]) if readings else None
    for m in MONTH_FIRST.finditer(text):
        found[m.start()] = day(m[0], int(m[3] or 0), month(m[1]), int(m[2]))
    for m in DAY_FIRST.finditer(text):
        verb = m[4] in ("may", "march") and not (m[2] or m[3] or m[5])
        if not verb:
            found.setdefault(m.start(), day(m[0], int(m[5] or 0), month(m[4]), int(m[1])))
    return tuple(dict.fromkeys(d for _, d in sorted(found.items()) if d))


def month(name: str) -> int:
    return MONTHS.index(name[:3].lower()) + 1


def day(text: str, year: int, month_number: int, day_number: int) -> Date | None:
    """The date, with no ISO form where the year is not said (0); None when there is no such day."""
    try:
        iso = date(year or 2000, month_number, day_number).isoformat()
    except ValueError:
        return None
    return Date(text.rstrip(" ,."), iso if year else None)


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
