"""Units as tables and sentences write them: what a number in a heading is measured in, and what is none."""

import re

from switchboard.search.words import STOP_WORDS

IN_TWO = """
    hundred thousand thousands million millions billion billions trillion k m mn bn tn lakh crore mio mrd tsd tausend
    millionen milliarden milliard milliards mille mil millón millones
"""
"""Words of a number that is written in two: five of "5 million" says nothing."""
CURRENCIES = """
    AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW MAD MXN MYR NGN NOK NZD
    PEN PHP PKR PLN RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD VND ZAR
"""
"""By ISO 4217."""
NOUNS = """
    Cent Dollar Euro Euros Franken Gramm Kilogramm Pfund Prozent Promille Tonnen Tonne Zentner Meter Zentimeter Millimeter
    Kilometer Hektar Liter Grad Celsius Fahrenheit Kelvin Watt Kilowatt Megawatt Volt Ampere Hertz Joule Newton Pascal Stück
    Tage Wochen Monate Jahre Stunden Minuten Sekunden Personen Einwohner
"""
"""Units that are written as names are."""
OF_NUMBERS = """
    total sum all average mean median overall net gross use stock detail general particular question order date estimated
    planned actual actuals forecast approx approximate provisional preliminary note see gesamt insgesamt netto brutto
"""
"""Small words of headings that tell of the numbers themselves."""
SCALES = frozenset(IN_TWO.split())
KNOWN = frozenset([*CURRENCIES.split(), *NOUNS.split()])
NO_UNITS = STOP_WORDS | frozenset(OF_NUMBERS.split())
SYMBOL = re.compile(
    r"[%‰€$£¥°]|°[CFK]|[hcdkMGTPµμnpm]?"
    r"(?:g|m|l|L|s|W|Wh|V|VA|A|Ah|J|N|Pa|Hz|K|C|F|H|S|T|Ω|B|b|bit|bps|t|cal|mol|lm|lx|Bq|Sv|Gy|eV|bar)[²³]?"
    r"|[KMGT]iB|dB|h|ha|min|ppm|ppb|pH|Nm"
)
"""What the SI, and those who measure data, write with letters of both sizes."""
WORD = re.compile(r"[^\W\d_A-Z]{2,20}")


def unit_of(text: str) -> str:
    """The unit that a heading gives behind "in" or between brackets; "" where it is none: a year, a place, a remark."""
    words = text.removeprefix("in ").split()
    return " ".join(words) if words and all(_is_unit(word) for word in words) else ""


def _is_unit(word: str) -> bool:
    parts = word.rstrip(".").split("/")
    return len(parts) < 3 and _is_one(parts[0]) and all(part in ("a", "d") or _is_one(part) for part in parts[1:])


def _is_one(part: str) -> bool:
    if SYMBOL.fullmatch(part) or part in KNOWN or part.lower() in SCALES:
        return True
    return bool(WORD.fullmatch(part)) and part.islower() and part not in NO_UNITS
