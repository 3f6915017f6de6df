"""Parts of the plays on refunds: what the rows say is owed, what must be so first, the refund itself, and how it is told."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from agents.cases.answers import not_found, wanted
from agents.cases.case import facts_of, kind_of, orders_of
from agents.cases.handover import transfer
from agents.money.methods import SOURCES
from agents.orders.outcome import NOT_CONFIRMED, declined, not_approved
from agents.orders.status import price, source_of
from agents.plays.charges import CHARGES, MOST_ORDERS, OF_ORDERS, Order, not_there, refund_status
from agents.requests.deeds import TWICE
from switchboard.declare.moves import Move, Say, Unsure
from switchboard.declare.play import Condition, Found, Process, Slot, Step
from switchboard.declare.transcript import CallResult, View
from tools.money import refund_order

REFUND = Step(refund_order.name, {name: f"due.{name}" for name in ("order_id", "kind", "amount_cents", "reason")}, each="due")
PART = re.compile(
    r"\b(?:half|part|parts|partly|partial(?:ly)?|percent|some (?:of|money)|discount\w*|reduction|compensat\w*|scratch\w*|"
    r"damaged?|dent\w*|difference)\b|\d\s?%",
    re.IGNORECASE,
)
"""Words for less than all of it: how much, a person decides."""
HOW_MUCH = re.compile(
    r"\bhow much\b|\b(?:could|can|may) (?:i |it )?(?:still )?be refunded\b|\bwhat (?:is|['’]s) (?:still )?refundable\b",
    re.IGNORECASE,
)
OTHER_WAY = re.compile(
    r"\b(?:to|on|onto|into|via)(?: \w+){0,3}? (gift card|pay ?pal|bank account|(?:credit |debit )?card|visa|mastercard|amex)\b",
    re.IGNORECASE,
)
CARD_BRANDS = ("visa", "mastercard", "amex")
GOODS_TOO = (
    "\n\nThat was a charge that was made twice. For the items themselves a refund comes with their return: write which of them "
    "you would like to send back."
)


def refunds_made(view: View) -> list[CallResult]:
    return [c for c in view.calls if c.tool == REFUND.tool and c.done]


def charged_twice(view: View) -> list[tuple[Order, dict[str, Any]]]:
    """The charges that were made twice and are not paid back yet, each with its order; none where a part alone is asked for."""
    paid = {c.arguments["order_id"] for c in refunds_made(view)}
    looked = {c.arguments["order_id"]: c.result for c in view.calls if c.tool == CHARGES.tool and c.done}
    orders = [looked[order] for order in orders_of(view)[:MOST_ORDERS] if order in looked and order not in paid]
    double = [(order, charge) for order in orders for charge in order["charges"] if "duplicate_of" in charge]
    return [] if double and is_part(view, double[0][1]["amount_cents"]) else double


def is_part(view: View, cents: int) -> bool:
    """Whether only a part is asked for, or another amount than these cents."""
    if re.search(TWICE, view.text, re.IGNORECASE):
        return False
    amounts = [amount.cents for amount in facts_of(view).amounts]
    return cents not in amounts and (kind_of(view) == "refund_partial" or bool(amounts) or bool(PART.search(view.text)))


def refund_of(order: Order, kind: str, cents: int, reason: str) -> dict[str, Any]:
    """What `due` holds, for `REFUND`."""
    return {"order_id": order["order_id"], "kind": kind, "amount_cents": cents, "reason": reason}


def first(found: Found) -> Order:
    order: Order = found[CHARGES.tool][0]
    return order


def statuses(_: View, found: Found) -> str:
    return "\n\n".join(map(refund_status, found[CHARGES.tool]))


def what_is_left(_: View, found: Found) -> str:
    """What was refunded, and what still can be."""
    return "\n\n".join(map(_left, found[CHARGES.tool]))


def _left(order: Order) -> str:
    goods = " A refund comes with the return of the items." if order["status"] == "delivered" else ""
    so_far = refund_status(order) if order.get("refunds") else ""
    return f"{so_far} Of order {order['order_id']} {order['refundable']} can still be refunded.{goods}".strip()


def to_a_person(view: View, found: Found) -> Move:
    order, amounts = first(found), facts_of(view).amounts
    asked = f" The customer asks for {price(amounts[0].cents / 100)}." if amounts else ""
    why = f"A refund on {order['order_id']} needs a person's judgement.{asked} Refundable: {order['refundable']}."
    return transfer(view, why)


def refunds_nothing(_: View, found: Found) -> str:
    order = first(found)
    return f"All right, I refund nothing. {order['order_id']} is {order['status']}, and {order['refundable']} of it is paid."


def disputed(view: View, found: Found) -> str:
    return ", ".join(o["order_id"] for o in found[CHARGES.tool] if "chargebacks" in o and kind_of(view) != "refund_status")


KNOWN = (
    Condition(lambda _, found: bool(not_there(found)), (False,), lambda _, found: not_found(not_there(found)[0])),
    Condition(
        disputed,
        ("",),
        lambda view, found: transfer(
            view, f"A bank took back money of {disputed(view, found)}, and the customer wants some of it back."
        ),
    ),
    Condition(
        lambda view, _: bool(HOW_MUCH.search(view.text)) and wanted(view, "refund_full") != "asked", (False,), what_is_left
    ),
)
"""What comes before every refund: which order it is, no bank that took it back, and whether it is only asked how much."""
SOMETHING_LEFT = Condition(lambda _, found: first(found)["refundable_cents"] > 0, (True,), statuses)
NOT_DENIED = Condition(lambda view, _: wanted(view, "refund_full") == "denied", (False,), refunds_nothing)


def told(view: View, found: Found) -> Move | Unsure:
    """The refunds that were made. A model may see more in the words than the rules refund."""
    made = [c.result for c in refunds_made(view)]
    also = GOODS_TOO if kind_of(view) == "refund_full" and not re.search(TWICE, view.text, re.IGNORECASE) else ""
    done = Say("\n\n".join(refunded(one) + elsewhere(view, one) for one in made) + also)
    return done if len(found[CHARGES.tool]) == len(made) else Unsure(done)


def refunded(refund: Mapping[str, Any]) -> str:
    """The answer after a refund, from its row."""
    what = f"{'the duplicate charge on ' if refund['kind'] == 'duplicate_charge' else ''}order {refund['order_id']}"
    number = f"Your refund number is {refund['refund_id']}.{declined(refund)}"
    if "refund_state" in refund:
        ways = "; ".join(f"{way['amount']} to your {way['method']}" for way in refund["to"])
        return f"I have ordered the refund of {what}: {ways}. {NOT_CONFIRMED} {number}"
    ways = "; ".join(f"{way['amount']} to your {way['method']}, {way['arrives']}" for way in refund["to"])
    return f"I have refunded {what}: {ways}. {number}"


def elsewhere(view: View, refund: Mapping[str, Any]) -> str:
    """A sentence for who wants the money by another way than they paid."""
    wish = (OTHER_WAY.findall(view.text) or [""])[-1]
    if not wish or source_named(wish) in {source_of(way["method_id"]) for way in refund["to"]}:
        return ""
    return f" A refund always goes to the method that paid, so I could not send it to your {wish}."


def source_named(wish: str) -> str:
    """gift_card, paypal or credit_card, as payment method ids begin; empty for a way of paying that is none of ours."""
    if wish.lower() in CARD_BRANDS:
        return "credit_card"
    return next((source for source, words in SOURCES.items() if words.search(wish)), "")


def said_no(view: View, _: Found) -> str:
    """The answer after an operator said no to a refund, with those of this matter that were made before."""
    no = [c for c in view.calls if c.tool == REFUND.tool][-1]
    what = f"the refund of {price(no.arguments['amount_cents'] / 100)} on order {no.arguments['order_id']}"
    made = [refunded(c.result) for c in refunds_made(view)]
    return "\n\n".join([*made, not_approved(no.data, what, "nothing of it was sent back").text])


def paying(due: Callable[[View, Found], list[dict[str, object]]], *conditions: Condition) -> Process:
    """The process that pays what is `due`, by `refund_of`, once these conditions hold: they say whether that is asked for."""
    return replace(
        OF_ORDERS,
        slots=(*OF_ORDERS.slots, Slot("due", find=due)),
        conditions=(*KNOWN, *conditions),
        does=REFUND,
        deeds=lambda _: "asked",
        refused={"not_approved": said_no},
        told=told,
    )
