"""Orders: where they are, and changing, cancelling, returning and exchanging them."""

from collections.abc import Sequence

from agents.reading.answers import ALL_ORDERS, HOW_TO, IN_GENERAL, asked_for, orders_meant, says_yes
from agents.reading.case import NEEDS_HUMAN, facts_of, kind_of
from agents.reading.changes import (
    READS,
    Order,
    Step,
    cancel,
    needs_human,
    nothing,
    readdress,
    reason_answered,
    report,
    send_back,
)
from agents.reading.extraction import facts_in
from agents.reading.outcome import details
from agents.reading.requests import RequestKind
from agents.reading.status import ALLOWS, orders_listed, status_text
from agents.reading.swaps import mend, swap
from runtime.agent import AgentSpec
from runtime.moves import Call, Calls, HandOff, Move, Say, call
from runtime.transcript import View
from tools.accounts import get_user_details
from tools.catalog import get_product_details
from tools.orders import (
    cancel_pending_order,
    get_order_details,
    modify_pending_order_address,
    modify_pending_order_items,
)
from tools.returns import exchange_delivered_order_items, return_delivered_order_items

PROMPT = """\
You look after orders until they are settled. Read get_order_details first; its status decides. Pending: \
cancel_pending_order, modify_pending_order_items, modify_pending_order_address. Delivered: return_delivered_order_items, \
exchange_delivered_order_items. get_product_details shows available options, get_user_details payment methods. Collect all \
items and name the price before you change any. Late parcel: tell what is recorded, guess no date. To triage: refunds \
without a return, payment changes, and what needs a person (begin the note with "needs a human"). Answer with order, items, \
money and next step."""
MOST_ORDERS = 5
MOST_LOOKED_AT = 6
"""So many orders are read when the customer named none: a look-up, not a search through an account."""
MOST_QUESTIONS = 3
"""Which item, which option, and yes to its price; what is open then is for a human."""
OPEN = ("pending", "pending (item modified)", "processed")
FITTING: dict[str, tuple[str, ...]] = {
    "cancel_order": ("pending",),
    "change_address": ("pending", "pending (item modified)"),
    "change_items": ("pending",),
    "exchange_items": ("delivered",),
    "return_items": ("delivered",),
    "damaged": ("delivered",),
    "order_status": OPEN,
    "late_parcel": ("processed",),
}
"""The statuses that an order has which such a request is about."""
OURS: tuple[RequestKind, ...] = (
    "cancel_order", "change_address", "change_items", "exchange_items", "return_items", "refund_full", "damaged",
    "order_status", "late_parcel", "refund_status", "complaint",
)  # fmt: skip
BILLING = ("change_payment", "payment_method", "refund_duplicate", "refund_partial", "explain_charge", "invoice")


def without_model(view: View) -> Move:
    """Find the order, read it, do what is asked as far as its status allows, and say so."""
    if not view.customer_id:
        return HandOff("triage", "The customer is not verified yet, and the matter is about an order.")
    if kind_of(view) == "human":
        return needs_human("the customer asks for a person.")
    if kind_of(view) in BILLING:
        return HandOff("triage", f"This is about {kind_of(view).replace('_', ' ')}, not about the order itself.")
    left = nothing(view)
    if left:
        return left
    kind = asked_for(view, OURS)
    named = order_ids(view)[:MOST_ORDERS]
    if not named and kind not in ("order_status", "late_parcel") and IN_GENERAL.search(view.text):
        return HandOff("triage", "A question about our rules, not about an order.")
    found = named or looked_up(view, kind)
    if not isinstance(found, tuple):
        return bounded(view, found)
    move = worked_on(view, kind, found)
    changed = [c.arguments["order_id"] for c in move.calls if c.tool not in READS] if isinstance(move, Calls) else []
    if changed and not is_clear(view, named):
        seen = orders_listed([details(view, order) for order in changed])
        move = Say(f"I can do that with this order. Is it the one that you mean, and shall I?\n{seen}", asks=True)
    return bounded(view, move)


def is_clear(view: View, named: Sequence[str]) -> bool:
    """Whether a change is asked for, and of which order: how to do it is a question, and that an order's status fits is
    too little. A yes, or the answer to a question that showed the order, makes both clear."""
    if says_yes(view) or (view.questions and (reason_answered(view) or facts_in(view.latest).addresses)):
        return True
    meant = named or ALL_ORDERS.search(view.text) or orders_meant(view, orders_read(view))
    return bool(meant) and not HOW_TO.search(view.text)


def worked_on(view: View, kind: str, orders: Sequence[str]) -> Move:
    """The next move on orders whose ids are known: read them, then one step on each."""
    read = {c.arguments["order_id"]: c for c in view.calls if c.tool == "get_order_details"}
    unread = [Call("get_order_details", {"order_id": order}) for order in orders if order not in read]
    if unread:
        return Calls(tuple(unread))
    return joined([step(view, kind, details(view, order)) if read[order].done else not_found(order) for order in orders])


def order_ids(view: View) -> tuple[str, ...]:
    """The order numbers of this matter. A number in an answer to our question stands in for those before it."""
    answered = facts_in(view.latest).order_ids if view.questions else ()
    return answered or facts_of(view).order_ids or tuple(view.facts.get("order_ids", ()))


def looked_up(view: View, kind: str) -> tuple[str, ...] | Move:
    """The order that is meant where none was named, or all; else the next look-up, or the question which one it is."""
    account = view.last("get_user_details")
    if account is None:
        return call("get_user_details", user_id=view.customer_id)
    if not account.done:
        return needs_human(f"the customer's orders could not be read: {account.text}")
    ids = account.result.get("orders", [])[-MOST_LOOKED_AT:]
    if not ids:
        return Say("There is no order on your account. Which other e-mail address may you have ordered with?", asks=True)
    orders = orders_read(view)
    if not orders:
        return Calls(tuple(Call("get_order_details", {"order_id": order}) for order in ids))
    pool = orders_meant(view, orders) or orders
    fitting = [o for o in pool if o["status"] in FITTING.get(kind, (o["status"],))]
    chosen = fitting if len(fitting) == 1 or ALL_ORDERS.search(view.text) else pool if len(pool) == 1 else []
    if chosen:
        return tuple(str(order["order_id"]) for order in chosen[:MOST_ORDERS])
    return Say(f"Which order is it about?\n{orders_listed(fitting or pool)}", asks=True)


def orders_read(view: View) -> list[Order]:
    """The orders that were read, the newest first."""
    orders: list[Order] = [c.result for c in view.calls if c.tool == "get_order_details" and c.done]
    return sorted(orders, key=lambda o: str(o.get("placed_on", "")), reverse=True)


def step(view: View, kind: str, order: Order) -> Step:
    """What becomes of one order that was read."""
    match kind:
        case "cancel_order":
            return cancel(view, order)
        case "change_address":
            return readdress(view, order)
        case "change_items" | "exchange_items":
            return swap(view, order)
        case "return_items":
            return send_back(view, order)
        case "refund_full" if order["status"] in ("pending", "delivered"):
            return send_back(view, order)
        case "damaged":
            return mend(view, order)
        case "order_status" | "late_parcel" | "refund_status" | "refund_full":
            return report(view, order, kind)
        case "complaint":
            return needs_human(f"a complaint about order {order['order_id']}. {status_text(order)}")
        case _:
            return Say(f"{status_text(order)} {ALLOWS[order['status']]} What would you like me to do?", asks=True)


def not_found(order_id: str) -> Say:
    return Say(f"I cannot find order {order_id} on your account. Please check the number and send it again.", asks=True)


def joined(steps: Sequence[Step]) -> Move:
    """The steps of several orders as one move: first the calls, then a human where one is needed, else what is told."""
    calls = [s for s in steps if isinstance(s, Call)]
    if calls:
        return Calls(tuple(c for i, c in enumerate(calls) if c not in calls[:i]))
    told = [s for s in steps if isinstance(s, Say)]
    for s in steps:
        if isinstance(s, HandOff):
            return HandOff(s.to, " ".join([s.note, *(t.text for t in told)]), s.facts)
    return Say("\n\n".join(t.text for t in told), asks=any(t.asks for t in told))


def bounded(view: View, move: Move) -> Move:
    """The move, or a human where the customer was asked often enough."""
    if isinstance(move, Say) and move.asks and view.questions >= MOST_QUESTIONS:
        return HandOff("triage", f"{NEEDS_HUMAN}: three questions did not settle it. Open: {move.text}")
    return move


agent = AgentSpec(
    name="orders",
    description="Where an order is; cancelling, changing, returning and exchanging it.",
    prompt=PROMPT,
    tools=(
        get_order_details,
        get_user_details,
        cancel_pending_order,
        modify_pending_order_items,
        modify_pending_order_address,
        return_delivered_order_items,
        exchange_delivered_order_items,
        get_product_details,
    ),
    model="strong",
    temperature=0.1,
    without_model=without_model,
)
