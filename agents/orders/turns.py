"""An answer that turns to something else: another deed, of something that it names itself."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from agents.cases.answers import YES, says_yes
from agents.orders.known_addresses import asks_where_to
from agents.orders.status import CALLED
from agents.orders.which_orders import order_ids, orders_read
from agents.products.items import found_in
from agents.reasons import Reason
from agents.requests.reading import read
from agents.requests.requests import RequestKind
from switchboard.consent.answers import behind_no
from switchboard.declare.moves import HandOff, Move, Say
from switchboard.declare.transcript import View

ALIKE: tuple[frozenset[str], ...] = (
    frozenset(("exchange_items", "change_items", "damaged")),
    frozenset(("return_items", "refund_full", "damaged", "cancel_order")),
    frozenset(("change_address",)),
    frozenset(("user_address",)),
)
"""Requests that customers call by each other's names, so that one in an answer to the other is still the same matter."""
BESIDE = re.compile(r"^\W*(?:(?:and|ok|okay|oh|yes)\W+)*(?:also|and|plus|additionally|besides)\b", re.IGNORECASE)
"""How an answer begins that wishes for something else beside what was read back, and not in its place."""
OWN_THING = re.compile(
    r"\b(?:my|the|that|those|these|our)\s+(?!(?:whole |entire |other |full )?(?:orders?|money|rest|same|"
    r"first|last|other|refund|difference|price|payment|(?:gift |credit |debit )?card|items?)\b)[^\W\d_]{3,}",
    re.I,
)


def turned_to(view: View, kind: str, among: Collection[RequestKind]) -> HandOff | None:
    """The hand-back of an answer that asks for another deed of a thing that it names; None where it still belongs to the
    matter, as what mends a call that was read back does.
    """
    newest = read(view.latest).request_among((*among, "user_address")).kind
    deeds = {one for alike in ALIKE for one in alike}
    agrees = bool(view.unconfirmed) and begins_with_yes(view)
    if not view.questions or newest not in deeds or read(view.latest).verdict(newest) != "asked":
        return None
    if says_yes(view) and not agrees:
        return None
    orders = orders_read(view)
    proposed = {str(c.arguments.get("order_id", "")) for c in view.unconfirmed}
    of_proposed = [item for order in orders if order["order_id"] in proposed for item in order["items"]]
    is_same = any(newest in alike and kind in alike for alike in ALIKE)
    if proposed and newest == "refund_full":
        return None
    if proposed and (found_in(view.latest, of_proposed) or not OWN_THING.search(view.latest)):
        return None
    named = [order for order in orders if found_in(view.latest, order["items"])]
    if is_same and not (proposed or is_elsewhere(view, named)):
        return None
    if newest != "user_address" and not named and not proposed and (orders or not OWN_THING.search(view.latest)):
        return None
    facts: dict[str, Any] = {"kind": newest, "turned": True}
    if agrees or (view.unconfirmed and BESIDE.search(view.latest)):
        facts["before"] = True  # what was read back comes first, and then this
    elif left := [CALLED[c.tool].format(c.arguments["order_id"]) for c in view.unconfirmed[-1:] if c.tool in CALLED]:
        facts["left_open"] = left[0]
    here = [str(order["order_id"]) for order in named if order["order_id"] in order_ids(view)]
    if len(here) == 1:
        facts["order_ids"] = here
    return HandOff("triage", "Something else is asked for.", facts, reason=Reason.OTHER_DEPARTMENT, request=view.latest)


def asked_behind_no(view: View) -> HandOff | None:
    """The hand-back of what is asked behind a plain no to what was read back, as a matter of its own."""
    last = view.unconfirmed[-1] if view.unconfirmed else None
    asked = behind_no(view.latest)
    if not asked or last is None or last.tool not in CALLED:
        return None
    order = str(last.arguments["order_id"])
    kind = {"kind": "order_status"} if asks_where_to(asked) else {}
    facts = {**kind, "turned": True, "order_ids": [order], "left_open": CALLED[last.tool].format(order)}
    return HandOff("triage", "Something else is asked for.", facts, reason=Reason.OTHER_DEPARTMENT, request=asked)


def begins_with_yes(view: View) -> bool:
    """Whether the newest words begin with a yes to what was read back, and go on."""
    return bool(YES.search(view.latest))


def with_the_open(view: View, move: Move) -> Move:
    """What is told at the end of a matter that an answer turned to, with what was left open for it."""
    left = view.facts.get("left_open")
    if not left or not isinstance(move, Say) or move.asks:
        return move
    return Say(f"{move.text}\n\nNot done: {left}. Please write again if I should still do that.")


def is_elsewhere(view: View, named: Collection[Mapping[str, Any]]) -> bool:
    """Whether what is named is in none of the orders that the matter is about."""
    about = order_ids(view) or tuple(str(view.facts[key]) for key in ("told_of",) if key in view.facts)
    return bool(named and about) and not any(order["order_id"] in about for order in named)
