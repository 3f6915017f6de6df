"""Refunds: finds what is refundable and gives it back, to where it was paid from."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from agents.cases.accounts import other_account
from agents.cases.answers import misnumbered, no_order_number, not_found, once_more, says_no, wanted
from agents.cases.case import ask_which_order, facts_of, kind_of, orders_of
from agents.cases.chargebacks import bank_took_back, taken_back
from agents.cases.handover import asks_for_person, transfer, transferred
from agents.money.methods import SOURCES
from agents.money.refund_asked import allowed
from agents.orders.outcome import NOT_CONFIRMED, declined, not_approved
from agents.orders.status import price, source_of
from agents.orders.turns import turned_to
from agents.reasons import Reason
from agents.requests.deeds import TWICE
from agents.requests.reading import read
from agents.requests.requests import RequestKind
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, HandOff, Move, Say, Unsure, call
from switchboard.declare.transcript import CallResult, View
from tools.money import list_charges, refund_order
from tools.tickets import transfer_to_human_agents

PROMPT = """\
You give money back. Call list_charges first, always: it shows what was charged, what was refunded and what is still \
refundable. Then call refund_order once, with the amount, or the duplicate charge, that the records bear out, not \
the amount that was claimed. If nothing is refundable, or the order is delivered and the goods come back first, say \
so and hand back to billing, which passes on the return. What the customer's bank took back \
(a chargeback), other disputes, and more than the rules allow: hand_off to human, and pay nothing on top. A good answer \
says: refunded, how much, to which method, by when. Say "refunded" only \
after refund_order succeeded, and "ordered, not confirmed yet" where its refund_state is requested."""
TURNS_TO: tuple[RequestKind, ...] = ("cancel_order", "exchange_items", "change_items", "change_address")
"""What an answer to our question may ask for in place of a refund."""
MOST_ORDERS = 5
MOST_QUESTIONS = 2
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


def without_model(view: View) -> Move | Unsure:
    """Charges first, then the refund that they allow and the customer wants, then the answer; else a human."""
    said = transferred(view)
    if said:
        return said
    tried = [c for c in view.calls if c.tool == "refund_order"]
    made = [c for c in tried if c.done]
    if tried and tried[-1].operator_said_no:
        return refused(tried[-1], made)
    if tried and not tried[-1].done:
        return transfer(view, f"A refund was not possible: {tried[-1].text}")
    if handed := other_account(view, "billing"):
        return handed
    if asks_for_person(view):
        return transfer(view, "The customer asks for a person about a refund.")
    if not tried and (turned := turned_to(view, kind_of(view), TURNS_TO)):
        return turned
    if says_no(view) and not made:
        return Say("All right, I leave it as it is.")
    if bank_took_back(view.text) and not made:
        return transfer(
            view, "The customer says that their bank took a charge back. Compare that with the records; pay nothing before."
        )
    move = on_charges(view, made)
    if isinstance(move, Say) and move.asks and view.questions >= MOST_QUESTIONS:
        return transfer(view, f"Two questions did not settle a refund. Open: {move.text}")
    return once_more(view, move) if isinstance(move, Say) else move


def on_charges(view: View, made: Sequence[CallResult]) -> Move | Unsure:
    """The next move, once the charges of every order of the case are read."""
    wrong = misnumbered(view)
    orders = orders_of(view)[:MOST_ORDERS]
    if wrong and not read(view.latest).facts.order_ids:
        return no_order_number(wrong[0])
    if not orders:
        return ask_which_order(view)
    looked_at = {c.arguments["order_id"]: c for c in view.calls if c.tool == "list_charges"}
    missing = [Call("list_charges", {"order_id": order}) for order in orders if order not in looked_at]
    if missing:
        return Calls(tuple(missing))
    unknown = [order for order in orders if not looked_at[order].done]
    found = [looked_at[order].result for order in orders if looked_at[order].done]
    if not found or (unknown and not made):
        return not_found(unknown[0])
    return decided(view, found, made)


def decided(view: View, orders: Sequence[dict[str, Any]], made: Sequence[CallResult]) -> Move | Unsure:
    """The refund that the charges allow for what is asked."""
    paid = {c.arguments["order_id"] for c in made}
    disputed = [one["order_id"] for one in orders if "chargebacks" in one]
    if disputed and not made and kind_of(view) != "refund_status":
        return transfer(view, f"A bank took back money of {', '.join(disputed)}, and the customer wants some of it back.")
    if HOW_MUCH.search(view.text) and not made and wanted(view, "refund_full") != "asked":
        return Say("\n\n".join(refund_status(one, how_much=True) for one in orders))
    double = [(order, c) for order in orders for c in order["charges"] if "duplicate_of" in c and order["order_id"] not in paid]
    if double and not partly(view, double[0][1]["amount_cents"]):
        return on_duplicate(view, *double[0])
    if made:  # a model may see more in the words than the rules refund
        also = GOODS_TOO if kind_of(view) == "refund_full" and not re.search(TWICE, view.text, re.IGNORECASE) else ""
        done = Say("\n\n".join(told(c.result).text + elsewhere(view, c.result) for c in made) + also)
        return done if len(orders) == len(made) else Unsure(done)
    return on_order(view, orders)


def on_duplicate(view: View, order: dict[str, Any], charge: dict[str, Any]) -> Move:
    """A charge that was made twice: paid back where the customer complains or asks for it, else told and offered."""
    want = wanted(view, "refund_duplicate")
    if want == "asked":
        return pay(order, "duplicate_charge", charge["amount_cents"], "The same charge was made twice.")
    found = f"Order {order['order_id']} costs {order['total']} and was charged {charges_of(order)}: one of them was made twice."
    if want == "denied":
        return Say(f"All right, I refund nothing now. {found} Write that you want it back, and I refund {charge['amount']}.")
    given = f" {refund_status(order)}" if order.get("refunds") else " Nothing of it was sent back so far."
    return Say(f"{found}{given} Shall I refund the second one, {charge['amount']} to your {charge['method']}?", asks=True)


def on_order(view: View, orders: Sequence[dict[str, Any]]) -> Move:
    """No charge was made twice: what else the order allows."""
    order = orders[0]
    kind, number, status = kind_of(view), order["order_id"], order["status"]
    if kind == "refund_status" or order["refundable_cents"] == 0 or (kind == "refund_duplicate" and order.get("refunds")):
        return Say("\n\n".join(refund_status(one) for one in orders))
    part = partly(view, order["refundable_cents"])
    if kind == "refund_duplicate" and "overpaid" in order:
        return transfer(view, f"No charge of {number} was made twice, but {order['overpaid']} more was paid than it costs.")
    if kind == "refund_duplicate" and not part:
        return Say("\n\n".join(no_duplicate(one) for one in orders))
    want = wanted(view, "refund_full")
    if want == "denied":
        return Say(f"All right, I refund nothing. {number} is {status}, and {order['refundable']} of it is paid.")
    amounts = facts_of(view).amounts
    if kind == "refund_full" and not part:
        if status == "cancelled" and want == "asked":
            return pay(order, "full", order["refundable_cents"], "The order was cancelled.")
        if status == "cancelled":
            return Say(f"Order {number} is cancelled, and {order['refundable']} can be refunded. Shall I do it?", asks=True)
        if status in THEIRS:
            why, request = THEIRS[status]
            facts = {"kind": request, "order_ids": [number]}
            return HandOff("billing", f"{number}: {why}.", facts, reason=Reason.GOODS_FIRST)
        if status in UNDER_WAY:
            return Say(refund_status(order))
    asked = f" The customer asks for {amounts[0].cents / 100:.2f}." if amounts else ""
    return transfer(view, f"A refund on {number} needs a person's judgement.{asked} Refundable: {order['refundable']}.")


THEIRS = {
    "pending": ("the order was not sent yet, so cancelling it refunds all of it", "cancel_order"),
    "delivered": ("a refund comes with the return of the items", "return_items"),
}
"""What has to be done first, by the order's status, and is for those who look after orders."""
UNDER_WAY = ("return requested",)


def partly(view: View, cents: int) -> bool:
    """Whether only a part is asked for, or another amount than these cents."""
    if re.search(TWICE, view.text, re.IGNORECASE):
        return False
    amounts = [amount.cents for amount in facts_of(view).amounts]
    return cents not in amounts and (kind_of(view) == "refund_partial" or bool(amounts) or bool(PART.search(view.text)))


def pay(order: dict[str, Any], kind: str, cents: int, reason: str) -> Calls:
    return call("refund_order", order_id=order["order_id"], kind=kind, amount_cents=cents, reason=reason)


def told(refund: dict[str, Any]) -> Say:
    """The answer after a refund, from its row."""
    what = f"{'the duplicate charge on ' if refund['kind'] == 'duplicate_charge' else ''}order {refund['order_id']}"
    number = f"Your refund number is {refund['refund_id']}.{declined(refund)}"
    if "refund_state" in refund:
        ways = "; ".join(f"{way['amount']} to your {way['method']}" for way in refund["to"])
        return Say(f"I have ordered the refund of {what}: {ways}. {NOT_CONFIRMED} {number}")
    ways = "; ".join(f"{way['amount']} to your {way['method']}, {way['arrives']}" for way in refund["to"])
    return Say(f"I have refunded {what}: {ways}. {number}")


def refused(refund: CallResult, made: Sequence[CallResult]) -> Say:
    """The answer after an operator said no to a refund, with those of this matter that were made before."""
    order, cents = refund.arguments["order_id"], refund.arguments["amount_cents"]
    no = not_approved(refund, f"the refund of {price(cents / 100)} on order {order}", "nothing of it was sent back")
    return Say("\n\n".join([*(told(c.result).text for c in made), no.text]))


def elsewhere(view: View, refund: dict[str, Any]) -> str:
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


def charges_of(order: dict[str, Any]) -> str:
    return "; ".join(f"{c['amount']} by {c['method']}" + (f" on {c['on']}" if "on" in c else "") for c in order["charges"])


def no_duplicate(order: dict[str, Any]) -> str:
    return (
        f"I checked order {order['order_id']}: it was charged {charges_of(order)}, and the order costs {order['total']}. No "
        "charge was made twice, so there is nothing to refund. If your bank shows a second one, it is most likely a "
        "reservation, which disappears by itself within a few days."
    )


def refund_status(order: dict[str, Any], *, how_much: bool = False) -> str:
    """What was refunded of an order, and with `how_much` what still can be."""
    if how_much:
        goods = " A refund comes with the return of the items." if order["status"] == "delivered" else ""
        told_so_far = refund_status(order) if order.get("refunds") else ""
        left = f"Of order {order['order_id']} {order['refundable']} can still be refunded.{goods}"
        return f"{told_so_far} {left}".strip()
    if bank := taken_back(order):
        return " ".join(filter(None, [bank, refund_status({k: v for k, v in order.items() if k != "chargebacks"})]))
    refunds = order.get("refunds", [])
    if order["status"] == "return requested":
        return f"The return of order {order['order_id']} is under way; its refund follows when the items have come back."
    if not refunds:
        return f"There is no refund on order {order['order_id']} so far; {order['refundable']} of it is paid."
    paid = _refunds_listed(r for r in refunds if r.get("state") != "requested")
    ordered = _refunds_listed(r for r in refunds if r.get("state") == "requested")
    said = []
    if paid:
        said.append(
            f"Refunded on order {order['order_id']}: {paid}. It takes 5 to 7 business days to arrive; gift cards at once."
        )
    if ordered:
        said.append(f"Refund ordered on order {order['order_id']}: {ordered}. {NOT_CONFIRMED}")
    return " ".join(said)


def _refunds_listed(refunds: Iterable[dict[str, Any]]) -> str:
    return "; ".join(f"{r['amount']} to your {r['method']}" + (f" on {r['on']}" if "on" in r else "") for r in refunds)


agent = AgentSpec(
    name="refunds",
    description="Gives back duplicate charges and what else is refundable.",
    prompt=PROMPT,
    tools=(list_charges, refund_order, transfer_to_human_agents),
    model="strong",
    temperature=0.1,
    without_model=without_model,
    allows=allowed,
)
