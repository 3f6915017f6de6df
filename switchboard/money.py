"""Amounts of money in texts and results, and whether one follows from others. All amounts are whole cents."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import combinations_with_replacement
from typing import Any

CURRENCIES = {
    "USD": "usd us$ $ dollar dollars dólares buck bucks cent cents",
    "EUR": "eur € euro euros",
    "GBP": "gbp £ quid",
}
CURRENCY = {form: code for code, forms in CURRENCIES.items() for form in forms.split()}
ISO_4217 = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY "
    "COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS "
    "INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP "
    "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR "
    "SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND "
    "VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
"""The currencies that are in use, by their codes."""
NUMBER = r"\d{1,3}(?:[' ]\d{3})+(?:[.,]\d{1,2})?(?![.,]?\d)|\d(?:[\d.,]*\d)?"

NO_DECIMALS = re.compile("BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|VND|VUV|XAF|XOF|XPF")
THREE_DECIMALS = re.compile("BHD|IQD|JOD|KWD|LYD|OMR|TND")
"""Currencies whose minor unit (ISO 4217) is no hundredth: an amount of theirs is in whole units, or in thousandths."""


def decimals_of(currency: str) -> int:
    """How many digits of an amount are of its minor unit; two where nothing else is known of the currency."""
    return 0 if NO_DECIMALS.fullmatch(currency) else 3 if THREE_DECIMALS.fullmatch(currency) else 2


@lru_cache
def money_in(currency: str = "") -> re.Pattern[str]:
    """What amounts look like in a text: in the currencies that most people name, and in the given one.

    The currency stands before the amount or after it; the groups are currency and number, or number and currency.
    """
    own = "" if currency.lower() in ("", *CURRENCY) else f"|{re.escape(currency)}"
    after = rf"{own}(?!\w)" if own else ""
    number = NUMBER.replace("1,2", "1,3") if decimals_of(currency.upper()) > 2 else NUMBER
    named = "usd|eur|gbp|dollars?|dólares|bucks?|euros?|quid|cents?"
    return re.compile(
        rf"(?<![\w.,])(us\$|[$€£]|usd|eur|gbp{own})\s?({number})"
        rf"|(?<![\w.,])({number})\s?((?:{named})\b|[$€£](?!\s?\d){after})",
        re.IGNORECASE,
    )


MONEY = money_in()
FRACTION = re.compile(r"(?<![\w.,])\d{1,7}\.\d{2}(?![\w.])")
LIMIT = re.compile(r"\b(?:under|over|below|above|less than|more than|up to|at (?:most|least))\s*$", re.IGNORECASE)
DECIMALS = {0: r"[.,](0{1,2})$", 2: r"[.,](\d{1,2})$", 3: r"[.,](\d{1,3})$"}
"""The decimals at the end of a number, by how many the currency has."""
PERCENT = re.compile(r"(?<![\w.,])(\d{1,2}) ?(?:%|per ?cent\b)|percent\w{0,12}\W{1,3}(\d{1,2})\b", re.IGNORECASE)
MARKS = {"en": (",", "."), "de": (".", ","), "fr": (" ", ","), "es": (".", ",")}
"""What stands between thousands, and before the decimals, by language."""
MOST_DIGITS = 18
MOST_COUNT = 24
MOST_TERMS = 60
"""Multiples that are tried as parts of a sum: with many more, nearly every amount would be the sum of some three."""


def amounts(text: str, money: re.Pattern[str] = MONEY) -> Iterator[int]:
    """The amounts of money in a text."""
    return (cents(match) for match in money.finditer(text))


def stated(text: str, money: re.Pattern[str] = MONEY) -> Iterator[int]:
    """The amounts that a text states as facts; a bound such as "under $250" may be any number."""
    return (cents(m) for m in money.finditer(text) if not LIMIT.search(text, max(0, m.start() - 16), m.start()))


def cents(match: re.Match[str]) -> int:
    """The cents of a match of `money_in`; numbers of more than 18 digits stay huge, whatever follows."""
    number, sign = number_of(match), match[1] or match[4] or ""
    if sign.lower().startswith("cent") and number.isdecimal():
        return int(number[:MOST_DIGITS])
    digits = decimals_of(sign.upper())
    unit: int = 10**digits
    decimal = re.search(DECIMALS[digits], number)  # 42,50 and 1.249,00 as much of Europe writes it
    whole = re.sub(r"\D", "", number[: decimal.start()] if decimal else number).lstrip("0")
    return int(whole[:MOST_DIGITS] or 0) * unit + (int(decimal[1].ljust(digits, "0")) if decimal and digits else 0)


def number_of(match: re.Match[str]) -> str:
    """The number of a match of `money_in`, as it is written."""
    return match[2] or match[3]


def currency_of(match: re.Match[str]) -> str:
    """The ISO 4217 code of a MONEY match."""
    return CURRENCY[(match[1] or match[4]).lower()]


def is_number(value: Any) -> bool:
    """Whether a value can be counted: neither "77,00", nor "77.00 EUR", nor NaN."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return False
    try:
        number = Decimal(str(value))
        return number.is_finite() and number.adjusted() < MOST_DIGITS
    except ArithmeticError:
        return False


def cents_of_units(value: Any, currency: str = "") -> int | None:
    """An amount in units of a currency, a number or its text, in its minor unit; None of what is no whole number of that."""
    try:
        amount = Decimal(str(value))
    except ArithmeticError:
        return None
    if not amount.is_finite() or amount.adjusted() > MOST_DIGITS:
        return None
    minor = amount * 10 ** decimals_of(currency)
    return int(minor) if minor == int(minor) else None


def spelled(amount: int, language: str = "en", currency: str = "", *, grouped: bool = False) -> str:
    """An amount in minor units as text: 4250 is 42.50, in German 42,50. `grouped` has marks between thousands in English, too,
    which the other languages always have.
    """
    digits, (mark, point) = decimals_of(currency), MARKS.get(language, MARKS["en"])
    whole, rest = divmod(abs(amount), 10**digits)
    text = f"{whole:,}".replace(",", mark) if grouped or language != "en" else str(whole)
    return f"{'-' if amount < 0 else ''}{text}{f'{point}{rest:0{digits}d}' if digits else ''}"


def cents_in(name: str, value: Any, money: re.Pattern[str] = MONEY, *, counts: bool = True) -> Iterator[int]:
    """The amounts in a result: fields called cents are cents, other numbers are whole units, texts are read.

    Small whole numbers may count or number something, and are no amounts without `counts`.
    """
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from cents_in(str(key), item, money, counts=counts)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from cents_in(name, item, money, counts=counts)
    elif isinstance(value, str):
        yield from amounts(value, money)
        yield from (int(number.replace(".", "")) for number in FRACTION.findall(value))
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**MOST_DIGITS:
        if name.endswith("cents"):
            yield int(value)
        elif counts or isinstance(value, float) or abs(value) > MOST_COUNT:
            yield round(value * 100)  # NaN and infinity are below nothing


def percentages(text: str) -> set[int]:
    """The whole percentages that a text names."""
    return {int(one or two) for one, two in PERCENT.findall(text)}


def made_of(amount: int, known: Iterable[int], percents: Iterable[int] = (), counts: Iterable[int] = ()) -> bool:
    """Whether an amount is known, or follows from known ones as a customer would work it out.

    That is the sum or difference of two; 2 to 24 times one; a percentage of one, or what it leaves; or the sum of two or
    three where each may be taken as often as one of `counts` says.
    """
    known = known if isinstance(known, set) else set(known)
    if amount == 0 or amount in known or any(amount - one in known or amount + one in known for one in known):
        return True
    if any(amount % times == 0 and amount // times in known for times in range(2, 25)):
        return True
    shares = {share for p in percents for share in (p, 100 - p)}
    if any(amount in ((one * share + 50) // 100, one * share // 100) for one in known for share in shares):
        return True
    terms = sorted(known | {one * times for one in known for times in counts if 2 <= times <= 24})
    if len(terms) > MOST_TERMS:
        return False
    return any(amount == sum(parts) or amount - sum(parts) in terms for parts in combinations_with_replacement(terms, 2))


def first_unfounded(said: Iterable[int], known: set[int], percents: set[int], counts: set[int]) -> int | None:
    """The first amount of a text that does not follow from known ones; one that does may carry the next."""
    carried, left = set(known), list(dict.fromkeys(said))
    while left:
        follows = [amount for amount in left if made_of(amount, carried, percents, counts)]
        if not follows:
            return left[0]
        carried.update(follows)
        left = [amount for amount in left if amount not in carried and amount != 0]
    return None
