"""Whether the customer asked for a write that a model calls: what their words do not ask for is not done.

`allowed` is set on the specialists that write (`AgentSpec.allows`) and answers with the sentence for the model, or None.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from agents.reading.answers import says_no, wanted, words_on
from agents.reading.case import facts_of, kind_of
from agents.reading.changes import reason_answered
from agents.reading.extraction import facts_in
from agents.reading.intent import DEEDS, REFUND, TWICE, in_plain
from agents.reading.people import STATE_CODES
from agents.reading.requests import request_in
from switchboard.declare.moves import Call
from switchboard.declare.transcript import View

NOT_ASKED = "The customer did not ask for this. Say what it would mean and ask for a yes first."
NOT_THEIR_ADDRESS = (
    "This address is not what the customer wrote. Take it word for word from their message, or ask for the full address."
)
ONCE = "One refund of this order was made already. The customer did not ask for a further one: say so, and ask for a yes first."

DAMAGE = ("damaged", "complaint")
KINDS: dict[str, tuple[str, ...]] = {
    "cancel_pending_order": ("cancel_order", "refund_full"),
    "return_delivered_order_items": ("return_items", "refund_full", *DAMAGE),
    "exchange_delivered_order_items": ("exchange_items", "change_items", *DAMAGE),
    "modify_pending_order_items": ("change_items", "exchange_items"),
    "modify_pending_order_address": ("change_address", "user_address"),
    "modify_user_address": ("user_address", "change_address"),
    "modify_pending_order_payment": ("change_payment", "payment_method"),
    "refund_order": ("refund_full", "refund_partial", "refund_duplicate"),
}
"""The requests that a write answers; the first one names its deed."""
ADDRESSES = ("modify_pending_order_address", "modify_user_address")
FIELDS = ("address1", "address2", "city", "state", "zip")
MORE = re.compile(
    r"\b(?:again|another|also|too|both|rest|remaining|remainder|second refund|as well|three times|thrice|each)\b", re.IGNORECASE
)
"""What asks for a refund beside one that was made."""
SHORT = {
    "st": "street", "ave": "avenue", "rd": "road", "ln": "lane", "dr": "drive", "ct": "court", "blvd": "boulevard",
    "pl": "place", "ter": "terrace", "sq": "square", "hwy": "highway", "pkwy": "parkway", "apartment": "apt",
    "ste": "suite", "saint": "street",
}  # fmt: skip
"""Words of addresses in one form; `st` is also the saint of a city."""


def allowed(view: View, call: Call) -> str | None:
    """Why the write may not be made yet, as a sentence for the model; None where the customer asked for it."""
    kinds = KINDS.get(call.tool)
    if kinds is None:
        return None
    if says_no(view) or not asked(view, call, kinds):
        return NOT_ASKED
    if call.tool in ADDRESSES and not theirs(view, call.arguments):
        return NOT_THEIR_ADDRESS
    if call.tool == "refund_order" and is_further(view, call):
        return ONCE
    return None


def asked(view: View, call: Call, kinds: tuple[str, ...]) -> bool:
    """Whether the words on the call's order ask for its deed, or answer a question about it."""
    if view.questions and (reason_answered(view) or facts_in(view.latest).addresses) and call.tool != "refund_order":
        return True
    words = words_on(view.text, str(call.arguments.get("order_id", "")))
    kind = "refund_duplicate" if call.arguments.get("kind") == "duplicate_charge" else kinds[0]
    if DAMAGE[0] in kinds and kind_of(view) in DAMAGE:
        kind = DAMAGE[0]
    if wanted(view, kind, words) == "asked":
        return spoken_of(view, words, kind, kinds)
    return wanted(view, kind_of(view), words) == "asked" if kind_of(view) in kinds else False


def spoken_of(view: View, words: str, kind: str, kinds: tuple[str, ...]) -> bool:
    """Whether the deed is named, agreed to, or what is asked for: words that say nothing of it ask for nothing."""
    text = in_plain(words)
    named = rf"\b(?:{DEEDS.get(kind, REFUND)})" + ("" if kind in DEEDS else f"|{TWICE}")
    also = {view.facts.get("agreed"), kind_of(view), request_in(words).kind}
    return bool(re.search(named, text)) or bool(also & {*kinds}) or wanted(view, kind, "") == "asked"


def theirs(view: View, arguments: Mapping[str, Any]) -> bool:
    """Whether an address stands in the customer's words, or in what was read of their account and orders."""
    wish = {name: plain(arguments.get(name, "")) for name in FIELDS}
    if any(all(plain(known.get(name, "")) == wish[name] for name in FIELDS) for known in recorded(view)):
        return True
    lines = [f" {plain(line)} " for line in view.text.splitlines()]
    states = {name for name, code in STATE_CODES.items() if code == str(arguments.get("state", "")).upper()} | {wish["state"]}
    return (
        any((f" {wish['address1']} " in line and f" {wish['zip']} " in line) or read_whole(view, wish) for line in lines)
        and all(any(f" {wish[name]} " in line or not wish[name] for line in lines) for name in ("address2", "city"))
        and any(f" {state} " in line for line in lines for state in states)
    )


def read_whole(view: View, wish: Mapping[str, str]) -> bool:
    """Whether the reading of the words finds the street and zip code together, as of an address over several lines."""
    return any(plain(a.address1) == wish["address1"] and a.zip == wish["zip"] for a in facts_of(view).addresses)


def recorded(view: View) -> Iterator[Mapping[str, Any]]:
    """The addresses that this agent has read."""
    for made in view.calls:
        if made.done and isinstance(made.result, Mapping) and isinstance(made.result.get("address"), Mapping):
            yield made.result["address"]


def plain(text: Any) -> str:
    """Small letters and digits, in one form."""
    return " ".join(SHORT.get(word, word) for word in re.findall(r"\w+", str(text).lower()))


def is_further(view: View, call: Call) -> bool:
    """Whether a refund of the order was made already and no further one is asked for.

    Of an order that is to be refunded without an amount, several parts are one refund; their sum is for the approval rules.
    """
    made = [c for c in view.calls if c.tool == call.tool and c.done and c.arguments["order_id"] == call.arguments["order_id"]]
    if not made or MORE.search(view.text):
        return False
    parts = all(kind == "partial" for kind in (call.arguments["kind"], *(one.arguments["kind"] for one in made)))
    return not parts or bool(facts_of(view).amounts) or kind_of(view) == "refund_partial"
