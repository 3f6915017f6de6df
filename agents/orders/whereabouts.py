"""Where an order is: on its way, late, delivered and not there, and what of its money came back."""

import re

from agents.orders.changes import Order
from agents.orders.outcome import Step, needs_human
from agents.orders.status import PENDING, allows, price, status_text
from switchboard.declare.moves import Say
from switchboard.declare.transcript import View

LOST = re.compile(r"\b(?:lost|trace|investigat\w+|search for it|find it|stolen)\b", re.IGNORECASE)
NOT_HERE = re.compile(
    r"(?:\b(?:not|never|nothing)\b|n['’]t\b)[^.!?\n]{0,20}\b(?:here|there|arrived?|come|came|received?|got|get|delivered)\b"
    r"|\b(?:stolen|missing)\b",
    re.IGNORECASE,
)
TRACED_AFTER = 4
"""Days of lateness which are always more than the two business days of late-or-lost-parcel.md."""


def report(view: View, order: Order, kind: str) -> Step:
    """Where an order is; a parcel that is called lost, or missing though delivered, is for a human."""
    asked_where = kind == "order_status" and NOT_HERE.search(view.text)
    if order["status"] == "delivered" and (kind == "late_parcel" or asked_where):
        return needs_human(
            f"order {order['order_id']} is recorded as delivered, the customer did not get it. {status_text(order)}"
        )
    if order["status"] == "processed" and (kind == "late_parcel" or order.get("days_late", 0)):
        return on_its_way(view, order)
    if kind == "refund_status":
        return Say(f"{refunds_so_far(order)} {status_text(order)}")
    return Say(status_text(order) + (f" {allows(order)}" if order["status"] in PENDING else ""))


def on_its_way(view: View, order: Order) -> Step:
    """Where a parcel is that should be there; past `TRACED_AFTER` the way to have the carrier look for it."""
    late, where = order.get("days_late", 0), status_text(order)
    if LOST.search(view.text):
        return needs_human(f"a trace for the parcel of order {order['order_id']}. {where}")
    sorry = "" if late else "I am sorry that you have to wait. "
    if late < TRACED_AFTER:
        return Say(
            f"{sorry}{where} Most late parcels arrive within two business days of the promised day. If yours does not, write "
            "to us again: a colleague then opens a trace with the carrier, who answers within 3 business days."
        )
    return Say(
        f"{where} That is longer than parcels take to catch up. Write “open a trace” here, and a colleague has the carrier "
        "look for it, who answers within 3 business days."
    )


def refunds_so_far(order: Order) -> str:
    """What was refunded of an order, and what of its payments is left."""
    lines = order.get("payment_history", [])
    sums = {kind: sum(p["amount"] for p in lines if p["transaction_type"] == kind) for kind in ("payment", "refund")}
    ordered = sum(p["amount"] for p in lines if p.get("state") == "requested")
    paid = round(sums["refund"] - ordered, 2)
    back = f"{price(paid)} of order {order['order_id']} was refunded" if paid else "Nothing was refunded"
    more = f"; a refund of {price(ordered)} is ordered and not confirmed yet" if ordered else ""
    taken = sum(p["amount"] for p in lines if p["transaction_type"] == "chargeback")
    bank = f"; your bank took {price(taken)} back, which a person looks at" if taken else ""
    return f"{back} so far{more}{bank}; {price(sums['payment'] - sums['refund'] - taken)} of what was paid is left."
