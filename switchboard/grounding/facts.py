"""The closed facts of a text: numbers, dates, amounts, addresses, links, names. Each must be one that the case knows."""

import re

from switchboard.grounding.evidence import Evidence
from switchboard.grounding.figures import (
    COUNTS,
    ISO,
    MONTHS,
    NUMBER,
    NUMERIC_DATE,
    days_between,
    days_in,
    measures,
    spoken_days,
    value_of,
    weekdays_in,
    weekdays_of_dates,
)
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.tongues.tongue import listed
from switchboard.grounding.wording import WORD, folded, plain, sentences, words
from switchboard.money import MONEY, cents, cents_in, currency_of, first_unfounded, money_in, percentages, spelled, stated

IMAGE = re.compile(r"!\[|<\s?(?:img|iframe|script|svg|a|object|embed|form)\b|\bdata:[a-z]+/|\bjavascript:", re.IGNORECASE)
LINK = re.compile(r"(?:\bhttps?:|\bwww\.|//)[^\s<>()\[\]\"']+", re.IGNORECASE)
HOST = re.compile(
    r"\b(?:[a-z0-9-]{1,63}\.){1,6}(?:com|net|org|info|biz|store|online|site|app|dev|io|ai|co|xyz|top|club|live|help|link|"
    r"click|support|example|invalid|test|de|fr|es|uk|ru|cn|eu|ch|nl|pl|us|ca|tk|ml|gg|ly|cc)\b(?!\.\w)(?:/[^\s<>()\[\]\"']*)?",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[^\s@<>()\[\],;:]{1,64}@[^\s@<>()\[\],;:]{1,200}")
WITH_LETTERS = re.compile(r"#?(?<!\w)(?=[\w-]{0,40}\d)(?=[\w-]{0,40}[^\W\d_])[\w-]{2,60}")
UNIT = re.compile(r"(\d+(?:[.,]\d+)?)-?([^\W\d_]{1,3}[²³2]?|day|days|year|person|month|inch|litre|liter|star)")
ABOUT = re.compile(
    r"\b(?:about|around|over|under|roughly|nearly|almost|approximately|etwa|rund|circa|ca\.|environ|unos|cerca de)\s*$",
    re.IGNORECASE,
)
PHONE = re.compile(r"(?<![\w.,#-])\+?\(?\d{1,4}\)?(?:[ ./-]\(?\d{2,7}\)?){1,5}(?![\w-])")
FEWEST_OF_A_PHONE = 7
MOST_DAYS = 20
MONTHS_OF_A_YEAR = 12
ROUNDED = 20
"""An amount that is told as "about" so much is off by less than one in so many parts."""
NO_NAMES = listed(
    "monday tuesday wednesday thursday friday saturday sunday usd eur gbp english german french spanish faq "
    "pdf ok id usa us united states uk eu vat sms e-mail email dear mr mrs ms herr frau madame monsieur senor senora i"
)


def first_unknown(evidence: Evidence, text: str, language: str, *, names: bool = True) -> str | None:
    """The first fact of a text that the case does not know, as it is to be told; else None."""
    if IMAGE.search(text):
        return "a picture or markup"
    checks = (
        _links(evidence, text),
        _phones(evidence, text),
        _ids(evidence, text),
        _dates(evidence, text),
        _amounts(evidence, text),
    )
    for found in checks:
        if found:
            return found
    return _numbers(evidence, text) or (_names(evidence, text, language) if names else None)


def _links(evidence: Evidence, text: str) -> str | None:
    known = evidence.everything.lower()
    for pattern, kind in ((EMAIL, "an address"), (LINK, "a link"), (HOST, "a link")):
        for match in pattern.finditer(text):
            if match[0].lower().rstrip(".,;:!?)/*_") not in known:
                return f"{kind}, {match[0][:80]}"
    return None


def _phones(evidence: Evidence, text: str) -> str | None:
    """A phone number that is not known whole: its parts may be known alone."""
    known = {re.sub(r"\D", "", match[0]) for match in PHONE.finditer(evidence.everything)}
    for match in PHONE.finditer(NUMERIC_DATE.sub(" ", ISO.sub(" ", text))):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) >= FEWEST_OF_A_PHONE and digits not in known and digits not in re.sub(r"\D", "", evidence.rows):
            return f"the number {match[0].strip()[:40]}"
    return None


def _ids(evidence: Evidence, text: str) -> str | None:
    """Words of letters and digits: ids, codes, names of models. A number with its unit is a number."""
    known = evidence.everything.upper()
    unknown = evidence.vocabulary.first_unknown_id(text, known)
    if unknown:
        return unknown
    for match in WITH_LETTERS.finditer(text):
        word = match[0].strip("-_")
        parts = UNIT.fullmatch(word)
        if parts and value_of(parts[1]) in evidence.values:
            continue
        ordinal = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|er|e|x)", word)
        if ordinal and ordinal[1] in evidence.values:
            continue
        if word.lstrip("#").upper() not in known:
            return word
    return None


def _dates(evidence: Evidence, text: str) -> str | None:
    """A day that no date of the case is."""
    known = evidence.everything
    days = {(int(month), int(day)) for _, month, day in ISO.findall(known)} | set(spoken_days(known))
    days |= {pair for day, month, _ in NUMERIC_DATE.findall(known) for pair in ((int(month), int(day)), (int(day), int(month)))}
    for month, day in spoken_days(text):
        if (month, day) not in days:
            return f"the date {day}/{month}"
    for match in NUMERIC_DATE.finditer(text):
        one, other = int(match[1]), int(match[2])
        if (one, other) not in days and (other, one) not in days:
            return f"the date {match[0]}"
    weekdays = weekdays_in(text) - weekdays_in(known) - weekdays_of_dates(known)
    if weekdays:
        return "a day of the week"
    return next((f"the date {m[0]}" for m in ISO.finditer(text) if m[0] not in known), None)


def _amounts(evidence: Evidence, text: str) -> str | None:
    money = money_in(evidence.vocabulary.currency)
    counts = {int(n) for n in re.findall(r"(?<![\w.,#$€£])\d{1,2}(?![\w.,]\d|\w)", f"{text} {evidence.customer}")}
    counts |= {COUNTS[word] for word in words(f"{text} {evidence.customer}") if word in COUNTS}
    said = (one for s in sentences(text) for one in (stated(s, money) if "?" in s else map(cents, money.finditer(s))))
    codes = {currency_of(m) for m in MONEY.finditer(evidence.everything)} | {evidence.vocabulary.currency}
    other = next((m[0] for m in MONEY.finditer(text) if currency_of(m) not in codes), None)
    if other and evidence.vocabulary.currency:
        return f"an amount in another currency, {other[:40]}"
    named = {*cents_in("", evidence.policy, money), *(evidence.cents - evidence.sums)}  # as they stand: no sum is made of them
    about = [cents(m) for m in money.finditer(text) if ABOUT.search(text, max(0, m.start() - 16), m.start())]
    named |= {one for one in about if any(abs(one - known) * ROUNDED <= known for known in evidence.cents)}
    told = [one for one in said if one not in named]
    amount = first_unfounded(told, evidence.sums, percentages(evidence.everything), counts)
    if (
        amount is None and not evidence.is_about_rows
    ):  # of a price list nothing is owed: it is told as it stands, counted, or compared
        counted = {known * times for known in evidence.sums for times in {1, *counts, MONTHS_OF_A_YEAR}}
        amount = next((one for one in told if one and not counted & {one, *(known - one for known in counted)}), None)
    return None if amount is None else f"an amount of {spelled(amount)}"


def _numbers(evidence: Evidence, text: str) -> str | None:
    """A number that is none of the case's. Those of amounts, ids and dates were looked at; so were numbers of a list."""
    known = evidence.values
    left = money_in(evidence.vocabulary.currency).sub(" ", text)
    left = re.sub(r"(?m)^[ \t]*\d{1,2}[.)]\s", " ", WITH_LETTERS.sub(" ", NUMERIC_DATE.sub(" ", ISO.sub(" ", left))))
    counted, counting = _lengths(evidence), _counting(evidence, text)
    for number in dict.fromkeys(NUMBER.findall(left)):
        value = value_of(number)
        if value not in known and value not in counted and number not in counting:
            return f"the number {number[:40]}"
    between = {(n, "day") for n in days_between(sorted(set(days_in(text)))[:MOST_DAYS])}
    held = measures(evidence.everything)
    weeks = {(days // 7, "week") for days, unit in held if unit == "day"}
    unknown = measures(text) - held - between - weeks
    return next((f"{value} {unit}s" for value, unit in sorted(unknown) if str(value) not in counting), None)


def _counting(evidence: Evidence, text: str) -> frozenset[str]:
    """The numbers that count what is there, or how often an amount of the case makes one of the text."""
    measured = {str(value) for value, _ in measures(text)}
    amounts = {cents(match) for match in money_in(evidence.vocabulary.currency).finditer(text)}
    times = [n for n in range(1, 100) if any(one % n == 0 and one // n in evidence.cents for one in amounts)]
    return frozenset([*(form for n in times for form in (str(n), f"{n:02}")), *({"1", "2"} - measured)])


def _lengths(evidence: Evidence) -> frozenset[str]:
    """How many there are of what results list."""
    found: set[int] = set()
    queue = [e.result for e in evidence.results]
    while queue:
        value = queue.pop()
        if isinstance(value, list | dict):
            found.add(len(value))
            queue.extend(value if isinstance(value, list) else value.values())
    return frozenset(str(n) for n in found if n < 100)


def _names(evidence: Evidence, text: str, language: str) -> str | None:
    """A word written like a name inside of a sentence, and none of the case's. German writes all nouns so: there it is two."""
    known = {folded(word) for word in WORD.findall(plain(evidence.everything).replace("_", " "))} | NO_NAMES | set(MONTHS)
    known |= set().union(*(one.small | one.polite | one.me | one.yours for one in JUDGED.values()))
    for sentence in sentences(text):
        found = list(WORD.finditer(sentence))
        strange = [_is_strange(m, sentence, known) for m in found]
        for place, match in enumerate(found):
            alone = place > 0 and not _begins(sentence, match.start())
            if not strange[place] or (not alone and not (place + 1 < len(found) and strange[place + 1])):
                continue
            if language != "de" or (place + 1 < len(found) and strange[place + 1]):
                return f"the name {match[0]}"
    return None


def _is_strange(match: re.Match[str], sentence: str, known: set[str]) -> bool:
    word = match[0]
    if not word[0].isupper() or any(c.isdigit() for c in word) or len(word) < 2:
        return False
    parts = [] if folded(word) in known else [folded(part) for part in word.split("-")]
    return any(part not in known and part.rstrip("s") not in known for part in parts) and not (word.isupper() and len(word) < 5)


def _begins(sentence: str, place: int) -> bool:
    """Whether a word stands where any word is written large: behind a colon, a quote, a dash or a mark of a list."""
    before = sentence[:place].rstrip(" ")
    return not before or before[-1] in ':"“”„«([*-–—•#|>/'
