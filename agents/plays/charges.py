"""Parts of the plays on money: which orders a matter is about, and what was charged and sent back on them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from agents.cases.answers import misnumbered, no_order_number
from agents.cases.case import ask_which_order, orders_of
from agents.cases.chargebacks import taken_back
from agents.orders.outcome import NOT_CONFIRMED
from agents.orders.status import there_by
from agents.requests.reading import read
from switchboard.declare.moves import Move
from switchboard.declare.play import Found, Process, Slot, Step
from switchboard.declare.transcript import View
from switchboard.reading.left_alone import LOOKED_AT

Order = dict[str, Any]
"""What list_charges found of an order."""
MOST_ORDERS = 5


def orders_named(view: View, _: Found) -> tuple[str, ...] | Move:
    """The orders of the case, or the question for one."""
    wrong = misnumbered(view)
    if wrong and not read(view.latest).facts.order_ids:
        return no_order_number(wrong[0])
    return orders_of(view)[:MOST_ORDERS] or ask_which_order(view)


ORDERS = Slot("orders", find=orders_named)
CHARGES = Step("list_charges", {"order_id": "orders"}, each="orders")
OF_ORDERS = Process(told="", slots=(ORDERS,), reads=(CHARGES,), most_questions=2)
"""How each play on charges begins; what it allows, does and tells takes its place in it."""


def not_there(found: Found) -> list[str]:
    """Those of the orders of which no charges were found."""
    there = [order["order_id"] for order in found[CHARGES.tool]]
    return [order for order in found[ORDERS.name] if order not in there]


def charges_of(order: Order) -> list[str]:
    return [f"{c['amount']} by {c['method']}" + (f" on {c['on']}" if "on" in c else "") for c in order["charges"]]


def in_parts(order: Order) -> str:
    """That a price was paid in several charges, which are no double one; empty where it was not."""
    charges = order["charges"]
    paid = sum(charge["amount_cents"] for charge in charges)
    return f", paid in {len(charges)} parts" if len(charges) > 1 and paid == order["total_cents"] else ""


def charged(order: Order) -> str:
    """The charges and refunds of an order, a line each."""
    lines = [f"- {charge}" for charge in charges_of(order)]
    for r in order.get("refunds", []):
        what = "refund ordered, not confirmed yet" if r.get("state") == "requested" else "refunded"
        lines.append(f"- {what}: {r['amount']} to {r['method']}")
    lines += [f"- taken back by your bank: {c['amount']} from {c['method']}" for c in order.get("chargebacks", [])]
    off = f", after {order['discount']} of discounts," if "discount" in order else ""
    costs = f"Order {order['order_id']} costs {order['total']}{off}{in_parts(order)} and is {order['status']}."
    return f"{costs} Charged were:\n" + "\n".join(lines)


MISSED = re.compile(
    r"(?:\b(?:not|never|nothing|no)\b|n['’]t\b)[^.!?\n]{0,30}\b(?:here|there|arrived?|come|came|received?|got|get|seen?|show\w*|refund|money)\b"
    r"|\bstill (?:waiting|wait|missing|no)\b",
    re.IGNORECASE,
)
"""Where money is said not to be there."""


def is_missed(text: str, refunds: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a refund that should be there by now is said not to be."""
    return bool(MISSED.search(text[:LOOKED_AT])) and any("is_due" in refund for refund in refunds)


def refund_status(order: Order) -> str:
    """What was refunded of an order."""
    if bank := taken_back(order):
        return " ".join([bank, refund_status({k: v for k, v in order.items() if k != "chargebacks"})])
    number = order["order_id"]
    if order["status"] == "return requested":
        return f"The return of order {number} is under way; its refund follows when the items have come back."
    refunds = order.get("refunds", [])
    if not refunds:
        return f"There is no refund on order {number} so far; {order['refundable']} of it is paid."
    made = [r for r in refunds if r.get("state") != "requested"]
    paid = _listed(made)
    ordered = _listed(r for r in refunds if r.get("state") == "requested")
    said = [f"Refunded on order {number}: {paid}.{there_by(made)}"] if paid else []
    said += [f"Refund ordered on order {number}: {ordered}. {NOT_CONFIRMED}"] if ordered else []
    return " ".join(said)


def _listed(refunds: Iterable[dict[str, Any]]) -> str:
    return "; ".join(f"{r['amount']} to your {r['method']}" + (f" on {r['on']}" if "on" in r else "") for r in refunds)
