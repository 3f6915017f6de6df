"""Which payment method a change of an order takes, and what customers hear where the shop refuses it."""

import re
from collections.abc import Mapping
from typing import Any

from agents.cases.answers import says_yes
from agents.cases.case import facts_of
from agents.money.methods import methods_named
from agents.orders.outcome import Step, needs_human
from agents.orders.status import METHODS, source_of
from switchboard.declare.moves import Call, Say
from switchboard.declare.transcript import View

Order = Mapping[str, Any]

OTHER_METHOD = re.compile(
    r"\b(?:to|on|onto|into|with)\b(?: \w+){0,2}? (?:other|another|different|new|second|wife['’]s|husband['’]s)(?: \w+){0,2}? "
    r"(?:card|account|paypal|visa|mastercard|amex)\b",
    re.IGNORECASE,
)
"""Another method than the one that paid, which is none that a return is refunded to."""


def where_back(original: str) -> str:
    """Where the money of a return can go, as a question; `original` is the id of the method that paid."""
    paid = METHODS[source_of(original)]
    closed = ", whose bank passes it on if it was closed" if paid == "credit card" else ""
    return (
        f"The money of a return can only go back to what paid for it, the {paid}{closed}, or to a gift card on your account. "
        "Which of them shall it be?"
    )


PAY_BY = re.compile(
    r"\b(?:to|on|onto|with|by|from|using|via|charge|use|as|through)\b(?: \w+){0,3}? (gift card|paypal|(?:credit )?card|visa|"
    r"mastercard|amex)\b",
    re.IGNORECASE,
)
BRANDS = ("visa", "mastercard", "amex")
PAID_BY = re.compile(r"\b(?:paid|bought|ordered)\b[^.;\n]{0,30}$", re.IGNORECASE)
ANSWER = 5
"""Words of an answer that is hardly more than a payment method."""


def paid_by(view: View, order: Order) -> str | Step:
    """The payment method for a refund or a difference: the one that the customer names, else the order's own."""
    original = str(order["payment_history"][0]["payment_method_id"])
    given = facts_of(view).payment_method_ids
    if given:
        return given[-1]
    wish = method_wished(view, view.text)
    is_other = bool(OTHER_CARD.search(view.text)) and wish in ("", "card", "credit card")
    own = source_of(original).replace("_", " ")
    if not is_other and (not wish or is_method(wish, original)):
        return original
    account = view.last("get_user_details")
    if account is None:
        return Call("get_user_details", {"user_id": view.customer_id})
    if not account.done:
        return needs_human(f"the payment methods could not be read: {account.text}")
    methods = methods_named(wish or "card", account.result.get("payment_methods", {}))
    methods = [method for method in methods if method != original] if is_other else methods
    if len(methods) == 1:
        return str(methods[0])
    if says_yes(view):
        return original
    there = "several methods of that kind" if methods else "no other card" if is_other else f"no {wish}"
    return Say(f"Your account has {there}. Shall I use the {own} that paid order {order['order_id']}?", asks=True)


OTHER_CARD = re.compile(
    r"\b(?:my|the|an?|with|use)? ?(?:other|another|different|second) (?:credit |debit |bank )?card\b", re.IGNORECASE
)
"""A card of the customer that is not the one that paid."""


def not_that_way(view: View, order: Order) -> str:
    """What is said where the newest words wish for the money of a cancelled order to go elsewhere; empty where they do not."""
    wish = method_wished(view, view.latest)
    ways = {source_of(str(p["payment_method_id"])).replace("_", " ") for p in order["payment_history"]}
    if not wish or any(wish in (own, "card" if own == "credit card" else own) for own in ways) or wish in BRANDS:
        return ""
    paid = " and ".join(f"the {METHODS[source_of(str(p['payment_method_id']))]}" for p in order["payment_history"][:1])
    return f"The money of a cancelled order can only go back the way it was paid, to {paid}, and not to a {wish}."


def method_wished(view: View, text: str) -> str:
    """The payment method that a text of the customer wishes for, in their own words; empty where it names none."""
    wishes = []
    for line in text.splitlines():
        paid = [m for m in PAY_BY.finditer(line) if not PAID_BY.search(line, max(0, m.start() - 60), m.start())]
        paid = paid or list(FOR_MONEY.finditer(line))
        short = METHOD.search(line) if view.questions and len(line.split()) <= ANSWER else None
        wishes += [m[1].lower() for m in paid] or ([short[0].lower()] if short else [])
    return wishes[-1] if wishes else ""


def is_method(wish: str, method_id: str) -> bool:
    """Whether a payment method is of the kind that a customer's word for it names."""
    own = source_of(method_id).replace("_", " ")
    return bool(wish) and wish in (own, "card" if own == "credit card" else own)


FOR_MONEY = re.compile(
    r"\b(gift card|paypal|(?:credit )?card|visa|mastercard|amex)(?: (?:card|account))? for (?:the|any|all|a)\b"
    r"[^.!?\n]{0,20}\b(?:difference|differences|refunds?|money|payments?|charges?|extra)\b",
    re.IGNORECASE,
)
"""A payment method with what it is for: "my visa card for any difference"."""
METHOD = re.compile(r"\b(?:gift card|paypal|credit card|visa|mastercard|amex|card)\b", re.IGNORECASE)
