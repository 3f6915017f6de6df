"""What came of a change, told from its result."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agents.orders.status import CALLED, items_listed, listed, parcels
from agents.orders.which_orders import orders_read
from agents.products.left_out import beside, missing
from agents.reasons import Reason
from switchboard.declare.moves import Call, Calls, HandOff, Move, Say
from switchboard.declare.transcript import View
from switchboard.plays.read_back import no_answer
from switchboard.reading.left_alone import LOOKED_AT
from tools.catalog import get_product_details

Step = Call | Say | HandOff
"""What becomes of one order: the next call on it, what is told, or a person."""
READS = ("get_order_details", "get_user_details", "get_product_details", "list_charges", "quote_refund", "search_articles")


def needs_human(why: str) -> HandOff:
    return HandOff("triage", why, reason=Reason.NEEDS_HUMAN)


def changed(view: View) -> bool:
    """Whether a call of this matter changed something."""
    return any(c.done and c.tool not in READS for c in view.calls)


def with_the_left_out(view: View, move: Move) -> Move:
    """The move, whose read-back is told with what the customer named and no call takes: items of theirs, and of nobody."""
    calls = [c for c in move.calls if c.tool in CALLED] if isinstance(move, Calls) else []
    of_items = [c for c in calls if "item_ids" in c.arguments]
    said = [waits(view, calls), left_out(view, of_items) if of_items else ""] if calls else []
    if not isinstance(move, Calls) or not any(said):
        return move
    telling = "\n\n".join(part for part in (calls[0].telling, *said) if part)
    return Calls(tuple(replace(c, telling=telling) if c is calls[0] else c for c in move.calls))


TRACKING = re.compile(r"\btracking\b|\btrack (?:it|my|the|this)\b", re.IGNORECASE)


def with_tracking(view: View, order: Mapping[str, Any], move: Move) -> Move:
    """The move, behind the parcels of the order, where the newest words ask for them beside something else."""
    if not TRACKING.search(view.latest[:LOOKED_AT]):
        return move
    sent = parcels(order).removeprefix("tracking number ") or "nothing was sent yet"
    told = f"Tracking of order {order['order_id']}: {sent}."
    match move:
        case Say(text) if sent not in text:
            return replace(move, text=f"{told}\n\n{text}")
        case Calls(calls):
            before = {"": told, no_answer(view): told}
            told_with = [replace(c, telling=before.get(c.telling, f"{told}\n\n{c.telling}")) for c in calls]
            return Calls(tuple(new if c.tool in CALLED else c for c, new in zip(calls, told_with, strict=True)))
    return move


def waits(view: View, calls: Sequence[Call]) -> str:
    """What is said of a call that was read back and is replaced by one of another kind, without a yes or a no to it."""
    settled = {(c.tool, c.arguments["order_id"]) for c in calls}
    settled |= {(c.tool, c.arguments["order_id"]) for c in view.calls if c.tool in CALLED}
    left = [c for c in view.unconfirmed if c.tool in CALLED and (c.tool, c.arguments["order_id"]) not in settled]
    names = dict.fromkeys(CALLED[c.tool].format(c.arguments["order_id"]) for c in left)
    return f"Not done, and not part of this: {' and '.join(names)}." if names else ""


def left_out(view: View, calls: Sequence[Call]) -> str:
    """What is said of all that was named and is in none of these calls, nor in one that was done; empty where nothing is."""
    orders = orders_read(view)
    every = [item for order in orders for item in order["items"]]
    made = [c.arguments for c in view.calls if c.done and "item_ids" in c.arguments]
    ids = {(given["order_id"], i) for given in (*(c.arguments for c in calls), *made) for i in given["item_ids"]}
    taken = [item for order in orders for item in order["items"] if (order["order_id"], item["item_id"]) in ids]
    rest, nowhere = beside(view.text, every, taken), missing(view.text, every)
    others = [
        f"{items_listed(own)} of order {order['order_id']}"
        for order in orders
        if (own := [item for item in order["items"] if item in rest])
    ]
    where = f"order {orders[0]['order_id']}" if len(orders) == 1 else "your orders"
    told = [f"Not part of this: {'; '.join(others)}. Please write to me about that afterwards."] if others else []
    return " ".join([*told, *([f"I find no {' and no '.join(nowhere)} in {where}."] if nowhere else [])])


NEXT = "An e-mail tells you how and where to send the items back"


def sent_back(result: Mapping[str, Any]) -> str:
    """Sentences on the money that a change sends back, each after a space: what is paid, only ordered, and declined."""
    said = ""
    if result.get("refunds"):
        back = listed(result["refunds"])
        said = f" The refund is ordered: {back}. {NOT_CONFIRMED}" if "refund_state" in result else f" You get back {back}."
    return said + declined(result)


NOT_CONFIRMED = "The payment provider has not confirmed it yet; it is asked again until it does."


def declined(result: Mapping[str, Any]) -> str:
    """A sentence on what the payment provider did not send back, which a human looks at."""
    if "refund_declined" not in result:
        return ""
    return (
        f" The payment provider declined to send back {listed(result['refund_declined'])}, so that was not paid. A colleague "
        f"finds another way and writes to you; the ticket is {listed(result['tickets'])}."
    )


ENDS = (".", "!", "?", "…")


def not_approved(refusal: Mapping[str, Any], what: str, instead: str) -> Say:
    """The answer where an operator looked at a call and said no: `what` was asked of them, and how things stand `instead`."""
    said = str(refusal.get("why", "")).strip()
    why = f" The reason: “{said if said.endswith(ENDS) else f'{said}.'}”" if said else ""
    return Say(
        f"A colleague looked at {what} and did not approve it.{why} So {instead}. If you would like to speak with a person "
        "about it, just write so."
    )


def product(view: View, product_id: str) -> Mapping[str, Any] | None:
    """The variants of a product, where they were read; empty where that failed."""
    for call in view.calls:
        if call.tool == get_product_details.name and call.arguments.get("product_id") == product_id:
            variants: Mapping[str, Any] = call.result["variants"] if call.done else {}
            return variants
    return None


def details(view: View, order_id: str) -> Mapping[str, Any]:
    """The order as it was read before the change."""
    found = [c for c in view.calls if c.tool == "get_order_details" and c.done and c.arguments["order_id"] == order_id]
    order: Mapping[str, Any] = found[0].result
    return order
