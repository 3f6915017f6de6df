"""Which orders a matter is about: by their numbers, by an item that only one of them holds, or all that are open."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.cases.answers import says_yes
from agents.orders.known_addresses import orders_copied
from agents.orders.status import CALLED, orders_listed
from agents.products.held import apart, described_best, fitting_best, not_left_alone, priced_best
from agents.products.items import found_in
from agents.products.left_out import beside
from agents.reasons import Reason
from agents.requests.reading import read
from switchboard.declare.moves import Call, Calls, HandOff, Move, Say, call
from switchboard.declare.transcript import View
from switchboard.reading.facts.details import LOOKED_AT

Order = Mapping[str, Any]
NEWEST = re.compile(
    r"\b(?:last|latest|newest|most recent)(?: \w+)? (?:order|purchase|parcel|package)\b|\border(?:ed)? last\b",
    re.IGNORECASE,
)
LISTS = re.compile(
    r"\b(?:list|show)(?: me)?(?: all)?(?: of)? my (?:past |previous )?orders\b"
    r"|\bwhat (?:did i|have i|i have) (?:order|buy|bought)\w*\b|\border history\b"
    r"|\bmy (?:past|previous) orders\b|\borders so far\b",
    re.IGNORECASE,
)
ALL_ORDERS = re.compile(
    r"\b(?:all|both|every one)(?: of)?(?: my| these| those| the)?(?: pending| open| recent| possible| current)? orders\b"
    r"|\b(?:all|both) of them\b|\b(?:all|everything)(?: that is| that['’]s| which is| i have)?(?: still)? (?:pending|open)\b",
    re.IGNORECASE,
)
IN_SEVERAL = re.compile(
    r"\b(?:different|several|separate|various|two|three|both|all|each|multiple)(?: of)?(?: my| the| these| those)? orders\b"
    r"|\bin (?:each|every) order\b|\bfrom (?:each|every) order\b",
    re.IGNORECASE,
)
"""Words for items that are in more than one order."""
ANOTHER = re.compile(
    r"(?<!in my )(?<!in the )(?<!from my )(?<!from the )(?<!of my )(?<!of the )\b(?:an)?other "
    r"(?:order|one|parcel|purchase|package)\b",
    re.IGNORECASE,
)
"""Words for an order that is not the one spoken of beside it; "the kettle in my other order" is in the one that holds it."""
MEANT = re.compile(
    r"\b(?:i|we)(?: actually| really)? (?:meant|mean)\b(?! (?:it|both|also|that))"
    r"|\b(?:make|should (?:be|have been)|should read)\b"
    r"[^.!?\n]{0,12}#|\bcorrection\b|\b(?:typo|wrong (?:order )?number)\b",
    re.IGNORECASE,
)
"""Where another order is named in the place of the one before it."""
SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+|,\s+|\s[-–—]+\s")
EVERYTHING = re.compile(
    r"\b(?:cancel|call off|stop)(?: please)? (?:(?:absolutely )?everything|all of (?:it|this)|it all|all)\b"
    r"(?! (?:but|except|apart|other))",
    re.IGNORECASE,
)
WHICH_CAN = re.compile(
    r"^\W*(?:(?:hi|hello|hey|and|so|please|tell me)\W+)*(?:which|what)(?: ones)?(?: of)?(?: my| the| these| our)*"
    r"(?: \w+)? ?orders?\b",
    re.IGNORECASE,
)
"""A question for the orders themselves: "which of my orders can still be changed?"."""
PLACES = {
    **dict.fromkeys(("first", "1st", "1", "top", "upper", "newest", "newer", "latest"), 0),
    **dict.fromkeys(("second", "2nd", "2"), 1),
    **dict.fromkeys(("third", "3rd", "3"), 2),
    **dict.fromkeys(("last", "bottom", "lower", "oldest", "older"), -1),
}
FILLING = r"(?:yes|yeah|ok|okay|please|pls|plz|sorry|i mean|it(?:['’]?s| is)|just|only|then|for|number|no|nr)"
AT_PLACE = re.compile(
    rf"\W*(?:{FILLING}\W+)*(?:the |that |my )?(?P<place>{'|'.join(PLACES)})(?: (?:one|order))?(?:\W+{FILLING})*\W*",
    re.IGNORECASE,
)
ALL_LISTED = re.compile(
    rf"\W*(?:{FILLING}\W+)*(?:both|all|every one|everything|all (?:two|three)|the (?:two|three)|"
    rf"(?:all )?(?:the |my )?(?:open|pending))(?: (?:of )?(?:them|these|those|ones|orders))?(?:\W+{FILLING})*\W*",
    re.IGNORECASE,
)
"""Answers to a list: one of its places, or all of it."""
EVERY_OPEN = re.compile(r"\b(?:all|both|everything)\b(?: [\w'’]+){0,4}? (?:pending|open)\b", re.IGNORECASE)

POINTS_BACK = re.compile(r"\b(?:it|this|that|them|these|those|same) ?(?:order|one|parcel|package|purchase)?\b", re.IGNORECASE)
"""Words for what was just spoken of."""

MOST_LOOKED_AT = 10
"""So many orders are read when the customer named none: a look-up, not a search through an account."""
OPEN = ("pending", "pending (item modified)", "processed")
FITTING: dict[str, tuple[str, ...]] = {
    "cancel_order": ("pending",),
    "change_address": ("pending", "pending (item modified)"),
    "change_items": ("pending",),
    "exchange_items": ("delivered",),
    "return_items": ("delivered",),
    "damaged": ("delivered",),
    "order_status": OPEN,
    "late_parcel": ("processed",),
}
"""The statuses that an order has which such a request is about."""
CHANGES = ("cancel_order", "change_address", "change_items", "exchange_items", "return_items")


def order_ids(view: View) -> tuple[str, ...]:
    """The order numbers of this matter. A number in an answer to our question stands in for those before it."""
    answered = named_in(view.latest) if view.questions else ()
    if answered and says_yes(view):  # "yes, and #W1000002 too": what was read back is meant still
        answered = tuple(dict.fromkeys((*(str(c.arguments.get("order_id")) for c in view.unconfirmed), *answered)))
    return answered or named_in(view.text) or tuple(view.facts.get("order_ids", ()))


def changed_ones(view: View) -> tuple[str, ...]:
    """The orders on which a call of this matter was made."""
    return tuple(dict.fromkeys(str(c.arguments["order_id"]) for c in view.calls if c.done and c.tool in CALLED))


def holding_what_is_named(view: View, kind: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Of several orders that an earlier matter was about, those that hold what the words name; all where none does."""
    if kind not in CHANGES or len(ids) < 2 or named_in(view.text):
        return ids
    held = [o["order_id"] for o in orders_read(view) if o["order_id"] in ids and found_in(read(view.text).asked, o["items"])]
    unread = set(ids) - {order["order_id"] for order in orders_read(view)}
    return tuple(order for order in ids if order in held) if held and not unread else ids


def named_in(text: str) -> tuple[str, ...]:
    """The order numbers of a text, without those that it wants left alone or names for their address, if it names others."""
    every = read(text).facts.order_ids
    left = (*read(read(text).left_alone).facts.order_ids, *orders_copied(text), *put_right(text))
    every = tuple(order for order in every if order not in put_right(text)) or every
    asked = [order for order in read(read(text).asked).facts.order_ids if order not in orders_copied(text)]
    return tuple(order for order in every if order in asked or order not in left) or every


def is_place(text: str) -> bool:
    """Whether an answer is nothing but a place in a list, or all of it: "the first one", "both"."""
    return bool(AT_PLACE.fullmatch(text[:100]) or ALL_LISTED.fullmatch(text[:100]))


def at_places(view: View, orders: Sequence[Order]) -> list[Order]:
    """Of orders as they were listed, those that an answer means by their place; the first such answer counts."""
    for answer in view.text.splitlines()[1:] if view.questions else ():
        if ALL_LISTED.fullmatch(answer[:100]):
            return list(orders)
        if found := AT_PLACE.fullmatch(answer[:100]):
            place = PLACES[found["place"].lower()]
            return list(orders[place:][:1]) if place < len(orders) else []
    return []


def put_right(text: str) -> tuple[str, ...]:
    """The orders that a text names by mistake: each the last one before it says which was meant instead."""
    wrong: list[str] = []
    before: tuple[str, ...] = ()
    for clause in SENTENCES.split(text[:LOOKED_AT]):
        named = read(clause).facts.order_ids
        if before and named and MEANT.search(clause):
            wrong += [order for order in before[-1:] if order not in named]
        before = named or before
    return tuple(wrong)


def orders_meant(view: View, orders: Sequence[Order]) -> list[Order]:
    """The orders that the customer's words fit: by the names of items, or the newest one where they say so.

    Empty where the words name none of them.
    """
    if NEWEST.search(view.text):
        days = sorted({str(o.get("placed_on", "")) for o in orders})
        newest = [o for o in orders if str(o.get("placed_on", "")) == days[-1]] if days else []
        if len(newest) == 1:
            return newest
    for text in (view.latest, view.text) if view.questions else (view.text,):
        best = fitting_best(read(text).asked, orders)
        if len(best) > 1:
            best = priced_best(text, best)
        if view.questions and len(best) > 1:
            best = described_best(view.latest, view.text, best)
        if best and ANOTHER.search(text):
            return [order for order in orders if order not in best]
        if best:
            return best
    return []


def looked_up(view: View, kind: str) -> tuple[str, ...] | Move:
    """The order that is meant where none was named, or all; else the next look-up, or the question which one it is."""
    account = view.last("get_user_details")
    if account is None:
        return call("get_user_details", user_id=view.customer_id)
    if not account.done:
        return HandOff("triage", f"the customer's orders could not be read: {account.text}", reason=Reason.NEEDS_HUMAN)
    ids = account.result.get("orders", [])[-MOST_LOOKED_AT:]
    if not ids:
        return Say("There is no order on your account. Which other e-mail address may you have ordered with?", asks=True)
    orders = orders_read(view)
    if not orders:
        return Calls(tuple(Call("get_order_details", {"order_id": order}) for order in ids))
    if kind == "order_status" and LISTS.search(view.text):
        return Say(f"Your orders:\n{orders_listed(orders)}")
    if kind in CHANGES and not view.questions and WHICH_CAN.match(view.text):
        return listed_for(kind, orders)
    meant = orders if EVERY_OPEN.search(view.text) else orders_meant(view, orders)
    if not meant and view.facts.get("passage"):
        told = {"kind": "elsewhere", "passage": view.facts["passage"], "surely": True}
        return HandOff("triage", "In none of their orders.", told, reason=Reason.OTHER_DEPARTMENT)
    if not meant and view.facts.get("told_of") and POINTS_BACK.search(view.text):
        return (str(view.facts["told_of"]),)
    pool = meant or not_left_alone(view.text, orders)
    fitting = [o for o in pool if o["status"] in FITTING.get(kind, (o["status"],))]
    if kind in CHANGES and (spread := spread_over(view.text, kind, orders)):
        return tuple(str(order["order_id"]) for order in spread)
    if ALL_ORDERS.search(view.text) and not fitting:
        return Say(f"None of your orders allows that now:\n{orders_listed(orders)}")
    chosen = (
        fitting
        if len(fitting) == 1 or apart(view.text, fitting) or ALL_ORDERS.search(view.text)
        else pool
        if len(pool) == 1
        else []
    )
    if EVERYTHING.search(view.text) and not read(view.text).left_alone:
        chosen = chosen or fitting
    chosen = chosen or at_places(view, fitting or pool)
    if chosen:
        chosen = [*chosen, *holding_the_rest(view, kind, chosen, orders)]
        return tuple(str(order["order_id"]) for order in chosen)
    return Say(f"Which order is it about?\n{orders_listed(fitting or pool)}", asks=True)


def unread_orders(view: View) -> Call | None:
    """The next look-up of the customer's other orders; None where they are read, or cannot be."""
    account = view.last("get_user_details")
    if account is None:
        return Call("get_user_details", {"user_id": view.customer_id})
    seen = [c.arguments["order_id"] for c in view.calls if c.tool == "get_order_details"]
    ids = account.result.get("orders", [])[-MOST_LOOKED_AT:] if account.done else []
    return next((Call("get_order_details", {"order_id": order}) for order in ids if order not in seen), None)


def holding_the_rest(view: View, kind: str, chosen: Sequence[Order], orders: Sequence[Order]) -> list[Order]:
    """The orders of the further items that the words name, where one alone holds each and allows it: of "the kettle and the
    mat" from two deliveries both go back. What is in several of them is left to the customer, who is told so.
    """
    if kind not in ("return_items", "exchange_items", "change_items") or len(chosen) != 1:
        return []
    every = [item for order in orders for item in order["items"]]
    statuses = DELIVERED_TOO.get(kind, FITTING[kind])
    others = [
        order for order in orders if order["status"] in statuses and "returns_closed_on" not in order and order not in chosen
    ]
    found: list[Order] = []
    for name in dict.fromkeys(item["name"] for item in beside(view.text, every, chosen[0]["items"])):
        holders = [order for order in others if any(item["name"] == name for item in order["items"])]
        found += holders if len(holders) == 1 and holders[0] not in found else []
    return found


def spread_over(text: str, kind: str, orders: Sequence[Order]) -> list[Order]:
    """The orders with the items that a text names in several of them: "both lamps, they were in different orders"; empty
    where it does not say so, or where that is one order.
    """
    every = [item for order in orders for item in order["items"]]
    names = {item["name"] for item in found_in(read(text).asked, every)}
    if not IN_SEVERAL.search(text) or not names:
        return []
    statuses = DELIVERED_TOO.get(kind, FITTING[kind])
    found = [o for o in orders if o["status"] in statuses and names & {item["name"] for item in o["items"]}]
    return found if len(found) > 1 else []


DELIVERED_TOO = {"exchange_items": ("pending", "delivered"), "change_items": ("pending", "delivered")}
"""What customers call one and the same: new options for what was delivered, and for what was not."""


def listed_for(kind: str, orders: Sequence[Order]) -> Say:
    """Which orders allow a change, where that is asked."""
    fitting = [order for order in orders if order["status"] in FITTING[kind]]
    if not fitting:
        return Say(f"None of your orders allows that now:\n{orders_listed(orders)}")
    return Say(f"That is possible for these now:\n{orders_listed(fitting)}\nWrite to me if I should do it for one of them.")


def orders_read(view: View) -> list[Order]:
    """The orders that were read, the newest first."""
    orders: list[Order] = [c.result for c in view.calls if c.tool == "get_order_details" and c.done]
    return sorted(orders, key=lambda o: str(o.get("placed_on", "")), reverse=True)
