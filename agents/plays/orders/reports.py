"""What is told of an order: where it is, whether it is late, or delivered and not there, and what of its money came back."""

import re

from agents.orders.outcome import needs_human
from agents.orders.status import PENDING, Order, price, status_text
from agents.plays.charges import is_missed as is_without_money
from agents.plays.orders.one_order import STATUS, but, order_of, person, say, telling
from agents.requests.reading import read
from switchboard.declare.moves import Move, Say
from switchboard.declare.play import Condition, Found, Play
from switchboard.declare.transcript import View

LOST = re.compile(r"\b(?:lost|trace|investigat\w+|search for it|find it|stolen)\b", re.IGNORECASE)
NOT_HERE = re.compile(
    r"(?:\b(?:not|never|nothing)\b|n['’]t\b)[^.!?\n]{0,20}\b(?:here|there|arrived?|come|came|received?|got|get|delivered)\b"
    r"|\b(?:stolen|missing)\b",
    re.IGNORECASE,
)
TRACED_AFTER = 4
"""Days of lateness which are always more than the two business days of late-or-lost-parcel.md."""
WAIT = (
    "Most late parcels arrive within two business days of the promised day. If yours does not, write to us again: a colleague "
    "then opens a trace with the carrier, who answers within 3 business days."
)
TRACE = (
    "That is longer than parcels take to catch up. Write “open a trace” here, and a colleague has the carrier look for it, who "
    "answers within 3 business days."
)


def on_its_way(view: View, found: Found) -> Move:
    """Where a parcel is that should be there; past `TRACED_AFTER` the way to have the carrier look for it."""
    order = order_of(found)
    late, where = order.get("days_late", 0), status_text(order)
    if LOST.search(view.text):
        return needs_human(f"a trace for the parcel of order {order['order_id']}. {where}")
    sorry = "" if late else "I am sorry that you have to wait. "
    return Say(f"{sorry}{where} {wait_or_trace(order)}")


def wait_or_trace(order: Order) -> str:
    return WAIT if order.get("days_late", 0) < TRACED_AFTER else TRACE


def is_missed(view: View, found: Found) -> bool:
    return order_of(found)["status"] == "delivered" and bool(NOT_HERE.search(view.text))


def is_late(_: View, found: Found) -> bool:
    order = order_of(found)
    return order["status"] == "processed" and bool(order.get("days_late"))


def seen(view: View, found: Found) -> Say:
    return say("{recorded} {allows}" if order_of(found)["status"] in PENDING else "{recorded}")(view, found)


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


def refunds(_: View, found: Found) -> str:
    return f"{refunds_so_far(order_of(found))} {status_text(order_of(found))}"


def what_to_do(view: View, found: Found) -> Say:
    if view.questions and read(view.latest).request.kind == "thanks":
        return Say("You are welcome. I have changed nothing. Write again whenever you need us.")
    return say("{recorded} {allows} What would you like me to do?", asks=True)(view, found)


def no_money(view: View, found: Found) -> bool:
    return is_without_money(view.text, order_of(found).get("payment_history", []))


IS_PAID_BACK = Condition(
    no_money,
    (False,),
    person(
        "the refund of order {order} should be there by now, and the customer has not got it: have it looked for. {recorded}"
    ),
)
NOT_RECEIVED = person("order {order} is recorded as delivered, the customer did not get it. {recorded}")
IN_TIME = Condition(is_late, (False,), on_its_way)
where = Play(
    "order_status",
    "The customer asks where an order is.",
    process=telling(seen, Condition(is_missed, (False,), NOT_RECEIVED), IS_PAID_BACK, IN_TIME),
)
late = Play(
    "late_parcel",
    "The customer waits for an order.",
    process=telling(
        seen, IS_PAID_BACK, Condition(STATUS, but("delivered"), NOT_RECEIVED), Condition(STATUS, but("processed"), on_its_way)
    ),
)
money_back = Play(
    "refund_status",
    "The customer asks for a refund on an order.",
    process=telling(refunds, IS_PAID_BACK, IN_TIME),
)
complaint = Play(
    "complaint",
    "The customer complains about an order.",
    process=telling(person("a complaint about order {order}. {recorded}")),
)
unclear = Play(
    "unclear",
    "The customer writes about an order.",
    process=telling(what_to_do),
)
