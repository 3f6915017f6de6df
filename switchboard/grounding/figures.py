"""Numbers and days as texts write them, in one form."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from switchboard.grounding.wording import words

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
COUNTS = {
    name: number
    for number, names in enumerate(
        (
            "two twice zwei zweimal deux dos", "three drei trois tres", "four vier quatre cuatro", "five funf cinq cinco",
            "six sechs seis", "seven sieben sept siete", "eight acht huit ocho", "nine neun neuf nueve", "ten zehn dix diez",
            "eleven elf onze once", "twelve zwolf douze doce",
        ),
        start=2,
    )
    for name in names.split()
}  # fmt: skip
TIMES = (
    "hour hours day days week weeks month months year years business working stunde stunden tag tage tagen werktage werktagen "
    "woche wochen monat monate monaten jahr jahre jours jour heures semaine semaines mois an ans ouvrables dias dia horas "
    "semana semanas meses mes ano anos habiles"
)
TIME_WORDS = frozenset(TIMES.split())
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
    spoken = [word for word in words(text) if word not in ("de", "of", "the", "le", "el", "den", "dem", "am")]
    for one, other in pairwise(spoken):
        for name, number in ((one, other), (other, one)):
            day = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|er)?", number)
            if name in MONTHS and day and 1 <= int(day[1]) <= 31 and not (name in ("may", "mar") and name == one):
                yield MONTHS[name], int(day[1])
                break
