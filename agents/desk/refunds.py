"""Refunds: finds what is refundable and gives it back, to where it was paid from."""

from collections.abc import Sequence
from typing import Any

from agents.reading.case import ask_which_order, facts_of, kind_of, orders_of, transfer, transferred
from runtime.agent import AgentSpec
from runtime.moves import Call, Calls, Move, Say, Unsure, call
from runtime.transcript import View
from tools.money import list_charges, refund_order
from tools.tickets import transfer_to_human_agents

PROMPT = """\
You give money back. Call list_charges first, always: it shows what was charged, what was refunded and what is still \
refundable. Then call refund_order once, with the amount, or the duplicate charge, that the records bear out, not \
the amount that was claimed. If nothing is refundable, or the order is delivered and the goods come back first, say \
so and hand back to billing, which passes on the return. Disputes, and more than the rules allow: \
hand_off to human. A good answer says: refunded, how much, to which method, by when. Say "refunded" only \
after refund_order succeeded."""
MOST_ORDERS = 5


def without_model(view: View) -> Move | Unsure:
    """Charges first, then the refund that they allow, then the answer; a human where the rules do not reach."""
    said = transferred(view)
    if said:
        return said
    refund = view.last("refund_order")
    if refund:
        if refund.done:  # of several orders the rules refund one; a model may see more in the words
            return told(refund.result) if len(orders_of(view)) == 1 else Unsure(told(refund.result))
        return transfer(view, f"A refund was not possible: {refund.text}")
    orders = orders_of(view)[:MOST_ORDERS]
    if not orders:
        return ask_which_order(view)
    looked_at = {c.arguments["order_id"]: c for c in view.calls if c.tool == "list_charges"}
    missing = [Call("list_charges", {"order_id": order}) for order in orders if order not in looked_at]
    if missing:
        return Calls(tuple(missing))
    found = [looked_at[order] for order in orders if looked_at[order].done]
    if not found:
        return Say(f"I cannot find order {orders[0]} on your account. Please check the number and send it again.", asks=True)
    return decided(view, [c.result for c in found])


def decided(view: View, orders: Sequence[dict[str, Any]]) -> Move:
    """The refund that the charges allow for what is asked."""
    for order in orders:
        for charge in order["charges"]:
            if "duplicate_of" in charge and kind_of(view) in (
                "refund_duplicate",
                "refund_full",
                "explain_charge",
                "unknown",
            ):
                return pay(order, "duplicate_charge", charge["amount_cents"], "The same charge was made twice.")
    order = orders[0]
    match kind_of(view):
        case "refund_status":
            return Say(refund_status(order))
        case "refund_duplicate":
            return Say(no_duplicate(order))
        case "refund_full" if order["refundable_cents"] == 0:
            return Say(refund_status(order))
        case "refund_full" if order["status"] == "cancelled":
            return pay(order, "full", order["refundable_cents"], "The order was cancelled.")
        case "refund_full" if order["status"] in STEPS_BEFORE:
            return Say(f"Order {order['order_id']} is {order['status']}. {STEPS_BEFORE[order['status']]}", asks=True)
    amounts = facts_of(view).amounts
    asked = f" The customer asks for {amounts[0].cents / 100:.2f}." if amounts else ""
    return transfer(
        view, f"A refund on {order['order_id']} needs a person's judgement.{asked} Refundable: {order['refundable']}."
    )


STEPS_BEFORE = {
    "pending": "It has not been sent yet, so I can cancel it, which refunds all of it. Is it no longer needed, or was it "
    "ordered by mistake?",
    "delivered": "A refund comes with the return of the items. Which of them would you like to send back?",
}


def pay(order: dict[str, Any], kind: str, cents: int, reason: str) -> Calls:
    return call("refund_order", order_id=order["order_id"], kind=kind, amount_cents=cents, reason=reason)


def told(refund: dict[str, Any]) -> Say:
    """The answer after a refund, from its row."""
    ways = "; ".join(f"{way['amount']} to your {way['method']}, {way['arrives']}" for way in refund["to"])
    what = "the duplicate charge on" if refund["kind"] == "duplicate_charge" else ""
    return Say(
        f"I have refunded {' '.join(p for p in (what, 'order', refund['order_id']) if p)}: {ways}. "
        f"Your refund number is {refund['refund_id']}."
    )


def no_duplicate(order: dict[str, Any]) -> str:
    lines = "; ".join(f"{c['amount']} by {c['method']}" + (f" on {c['on']}" if "on" in c else "") for c in order["charges"])
    return (
        f"I checked order {order['order_id']}: it was charged {lines}, and the order costs {order['total']}. No charge was "
        "made twice, so there is nothing to refund. If your bank shows a second one, it is most likely a reservation, "
        "which disappears by itself within a few days."
    )


def refund_status(order: dict[str, Any]) -> str:
    refunds = order.get("refunds", [])
    if order["status"] == "return requested":
        return f"The return of order {order['order_id']} is under way; its refund follows when the items have come back."
    if not refunds:
        return f"There is no refund on order {order['order_id']} so far; {order['refundable']} of it is paid."
    lines = "; ".join(f"{r['amount']} to your {r['method']}" + (f" on {r['on']}" if "on" in r else "") for r in refunds)
    return f"Refunded on order {order['order_id']}: {lines}. It takes 5 to 7 business days to arrive; gift cards at once."


agent = AgentSpec(
    name="refunds",
    description="Gives back duplicate charges and what else is refundable.",
    prompt=PROMPT,
    tools=(list_charges, refund_order, transfer_to_human_agents),
    model="strong",
    temperature=0.1,
    without_model=without_model,
)
