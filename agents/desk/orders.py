"""Orders: where they are, and changing, cancelling, returning and exchanging them."""

from collections.abc import Sequence
from dataclasses import replace

from agents.cases.accounts import NOT_THEIRS, OF_SOMEBODY, other_account
from agents.cases.answers import (
    IN_GENERAL,
    asked_for,
    kind_on,
    misnumbered,
    no_order_number,
    not_found,
    once_more,
    says_yes,
    wanted,
)
from agents.cases.case import kind_of
from agents.cases.chargebacks import bank_took_back
from agents.cases.handover import asks_for_person
from agents.orders.changes import UNDER_WAY, Order, asks_back, cancel, nothing, readdress, send_back
from agents.orders.conditions import hangs_on_later, only_now
from agents.orders.outcome import Step, changed, details, needs_human, with_the_left_out
from agents.orders.status import allows, orders_listed, status_text
from agents.orders.swaps import either_way, mend, of_one_deed, swap
from agents.orders.turns import turned_to, with_the_open
from agents.orders.whereabouts import report
from agents.orders.which_orders import ALL_ORDERS, CHANGES, holding_what_is_named, looked_up, order_ids, orders_read
from agents.reasons import Reason
from agents.requests.clauses import words_on
from agents.requests.reading import read
from agents.requests.requests import RequestKind
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, HandOff, Move, Say
from switchboard.declare.transcript import View
from switchboard.plays.read_back import INSTEAD
from switchboard.reading.stance import Verdict
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
without a return, payment changes, and what needs a person (reason needs_human). Answer with order, items, \
money and next step."""
MOST_ORDERS = 5
MOST_QUESTIONS = 3
"""Which item, which option, and yes to its price; what is open then is for a human."""
OURS: tuple[RequestKind, ...] = (
    "cancel_order", "change_address", "change_items", "exchange_items", "return_items", "refund_full", "damaged",
    "order_status", "late_parcel", "refund_status", "complaint",
)  # fmt: skip
BILLING = ("change_payment", "payment_method", "refund_duplicate", "refund_partial", "explain_charge", "invoice")


def without_model(view: View) -> Move:
    """Find the order, read it, do what is asked as far as its status allows, and say so."""
    if not view.customer_id:
        return HandOff("triage", "The customer is not verified yet.", reason=Reason.NOT_VERIFIED)
    kind = kind_of(view)
    if kind == "human" or asks_for_person(view):
        return needs_human("the customer asks for a person.")
    if handed := other_account(view):
        return handed
    if bank_took_back(view.text):
        return needs_human("the customer says that their bank took a charge back; compare that with the records.")
    if kind in BILLING:
        return HandOff("triage", f"about {kind.replace('_', ' ')}", {"kind": kind}, reason=Reason.OTHER_DEPARTMENT)
    if turned := turned_to(view, kind, OURS):
        return turned
    return bounded(view, with_the_open(view, nothing(view) or by_order(view, asked_for(view, OURS))))


def by_order(view: View, kind: str) -> Move:
    """The next move on the orders that are meant; a change only where it is asked for."""
    named = holding_what_is_named(view, kind, order_ids(view))[:MOST_ORDERS]
    wrong = misnumbered(view)
    if wrong and not named:
        return no_order_number(wrong[0])
    if not named and not view.questions and OF_SOMEBODY.search(view.text):
        return Say(NOT_THEIRS, asks=True)
    if not named and kind not in ("order_status", "late_parcel") and IN_GENERAL.search(view.text):
        return HandOff("triage", "A question about our rules, not about an order.", reason=Reason.GENERAL_QUESTION)
    found = named or looked_up(view, kind)
    if not isinstance(found, tuple):
        return found
    move = with_the_unread(with_the_left_out(view, worked_on(view, kind, found)), order_ids(view)[MOST_ORDERS:])
    if isinstance(move, Say) and wrong:
        move = Say(f"{move.text}\n\n{no_order_number(wrong[0]).text}", asks=True)
    if isinstance(move, Say) and not move.asks and len(found) > 1:
        move = with_billing(view, move, found)
    return with_the_rest(view, move, found) if not named and ALL_ORDERS.search(view.text) else move


def intent(view: View, kind: str, order_id: str) -> Verdict:
    return wanted(view, kind_on(view, kind, order_id, OURS), words_on(view.text, order_id))


def left_alone(view: View, kind: str, order: Order) -> Say | None:
    """What is recorded of an order, where a change of it is refused, or said to be done already or never asked for."""
    want = intent(view, kind, order["order_id"]) if kind in CHANGES else "asked"
    if want == "denied":
        return Say(f"All right, I leave it as it is. {status_text(order)}")
    if want == "open" and order["status"] in UNDER_WAY:
        return Say(status_text(order))
    if want == "settled":
        seen = status_text(order)
        return Say(f"This is what is recorded: {seen} I leave it so. Write to me what you would like to have done with it.")
    return None


def with_the_unread(move: Move, unread: Sequence[str]) -> Move:
    """What is told, with the orders that were named and not looked at: so many are taken at a time."""
    if not isinstance(move, Say) or not unread:
        return move
    more = f"I take {MOST_ORDERS} orders at a time. Not looked at yet: {', '.join(unread)}. Please write again which come next."
    return Say(f"{move.text}\n\n{more}", move.asks)


def with_billing(view: View, said: Say, orders: Sequence[str]) -> Move:
    """What is told, with the question about an order of which only its payment was written; a yes passes that on."""
    kinds = {order: read(words_on(view.text, order)).request.kind for order in orders}
    order = next((o for o in orders if kinds[o] in BILLING), "")
    if not order:
        return said
    if says_yes(view) and not changed(view):
        words = words_on(view.text, order)
        facts = {"kind": kinds[order], "order_ids": [order]}
        return HandOff("triage", f"Also asked: {words}", facts, reason=Reason.OTHER_DEPARTMENT, request=words)
    more = f"You also wrote about the payment of {order}."
    if changed(view):
        return Say(f"{said.text}\n\n{more} Please write that again, and billing looks at it.")
    return Say(f"{said.text}\n\n{more} Shall I have billing look at it?", asks=True)


def with_the_rest(view: View, move: Move, done: Sequence[str]) -> Move:
    """What is told of all orders, with those that it was not possible for."""
    rest = [order for order in orders_read(view) if order["order_id"] not in done]
    if not isinstance(move, Say) or not rest:
        return move
    return Say(f"{move.text}\n\nThe status of these does not allow it:\n{orders_listed(rest)}", move.asks)


def worked_on(view: View, kind: str, orders: Sequence[str]) -> Move:
    """The next move on orders whose ids are known: read them, then one step on each."""
    seen = {c.arguments["order_id"]: c for c in view.calls if c.tool == "get_order_details"}
    unread = [Call("get_order_details", {"order_id": order}) for order in orders if order not in seen]
    if unread:
        return Calls(tuple(unread))
    kinds = {order: kind_on(view, kind, order, OURS) for order in orders}
    return joined(
        [step(view, kinds[order], details(view, order)) if seen[order].done else not_found(order) for order in orders]
    )


def step(view: View, kind: str, order: Order) -> Step:
    """What becomes of one order that was read."""
    if hangs_on_later(words_on(view.text, order["order_id"])):
        if later := only_now(view, order):
            return later
        kind = "cancel_order"
    left = left_alone(view, kind, order)
    if left:
        return left
    if asked := either_way(view, order):
        return asked
    view, kind = of_one_deed(view, kind, order)
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
            return Say(f"{status_text(order)} {allows(order)} What would you like me to do?", asks=True)


def joined(steps: Sequence[Step]) -> Move:
    """The steps of several orders as one move: first the calls, then a human where one is needed, else what is told."""
    calls = [s for s in steps if isinstance(s, Call)]
    if calls:
        return Calls(tuple(c for i, c in enumerate(calls) if c not in calls[:i]))
    told = [s for s in steps if isinstance(s, Say)]
    if handed := next((s for s in steps if isinstance(s, HandOff)), None):
        return replace(handed, note=" ".join([handed.note, *(t.text for t in told)]))
    return Say("\n\n".join(dict.fromkeys(t.text for t in told)), asks=any(t.asks for t in told))


def bounded(view: View, move: Move) -> Move:
    """The move, or a human where the customer was asked often enough."""
    most = 2 * MOST_QUESTIONS if kind_of(view) == "cancel_order" and asks_back(view) else MOST_QUESTIONS
    if isinstance(move, Say) and move.asks and view.questions >= most:
        return needs_human(f"three questions did not settle it. Open: {move.text}")
    return once_more(view, move) if isinstance(move, Say) and INSTEAD not in move.text else move


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
    reasons=(Reason.NEEDS_HUMAN, Reason.OTHER_DEPARTMENT),
)
