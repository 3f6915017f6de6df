"""All that was paid for an order: paid back once it is cancelled; before that its goods, or its cancellation, come first."""

from agents.cases.answers import wanted
from agents.plays.charges import refund_status
from agents.plays.refunds.paying_back import (
    NOT_DENIED,
    SOMETHING_LEFT,
    first,
    is_part,
    paying,
    refund_of,
    to_a_person,
)
from agents.reasons import Reason
from switchboard.declare.moves import HandOff, Move, Say
from switchboard.declare.play import Condition, Found, Play
from switchboard.declare.transcript import View

THEIRS = {
    "pending": ("the order was not sent yet, so cancelling it refunds all of it", "cancel_order"),
    "delivered": ("a refund comes with the return of the items", "return_items"),
}
"""What has to be done first, by the order's status, and is for those who look after orders."""
UNDER_WAY = ("return requested",)


def goods_first(view: View, found: Found) -> Move:
    order = first(found)
    number, status = order["order_id"], order["status"]
    if status in THEIRS:
        why, kind = THEIRS[status]
        return HandOff("billing", f"{number}: {why}.", {"kind": kind, "order_ids": [number]}, reason=Reason.GOODS_FIRST)
    return Say(refund_status(order)) if status in UNDER_WAY else to_a_person(view, found)


def offered(_: View, found: Found) -> Say:
    order = first(found)
    can = f"Order {order['order_id']} is cancelled, and {order['refundable']} can be refunded."
    return Say(f"{can} Shall I do it?", asks=True)


def due(_: View, found: Found) -> list[dict[str, object]]:
    order = first(found)
    return [refund_of(order, "full", order["refundable_cents"], "The order was cancelled.")]


play = Play(
    name="full",
    about="A refund was not possible.",
    process=paying(
        due,
        SOMETHING_LEFT,
        NOT_DENIED,
        Condition(lambda view, found: is_part(view, first(found)["refundable_cents"]), (False,), to_a_person),
        Condition(lambda _, found: first(found)["status"], ("cancelled",), goods_first),
        Condition(lambda view, _: wanted(view, "refund_full"), ("asked",), offered),
    ),
)
