"""Numbers and days as texts write them, in one form."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from itertools import pairwise

from switchboard.grounding.tongues.tongue import listed
from switchboard.grounding.wording import words
from switchboard.search.copies import COUNTS as COUNTS

NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[,' ]\d{3})+(?:\.\d+)?(?![\w])|\d+(?:[.,]\d+)*")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero", "february feb februar fevrier febrero", "march mar marz mars marzo",
            "april apr avril abril", "may mai mayo", "june jun juni juin junio", "july jul juli juillet julio",
            "august aug aout agosto", "september sep sept septembre septiembre", "october oct oktober octobre octubre",
            "november nov novembre noviembre", "december dec dezember decembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
UNITS = {
    form: unit
    for unit, forms in {
        "minute": "minute minutes minuten minuto minutos min",
        "hour": "hour hours stunde stunden heure heures hora horas h",
        "day": "day days tag tage tagen werktag werktage werktagen jour jours dia dias",
        "week": "week weeks woche wochen semaine semaines semana semanas",
        "month": "month months monat monate monaten mois mes meses",
        "year": "year years jahr jahre jahren an ans annee annees ano anos",
        "percent": "percent prozent cent ciento",
        "mm": "mm millimetre millimetres millimeter millimeters",
        "cm": "cm centimetre centimetres centimeter centimeters zentimeter",
        "m": "m metre metres meter meters metern metro metros",
        "km": "km kilometre kilometres kilometer kilometers",
        "foot": "ft foot feet",
        "inch": "inch inches zoll",
        "mile": "mile miles",
        "foot2": "ft2 f2 sqft",
        "yard2": "y2 yd2",
        "inch2": "i2",
        "km2": "km2 k2",
        "cm2": "cm2 c2",
        "m2": "m2 qm quadratmeter",
        "m3": "m3 kubikmeter",
        "hectare": "ha hectare hectares hektar",
        "gram": "g gram grams gramm",
        "kg": "kg kilo kilos kilogram kilograms kilogramm",
        "pound": "lb lbs",
        "litre": "l litre litres liter liters litro litros",
    }.items()
    for form in forms.split()
}
HALF = re.compile(r"\bhalf an hour\b", re.IGNORECASE)
SQUARE = re.compile(r"\b(?:square|sq\.?) (m|f|km|k|i|c|y)\w*", re.IGNORECASE)
SMALL_WORDS_OF_DAYS = frozenset(("de", "of", "the", "le", "el", "den", "dem", "am"))
BETWEEN = listed(
    "to bis a and or oder ou o y und business working full whole ganze por pour per x by mal extra more additional"
)
"""What may stand between a number and its unit, beside another number."""
WEEKDAYS = [
    names.split()
    for names in (
        "monday montag lundi lunes", "tuesday dienstag mardi martes", "wednesday mittwoch mercredi miercoles",
        "thursday donnerstag jeudi jueves", "friday freitag vendredi viernes", "saturday samstag samedi sabado",
        "sunday sonntag dimanche domingo",
    )
]  # fmt: skip
APART = re.compile(r"[,;:()]\s")
"""Between a month and a number there is none of these: "since 20 November, 3 days late"."""
ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
NUMERIC_DATE = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})\b")


def value_of(number: str) -> str:
    """A number as it is compared: "1,249.00", "1249" and "1249.0" are the same, and "10,5" is "10.5"."""
    whole = re.sub(r"[' ]|,(?=\d{3}\b)", "", number).replace(",", ".")
    return (whole.rstrip("0").rstrip(".") if whole.count(".") == 1 else whole.lstrip("0")) or "0"


def values_in(text: str, cents: Iterable[int]) -> frozenset[str]:
    """The numbers of a text, also those inside of dates and ids, and amounts as numbers."""
    found = {value_of(n) for n in NUMBER.findall(text)}
    found |= {digits.lstrip("0") or "0" for digits in re.findall(r"\d+", text)}
    found |= {value_of(f"{amount / 100:.2f}") for amount in cents if abs(amount) < 10**15}
    return frozenset(found | {str(COUNTS[word]) for word in words(text) if word in COUNTS})


def spoken_days(text: str) -> Iterator[tuple[int, int]]:
    """Month and day of what is written like "3 November", "November 3rd", "3. November" or "3 de noviembre"."""
    parts = (part for line in text.splitlines() for part in APART.split(line))
    lines = ([word for word in words(part) if word not in SMALL_WORDS_OF_DAYS] for part in parts)
    for one, other in (pair for spoken in lines for pair in pairwise(spoken)):
        for name, number in ((one, other), (other, one)):
            day = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|er)?", number)
            if name in MONTHS and day and 1 <= int(day[1]) <= 31 and not (name in ("may", "mar") and name == one):
                yield MONTHS[name], int(day[1])
                break


def days_in(text: str) -> Iterator[tuple[int, int]]:
    """Month and day of each date."""
    yield from ((int(month), int(day)) for _, month, day in ISO.findall(text))
    yield from spoken_days(text)
    yield from ((int(month), int(day)) for day, month, _ in NUMERIC_DATE.findall(text))


def dates_in(text: str) -> set[date]:
    """The dates of a text that have their year, as records write them."""
    found = set[date]()
    for year, month, day in ISO.findall(text):
        with suppress(ValueError):  # a number that looks like one
            found.add(date(int(year), int(month), int(day)))
    return found


def days_between(days: Iterable[tuple[int, int]]) -> set[int]:
    """How many days may lie between two of some days: in a year with a 29 February and in one without, and over its end."""
    found = set[int]()
    for year, length in ((2023, 365), (2024, 366)):
        dates = [date(year, *day) for day in days if 0 < day[0] < 13 and 0 < day[1] <= monthrange(year, day[0])[1]]
        apart = {abs((one - other).days) for one in dates for other in dates}
        found |= apart | {length - n for n in apart if n}
    return found


def measures(text: str) -> set[tuple[int, str]]:
    """Numbers with the unit that they are of, or percent: "5-7 business days" is two. A decimal is known by its fraction."""
    squares = SQUARE.sub(lambda match: f"{match[1].lower()}2", HALF.sub("30 minutes", text.replace("%", " percent ")))
    spoken = words(re.sub(r"[-–/*_()×]", " ", squares))
    values = [
        int(word) if word.isdecimal() and len(word) < 10 else COUNTS.get(word, 1 if word == "one" else -1) for word in spoken
    ]
    found = set[tuple[int, str]]()
    for place, value in enumerate(values):
        if value >= 0:
            ahead = list(range(place + 1, min(place + 6, len(spoken))))
            skipped = next((p for p in ahead if values[p] < 0 and spoken[p] not in BETWEEN), None)
            if skipped is not None and spoken[skipped] in UNITS:
                found.add((value, UNITS[spoken[skipped]]))
    return found


def weekdays_in(text: str) -> set[int]:
    """The days of the week that a text names, Monday as 0; and those of its ISO dates."""
    spoken = set(words(text))
    spoken |= {word[:-1] for word in spoken if word.endswith("s")}  # "on Sundays"
    return {number for number, names in enumerate(WEEKDAYS) if spoken & set(names)}


def weekdays_of_dates(text: str) -> set[int]:
    return {one.weekday() for one in dates_in(text)}
