"""Facts from free text: what a customer's message names, as data. Pure functions, the same answer every time."""

import re
from dataclasses import dataclass
from typing import Literal

from agents.requests.numbers import (
    BODY,
    DIGITS,
    GOODS,
    IS_BARE,
    IS_SHORT,
    ITEM_BODY,
    LETTERS,
    MAYBE,
    METHOD,
    NEVER,
    PRODUCT_BODY,
    order_id,
)
from switchboard.reading.facts.details import Details, Id, each_once
from switchboard.reading.words import words_of

Reason = Literal["no longer needed", "ordered by mistake"]

NO_NAMES = words_of(
    """account billing buying cancel card charge charged customer delivery fernhill gift order orders parcel payment
    plan plus product purchase refund request return shipping tracking"""
)
"""Words of this trade that are nobody's name."""
END = r"(?!\w|\.\d)"
NUMBER = rf"(?P<digits>{BODY}){END}"
"""The number of an order without the letters before it."""
WITH_LETTER = re.compile(
    rf"(?<![\w-])(?P<id>(?:#\s?)?{LETTERS}[ -]?{NUMBER})" if LETTERS else NEVER if IS_BARE else rf"(?<![\w-])(?P<id>{NUMBER})",
    re.IGNORECASE,
)
WITH_HASH = re.compile(rf"(?<!\w)(?P<id>#\s?{NUMBER})", re.IGNORECASE)
AFTER_ORDER = re.compile(
    r"\b(?:order(?:s|ed)?|purchases?)\b(?:[ \t]{0,2}(?:numbers?|num|nr|no|ids?|code|reference|ref|with|is|are|was|\W)){0,6}?"
    rf"[ \t]{{0,2}}(?P<id>{NUMBER})",
    re.IGNORECASE,
)
AS_ANSWER = re.compile(rf"\b(?:number|no|id|it)\b\.?(?:\sis|['’]s|:)\s{{1,2}}(?P<id>{NUMBER})", re.IGNORECASE)
ALONE = re.compile(rf"^[ \t]{{0,9}}(?P<id>{NUMBER})[ \t.!]{{0,9}}$", re.MULTILINE | re.IGNORECASE)
NOT_ONE = rf"(?!{BODY}{END})"
LEAST = max(len(DIGITS) - 2, 1)
WRONG_MARKED = rf"(?:#\s?)?{LETTERS}[ -]?{NOT_ONE}[0-9]{{3,12}}|" if LETTERS else ""
WRONG_LENGTH = re.compile(
    rf"(?<![\w-])(?P<with>{WRONG_MARKED}#\s?{NOT_ONE}[0-9]{{4,12}}){END}"
    rf"|\b(?:orders?|purchases?)(?: (?:number|no|nr|id)\.?)?(?: is)?[ :]{{1,2}}"
    rf"(?P<bare>{NOT_ONE}(?!{GOODS}{END})[0-9]{{{LEAST},14}}){END}",
    re.IGNORECASE,
)
"""What is written as an order's number and has too few or too many digits; of a shop whose numbers are digits."""
AND_ANOTHER = re.compile(rf"[ \t]{{0,2}}(?:,|/|&|\+|,?\s?\b(?:and|or))\s{{0,2}}(?P<id>#?{MAYBE}{NUMBER})", re.IGNORECASE)
OTHER_NUMBER = re.compile(
    r"\b(?:phone|call|tel|telephone|mobile|cell|account|ticket|case|invoice|bill|receipt|transaction|reference|tracking|zip|card|"
    r"serial|error)\W[^\n]{0,20}$",
    re.I,
)
TICKET = re.compile(r"(?<![\w#])T[- ]?(\d{6,7})(?!\w)", re.IGNORECASE)
"""A ticket as customers write it: a sign or a space in it, or a digit too many."""
PAYMENT_METHOD = re.compile(rf"(?<!\w){METHOD}(?!\w)")
GOODS_NUMBER = re.compile(rf"(?<![\w+])(?<!\d[.,-])({GOODS}){END}")
ITEM_NUMBER, PRODUCT_NUMBER = re.compile(ITEM_BODY), re.compile(PRODUCT_BODY)
GOODS_BEFORE = re.compile(r"\b(?:items?|articles?|art|products?|sku)\b[^\n.!?]{0,16}$", re.IGNORECASE)
"""What stands before the number of an item where it is so short that any number looks like it."""
PRODUCT_BEFORE = re.compile(r"\bproducts?(?:[ \t](?:type|id|ids|no|number))?(?:[ \t]is)?[ \t:#.]{0,4}$", re.IGNORECASE)
NEGATED = re.compile(r"(?:\bnot|n['’]t|\bnever)(?:\s\w{1,12}){0,3}\s$", re.IGNORECASE)
BOUGHT = r"(?:order|orders|ordered|bought|purchased?|placed|clicked|pressed|purchase)"
WRONGLY = r"(?:by (?:mistake|accident|error)|accidentally|mistakenly|unintentionally|in error)"
SAYS: dict[Reason, tuple[str, ...]] = {
    "no longer needed": (
        r"\bno longer (?:need|want|require|interested|necessary|useful)",
        r"\bnot (?:needed|wanted|required)(?: (?:any ?more|any longer)|(?= ?[).,;!]| ?$))",
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
class Facts(Details):
    """What a text names, each kind in the order of the text and without repeats."""

    order_ids: tuple[str, ...] = ()
    """In the one form of the shop, however they were written."""
    wrong_order_ids: tuple[str, ...] = ()
    """What is written as an order id and is none, because it has too few or too many digits; as it was written."""
    item_ids: tuple[str, ...] = ()
    """A product id that is not called one is found here too where their form is the same."""
    product_ids: tuple[str, ...] = ()
    payment_method_ids: tuple[str, ...] = ()
    ticket_ids: tuple[str, ...] = ()
    reason: Reason | None = None


def facts_from(details: Details) -> Facts:
    """The facts of a text, from its details."""
    product_ids, item_ids = goods_in(details.rest)
    return Facts(
        **vars(details),
        order_ids=each_once(one.value for one in details.ids if one.kind == "order"),
        wrong_order_ids=each_once(wrong_order_ids(details.rest)),
        item_ids=item_ids,
        product_ids=product_ids,
        payment_method_ids=each_once(one.value for one in details.ids if one.kind == "payment_method"),
        ticket_ids=each_once(f"T{found}" for found in TICKET.findall(details.rest)),
        reason=reason_in(details.rest),
    )


def ids_in(text: str) -> list[Id]:
    """Every mention of an order id or of a payment method."""
    methods = (Id("payment_method", m[0], *m.span()) for m in PAYMENT_METHOD.finditer(text))
    return [*order_places(text), *methods]


def order_places(text: str) -> list[Id]:
    """Every mention of an order id. A bare number counts where it is called an order's, or is a line of its own."""
    found: dict[int, Id] = {}
    for pattern in (WITH_LETTER, WITH_HASH, AFTER_ORDER, AS_ANSWER, ALONE):
        for match in pattern.finditer(text):
            before = max(0, match.start() - 24), match.start("id")
            if pattern in (WITH_HASH, AS_ANSWER) and OTHER_NUMBER.search(text, *before):
                continue
            one: re.Match[str] | None = match
            while one and one.end("id") not in found:
                found[one.end("id")] = Id("order", order_id(one["digits"]), *one.span("id"))
                one = AND_ANOTHER.match(text, one.end("id"))
    return sorted(found.values(), key=lambda place: place.start)


def wrong_order_ids(text: str) -> list[str]:
    """What looks like an order id and has not its seven digits."""
    found = []
    for match in WRONG_LENGTH.finditer(text):
        if not OTHER_NUMBER.search(text, max(0, match.start() - 24), match.start()):
            found.append((match["with"] or match["bare"]).strip())
    return found


def goods_in(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Product ids and item ids; of what could be both that is a product which is called one."""
    products: list[str] = []
    items: list[str] = []
    for match in GOODS_NUMBER.finditer(text):
        before = max(0, match.start() - 32), match.start()
        if IS_SHORT and not GOODS_BEFORE.search(text, *before):
            continue
        is_product = PRODUCT_NUMBER.fullmatch(match[1]) and (
            not ITEM_NUMBER.fullmatch(match[1]) or PRODUCT_BEFORE.search(text, *before)
        )
        (products if is_product else items).append(match[1])
    return each_once(products), each_once(items)


def reason_in(text: str) -> Reason | None:
    """Why an order is to be cancelled, where the words say so; of two reasons the one that stands first."""
    found = []
    for reason, pattern in REASONS:
        for match in pattern.finditer(text):
            if not NEGATED.search(text, max(0, match.start() - 40), match.start()):
                found.append((match.start(), reason))
    return min(found)[1] if found else None
