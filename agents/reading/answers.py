"""What the customer says beside facts: yes or no to a question, the request itself, and which order they mean."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from agents.reading.case import facts_of, kind_of
from agents.reading.items import found_in, named_items
from agents.reading.requests import LOOKED_AT, RequestKind, request_in
from runtime.transcript import View

Order = Mapping[str, Any]

YES = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|sure|ok(?:ay)?|please do|go ahead|do (?:it|that|so)|correct|right|exactly|fine|of course|"
    r"absolutely|confirm(?:ed)?|i (?:agree|confirm)|that(?:['’]s| is) (?:fine|right|ok|the one|correct))\b",
    re.IGNORECASE,
)
NO = re.compile(
    r"\W*(?:no|nope|never ?mind|leave it|forget it)"
    r"(?:,? (?:thanks?(?: you)?|leave it|forget it|never ?mind|do(?: not|n['’]t)))*(?: as it is| do it)?\W*",
    re.IGNORECASE,
)
SEND_TO = re.compile(r"\b(?:ship|send|deliver|redirect|forward)\b[^.!?\n]{0,60}\bto\b", re.IGNORECASE)
NEWEST = re.compile(
    r"\b(?:last|latest|newest|most recent)(?: \w+)? (?:order|purchase|parcel|package)\b|\border(?:ed)? last\b",
    re.IGNORECASE,
)
ALL_ORDERS = re.compile(
    r"\b(?:all|both|every one)(?: of)?(?: my| these| those| the)?(?: pending| open| recent)? orders\b|\b(?:all|both) of them\b",
    re.IGNORECASE,
)
DAMAGED = re.compile(r"\b(?:dents?|cracks?|scratch\w*|broke|hole|stains?|torn|defect\w*)\b", re.IGNORECASE)
IN_GENERAL = re.compile(
    r"\bhow (?:long|many days|late)\b|\b(?:return|exchange|refund|cancellation|shipping|delivery)s? polic(?:y|ies)\b"
    r"|\bhow do(?:es)? (?:returns?|exchanges?|an exchange|a return|cancellations?) work\b|\bwhat happens if\b",
    re.IGNORECASE,
)
HOW_TO = re.compile(r"\bhow (?:do|can|could|would|should|to)\b", re.IGNORECASE)


def says_yes(view: View) -> bool:
    """Whether the newest words are a yes to this agent's question."""
    return view.questions > 0 and bool(YES.search(view.latest))


def says_no(view: View) -> bool:
    """Whether the newest words are a no and nothing more; what else they say may be a better answer."""
    return view.questions > 0 and bool(NO.fullmatch(view.latest))


def asked_for(view: View, among: Collection[RequestKind]) -> str:
    """What is asked for. What is none of `among` is read once more, the newest words first; else it is `unknown`."""
    kind = kind_of(view)
    if kind in ("order_status", "unknown") and SEND_TO.search(view.text[:LOOKED_AT]) and facts_of(view).addresses:
        return "change_address"
    if kind == "unknown" and DAMAGED.search(view.text[:LOOKED_AT]):
        return "damaged"
    if kind in among:
        return kind
    answer = request_in(view.latest, among).kind if view.questions else "unknown"
    return answer if answer != "unknown" else request_in(view.text, among).kind


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
        best = fitting_best(text, orders)
        if best:
            return best
    return []


def fitting_best(text: str, orders: Sequence[Order]) -> list[Order]:
    """The orders that hold most of the items that are named. An item found in two orders does not tell them apart."""
    every = [item for order in orders for item in order["items"]]
    named = found_in(text, every)
    held = [len({item["name"] for item in order["items"] if item in named}) for order in orders]
    if not any(held):
        return []
    best = [order for order, count in zip(orders, held, strict=True) if count == max(held)]
    described = [order for order in best if named_items(text, [i for i in order["items"] if i in named]).items]
    return described if len(described) == 1 else best
