"""Facts from free text: what a customer's message names, as data. Pure functions, the same answer every time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from agents.reading.people import Address, Name, addresses_in, names_in, zips_in
from agents.reading.quantities import Amount, Shape, amounts_in, shape_in
from switchboard.events.masking import card_numbers, emails

LOOKED_AT = 20_000
"""Characters of a message that are read; what stands after them is ignored."""

Reason = Literal["no longer needed", "ordered by mistake"]

GONE = "\0"  # stands for text that is dealt with: no word, no digit, no blank, so that no pattern reaches across it
END = r"(?!\w|\.\d)"
SEVEN = rf"(?P<digits>[0-9]{{7}}){END}"
WITH_LETTER = re.compile(rf"(?<![\w-])(?P<id>(?:#\s?)?W[ -]?{SEVEN})", re.IGNORECASE)
WITH_HASH = re.compile(rf"(?<!\w)(?P<id>#\s?{SEVEN})")
AFTER_ORDER = re.compile(
    r"\border(?:s|ed)?\b(?:[ \t]{0,2}(?:numbers?|num|nr|no|ids?|code|reference|ref|with|is|are|was|\W)){0,6}?"
    rf"[ \t]{{0,2}}(?P<id>{SEVEN})",
    re.IGNORECASE,
)
AS_ANSWER = re.compile(rf"\b(?:number|no|id|it)\b\.?(?:\sis|['’]s|:)\s{{1,2}}(?P<id>{SEVEN})", re.IGNORECASE)
ALONE = re.compile(rf"^[ \t]{{0,9}}(?P<id>{SEVEN})[ \t.!]{{0,9}}$", re.MULTILINE)
NOT_SEVEN = rf"(?![0-9]{{7}}{END})"
WRONG_LENGTH = re.compile(
    rf"(?<![\w-])(?P<with>(?:#\s?)?W[ -]?{NOT_SEVEN}[0-9]{{3,12}}|#\s?{NOT_SEVEN}[0-9]{{4,12}}){END}"
    rf"|\borders?(?: (?:number|no|nr|id)\.?)?(?: is)?[ :]{{1,2}}(?P<bare>{NOT_SEVEN}[0-9]{{5,9}}){END}",
    re.IGNORECASE,
)
AND_ANOTHER = re.compile(rf"[ \t]{{0,2}}(?:,|/|&|\+|,?\s?\b(?:and|or))\s{{0,2}}(?P<id>#?W?{SEVEN})", re.IGNORECASE)
OTHER_NUMBER = re.compile(
    r"\b(?:phone|call|tel|telephone|mobile|cell|account|ticket|case|invoice|tracking|zip|card|serial|error)\W[^\n]{0,20}$",
    re.I,
)
PAYMENT_METHOD = re.compile(r"(?<!\w)(?:credit_card|gift_card|paypal)_[0-9]{1,12}(?!\w)")
TEN_DIGITS = re.compile(r"(?<![\w+])(?<!\d[.,-])([0-9]{10})" + END)
PRODUCT_BEFORE = re.compile(r"\bproducts?(?:[ \t](?:type|id|ids|no|number))?(?:[ \t]is)?[ \t:#.]{0,4}$", re.IGNORECASE)
PHONE_WORD = r"\b(?:phone|call|calling|tel|telephone|mobile|cell|ring|text|reach|whatsapp)\b"
PHONES = (
    re.compile(PHONE_WORD + r"[^\d\n+(#$]{0,30}(\+?\(?\d(?:[ ().-]{0,2}\d){6,14})(?!\w|-\w)", re.IGNORECASE),
    re.compile(r"(?<![\w+(.-])(\+\d(?:[ ().-]{0,2}\d){7,14})(?!\w)"),
    re.compile(r"(?<![\w(.+-])((?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[ .-]\d{4}|\d{3}-\d{4})(?![\w-])"),
)
ERROR_CODES = (
    re.compile(
        r"\berror(?:\s(?:code|number|message|no\.?))?(?:\s(?:is|says|of))?[\s:#\"']{0,3}"
        r"(0x[0-9a-f]{1,16}|[a-z]{0,4}[-_]?[0-9]{1,6})(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(r"(?<!\w)(ERR[-_][A-Z0-9_-]{1,40}|0x[0-9A-Fa-f]{4,16})(?!\w)"),
)
BARE_CODE = re.compile(r"(?<!\w)([A-Z]{1,2}-?[0-9]{1,4})(?!\w)(?!\s(?:bulb|socket|base|lamp|screw))")
SHOWS_CODE = re.compile(r"\b(?:error|code|fault|display\w{0,2}|screen|show(?:s|ing|ed)?|blink\w{0,3}|flash\w{0,3})\b", re.I)

NEGATED = re.compile(r"(?:\bnot|n['’]t|\bnever)(?:\s\w{1,12}){0,3}\s$", re.IGNORECASE)
BOUGHT = r"(?:order|orders|ordered|bought|purchased?|placed|clicked|pressed|purchase)"
WRONGLY = r"(?:by (?:mistake|accident|error)|accidentally|mistakenly|unintentionally|in error)"
SAYS: dict[Reason, tuple[str, ...]] = {
    "no longer needed": (
        r"\bno longer (?:need|want|require|interested|necessary|useful)",
        r"\bnot (?:needed|wanted|required) (?:any ?more|any longer)",
        r"\b(?:do not|don['’]?t|won['’]?t|will not) (?:really |actually )?need\b",
        r"\b(?:do not|don['’]?t) want (?:\w{1,12} ){1,4}?(?:any ?more|any longer)",
        r"\b(?:changed|change|changing) (?:my|our) minds?\b",
    ),
    "ordered by mistake": (
        rf"\b{BOUGHT}\b[^.!?\n]{{0,60}}\b{WRONGLY}\b",
        rf"\b{WRONGLY}\b[^.!?\n]{{0,30}}\b{BOUGHT}\b",
        r"\b(?:order|it|that|this|which)(?: is| was|['’]s) (?:an?|my|by) (?:mistake|accident|error)\b",
        r"\b(?:i|we) (?:have )?(?:ordered|bought) the wrong\b",
        r"^\s{0,9}(?:ordered )?(?:by |a )?mistake[\s.!]{0,9}$",
    ),
}
REASONS = tuple((reason, re.compile(pattern, re.IGNORECASE)) for reason, patterns in SAYS.items() for pattern in patterns)


@dataclass(frozen=True)
class Place:
    """An order id and where it stands: text[start:end]."""

    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Facts:
    """What a text names, each kind in the order of the text and without repeats."""

    order_ids: tuple[str, ...] = ()
    """As '#W' and 7 digits, however they were written."""
    wrong_order_ids: tuple[str, ...] = ()
    """What is written as an order id and is none, because it has too few or too many digits; as it was written."""
    order_places: tuple[Place, ...] = ()
    """Every mention of an order id, so that a message with two matters can be split."""
    emails: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    zips: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()
    item_ids: tuple[str, ...] = ()
    """10 digits. A product id that is not called one is found here too: their form is the same."""
    product_ids: tuple[str, ...] = ()
    payment_method_ids: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    shape: Shape | None = None
    error_codes: tuple[str, ...] = ()
    reason: Reason | None = None


@lru_cache(maxsize=64)  # a case's rules read the same words again in each of their turns
def facts_in(text: str) -> Facts:
    """The facts of the first 20,000 characters (`LOOKED_AT`). Card numbers are never among them. Raises nothing."""
    text = without(text[: LOOKED_AT + 64], card_numbers(text[: LOOKED_AT + 64]))[:LOOKED_AT]
    written = [m.span() for m in emails(text)]
    rest = without(text, written)
    orders = order_places(rest)
    methods = [m.span() for m in PAYMENT_METHOD.finditer(rest)]
    rest = without(rest, [(p.start, p.end) for p in orders] + methods)
    phones = phone_places(rest)
    rest = without(rest, phones)
    product_ids, item_ids = ten_digits(rest)
    return Facts(
        order_ids=each_once(place.value for place in orders),
        wrong_order_ids=each_once(wrong_order_ids(rest)),
        order_places=orders,
        emails=each_once(text[start:end].lower() for start, end in written),
        names=names_in(rest),
        zips=zips_in(rest),
        phones=each_once(text[start:end] for start, end in phones),
        amounts=amounts_in(rest),
        item_ids=item_ids,
        product_ids=product_ids,
        payment_method_ids=each_once(text[start:end] for start, end in methods),
        addresses=addresses_in(rest),
        shape=shape_in(rest),
        error_codes=error_codes(rest),
        reason=reason_in(rest),
    )


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these spans blanked out, so that every other place stays where it was."""
    parts, at = [], 0
    for start, end in sorted(spans):
        parts += [text[at:start], GONE * (end - max(start, at))]
        at = max(at, end)
    return "".join(parts) + text[at:]


def each_once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def order_places(text: str) -> tuple[Place, ...]:
    """Every mention of an order id. A bare number counts where it is called an order's, or is a line of its own."""
    found: dict[int, Place] = {}
    for pattern in (WITH_LETTER, WITH_HASH, AFTER_ORDER, AS_ANSWER, ALONE):
        for match in pattern.finditer(text):
            before = max(0, match.start() - 24), match.start("id")
            if pattern in (WITH_HASH, AS_ANSWER) and OTHER_NUMBER.search(text, *before):
                continue
            one: re.Match[str] | None = match
            while one and one.end("id") not in found:
                found[one.end("id")] = Place(f"#W{one['digits']}", *one.span("id"))
                one = AND_ANOTHER.match(text, one.end("id"))
    return tuple(sorted(found.values(), key=lambda place: place.start))


def wrong_order_ids(text: str) -> list[str]:
    """What looks like an order id and has not its seven digits."""
    found = []
    for match in WRONG_LENGTH.finditer(text):
        if not OTHER_NUMBER.search(text, max(0, match.start() - 24), match.start()):
            found.append((match["with"] or match["bare"]).strip())
    return found


def phone_places(text: str) -> list[tuple[int, int]]:
    """Phone numbers, as written: called one, with a country code, or grouped as one."""
    found: list[tuple[int, int]] = []
    for pattern in PHONES:
        for match in pattern.finditer(text):
            if not any(start < match.end(1) and match.start(1) < end for start, end in found):
                found.append(match.span(1))
    return sorted(found)


def ten_digits(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Product ids and item ids; what is called a product is one."""
    products: list[str] = []
    items: list[str] = []
    for match in TEN_DIGITS.finditer(text):
        called = PRODUCT_BEFORE.search(text, max(0, match.start() - 32), match.start())
        (products if called else items).append(match[1])
    return each_once(products), each_once(items)


def error_codes(text: str) -> tuple[str, ...]:
    """Error codes, in capitals: what is called an error, and E23 where something shows it."""
    patterns = (*ERROR_CODES, BARE_CODE) if SHOWS_CODE.search(text) else ERROR_CODES
    found = {match.start(1): match[1].upper() for pattern in patterns for match in pattern.finditer(text)}
    return each_once(found[place] for place in sorted(found))


def reason_in(text: str) -> Reason | None:
    """Why an order is to be cancelled, where the words say so; of two reasons the one that stands first."""
    found = []
    for reason, pattern in REASONS:
        for match in pattern.finditer(text):
            if not NEGATED.search(text, max(0, match.start() - 40), match.start()):
                found.append((match.start(), reason))
    return min(found)[1] if found else None
