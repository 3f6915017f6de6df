"""An address that the customer does not write out: of another order, of their account, or of a city that one is in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agents.requests.numbers import ANY_ORDER
from agents.requests.reading import read
from switchboard.declare.moves import Call
from switchboard.declare.transcript import View
from switchboard.reading.facts.people import STATES
from switchboard.reading.left_alone import LOOKED_AT

Address = Mapping[str, str]

ADDRESS = r"(?:address|place|home|house|apartment|flat|one)"
ORDER_ID = rf"(?:the |my |other )*(?:order )?#?\s?{ANY_ORDER}(?!\w)"
OF_ORDER = re.compile(
    r"(?:\bsame\b[^.!?;\n#\d]{0,40}?\bas\b|\b(?:to|use|using|take|match)\b(?: \w+){0,2}? address\b)[^.!?;\n#\d]{0,30}?"
    rf"{ORDER_ID}|\bto (?:the|that) {ADDRESS}\b[^.!?;\n#\d]{{0,40}}?{ORDER_ID}"
    rf"|\b(?:to|use) (?:the |that )?(?:one|{ADDRESS}) (?:that |where |which )?{ORDER_ID} (?:goes|is|was|went)\b",
    re.IGNORECASE,
)
"""In "to the same address as #W1000001" the order that it is taken from."""
OF_ACCOUNT = re.compile(
    r"\b(?:to|use|using|at|with|take|match) (?:the |my |our )?"
    r"(?:default|home|account|profile|usual|main|regular|registered|saved|own) "
    rf"{ADDRESS}\b(?! (?:of|in|from) (?:the )?order)"
    rf"|\b{ADDRESS} (?:that )?(?:you have |i have |is |are )?(?:on|in) (?:my |the |your )?(?:account|profile|file|records?)\b"
    r"|\b(?:to|use|using) my default\b",
    re.IGNORECASE,
)
OTHER_NAMES = {
    "nyc": "new york", "the big apple": "new york", "manhattan": "new york", "la": "los angeles", "sf": "san francisco",
    "dc": "washington", "philly": "philadelphia", "vegas": "las vegas",
}  # fmt: skip
TO_CITY = rf"\b(?:my |our |the )(?:{{}})(?: \w+)? {ADDRESS}\b|\b{ADDRESS}(?: that is)? (?:in|at) (?:{{}})\b"


GOES = r"(?:go(?:es|ing)?|went|sent|ship(?:s|ped|ping)?|deliver(?:ed|y)?|mailed|on)"
WHERE_TO = re.compile(
    rf"\b(?:which|what|whose)\b[^.?!\n]{{0,30}}\baddress\b[^.?!\n]{{0,40}}\b{GOES}\b"
    rf"|\b(?:to|at) (?:which|what) address\b|\baddress (?:it|this|that) {GOES}\b"
    rf"|\b(?:confirm|tell|show|give|check|verify|know)\b[^.?!\n]{{0,30}}\b(?:shipping|delivery) address\b"
    rf"|\bwhere (?:was|is|will|did|does) (?:it|this|that|(?:the |my )?(?:order|parcel|package)|{ORDER_ID})"
    rf"[^.?!\n]{{0,30}}\b{GOES} to\b",
    re.IGNORECASE,
)


def asks_where_to(text: str) -> bool:
    """Whether it is asked to which address an order goes."""
    return bool(WHERE_TO.search(text[:LOOKED_AT]))


def orders_copied(text: str) -> tuple[str, ...]:
    """The orders that a text names for their address alone."""
    return tuple(dict.fromkeys(order for match in OF_ORDER.finditer(text) for order in read(match[0]).facts.order_ids))


OF_THE_ACCOUNT = re.compile(
    r"\b(?:default|account(?:['’]?s)?|profile|main)(?: \w+)? address\b"
    r"|\baddress (?:on|in|of) (?:my|the) (?:account|profile)\b",
    re.I,
)


def order_for_account(text: str) -> str:
    """The order whose address the account's own is to become, as in "make my default address that of #W1000001"; empty where
    the text names none, or wants the account's address for an order.
    """
    orders = read(text).facts.order_ids
    is_meant = OF_THE_ACCOUNT.search(text) and not OF_ACCOUNT.search(text)
    return orders[-1] if is_meant and orders else ""


def known_address(view: View, order: Mapping[str, Any]) -> Address | Call | None:
    """The address that the customer points at for an order, or the call that reads where it stands; None where they point
    at none, or at what is not there.
    """
    seen = {c.arguments["order_id"]: c for c in view.calls if c.tool == "get_order_details"}
    for order_id in [i for i in orders_copied(view.text) if i != order["order_id"]][-1:]:
        if order_id not in seen:
            return Call("get_order_details", {"order_id": order_id})
        return seen[order_id].result["address"] if seen[order_id].done else None
    if not (OF_ACCOUNT.search(view.text) or POINTS.search(view.text)):
        return None
    account = view.last("get_user_details")
    if account is None:
        return Call("get_user_details", {"user_id": view.customer_id})
    if not account.done:
        return None
    if OF_ACCOUNT.search(view.text):
        found: Address = account.result["address"]
        return found
    unread = [i for i in account.result.get("orders", [])[-MOST_READ:] if i not in seen]
    if unread:
        return Call("get_order_details", {"order_id": unread[0]})
    others = [c.result["address"] for c in seen.values() if c.done and c.result["order_id"] != order["order_id"]]
    return in_city(view.text, [account.result["address"], *others], order["address"])


MOST_READ = 10
POINTS = re.compile(rf"\b(?:my|our|the) (?:[\w.]+ ){{1,3}}?{ADDRESS}\b|\b{ADDRESS}(?: that is)? (?:in|at) \w+", re.IGNORECASE)
"""Words that may point at an address by its city."""


def in_city(text: str, addresses: Sequence[Address], now: Address) -> Address | None:
    """The one address of those, other than where it goes `now`, whose city or state the text names as where it should go."""
    found: list[Address] = []
    for address in addresses:
        names = "|".join(map(re.escape, names_of(address)))
        if re.search(TO_CITY.format(names, names), text, re.IGNORECASE) and not alike(address, now):
            found += [] if any(alike(address, one) for one in found) else [address]
    return found[0] if len(found) == 1 else None


def names_of(address: Address) -> Iterable[str]:
    """What a customer may call the place of an address."""
    city = address["city"].lower()
    yield city
    yield from (short for short, name in OTHER_NAMES.items() if name == city)
    yield from (name.lower() for code, name in STATES.items() if code == address["state"])


def alike(one: Address, other: Address) -> bool:
    fields = ("address1", "address2", "city", "state", "zip")
    return all(str(one.get(f, "")).lower() == str(other.get(f, "")).lower() for f in fields)
