"""Orders: where they are, and changing, cancelling, returning and exchanging them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from agents.cases.accounts import NOT_THEIRS, OF_SOMEBODY, other_account
from agents.cases.answers import (
    IN_GENERAL,
    asked_for,
    is_told_to_cancel,
    kind_on,
    misnumbered,
    no_order_number,
    not_found,
    once_more,
    says_no,
    says_yes,
    wanted,
)
from agents.cases.case import kind_of
from agents.cases.chargebacks import bank_took_back
from agents.cases.handover import asks_for_person
from agents.orders.conditions import hangs_on_later, only_now
from agents.orders.known_addresses import asks_where_to
from agents.orders.outcome import changed, details, needs_human, with_the_left_out, with_tracking
from agents.orders.status import CALLED, Order, allows, orders_listed, status_text
from agents.orders.turns import asked_behind_no, turned_to, with_the_open
from agents.orders.two_deeds import either_way, of_one_deed
from agents.orders.which_orders import (
    ALL_ORDERS,
    CHANGES,
    changed_ones,
    holding_what_is_named,
    looked_up,
    order_ids,
    orders_read,
)
from agents.plays.orders import cancel, damaged, new_address, other_items, reports, send_back, where_to
from agents.plays.orders.cancel import asks_back, reason_answered
from agents.plays.orders.one_order import ORDER, UNDER_WAY
from agents.products.items import named_items
from agents.reasons import Reason
from agents.requests.clauses import words_on
from agents.requests.reading import read
from agents.requests.requests import RequestKind
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, HandOff, Move, Say, Unsure
from switchboard.declare.play import Play
from switchboard.declare.transcript import View
from switchboard.plays.process import NotSettled, left_as_it_is, step_of
from switchboard.plays.read_back import asks_what_instead
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
PLAYS: dict[RequestKind, Play] = {
    "cancel_order": cancel.play,
    "change_address": new_address.play,
    "change_items": other_items.change,
    "exchange_items": other_items.change,
    "return_items": send_back.play,
    "refund_full": reports.where,
    "damaged": damaged.play,
    "order_status": reports.where,
    "late_parcel": reports.late,
    "refund_status": reports.money_back,
    "complaint": reports.complaint,
}
"""By the kind of the request, where the status of the order chooses no other."""
OURS: tuple[RequestKind, ...] = tuple(PLAYS)
ASKS_OF_IT = ("order_status", "unknown", "change_address", "user_address")
SENT_BACK = ("exchange_items", "return_items", "refund_full", "order_status")
"""What is asked for with goods that are damaged, too."""
CHOSEN = (other_items.exchange, other_items.replacement, reports.unclear, where_to.play)
"""Those that its status, the words, or nothing in them choose."""
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
    if turned := asked_behind_no(view) or turned_to(view, kind, OURS):
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
    if not (named or view.unconfirmed) and kind not in ("order_status", "late_parcel") and IN_GENERAL.search(view.text):
        return HandOff("triage", "A question about our rules, not about an order.", reason=Reason.GENERAL_QUESTION)
    found = named or looked_up(view, kind)
    found = found if isinstance(found, tuple) else changed_ones(view) or found
    if not isinstance(found, tuple):
        return found
    move = with_the_unread(with_the_left_out(view, worked_on(view, kind, found)), order_ids(view)[MOST_ORDERS:])
    if isinstance(move, Say) and wrong:
        move = Say(f"{move.text}\n\n{no_order_number(wrong[0]).text}", asks=True)
    if isinstance(move, Say) and not move.asks and len(found) > 1:
        move = with_billing(view, move, found)
    return with_the_rest(view, move, found) if not named and ALL_ORDERS.search(view.text) else move


def left_alone(view: View, kind: str, order: Order) -> Say | None:
    """What is recorded of an order, where a change of it is refused, or said to be done already or never asked for."""
    number = order["order_id"]
    of = kind_on(view, kind, number, OURS)
    want = wanted(view, of, words_on(view.text, number)) if kind in CHANGES else "asked"
    if want == "denied":
        return Say(f"All right, I leave it as it is. {status_text(order)}")
    if want == "open" and order["status"] in UNDER_WAY:
        return Say(f"{status_text(order)} {allows(order)}")
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
        {order: step(view, kinds[order], details(view, order)) if seen[order].done else not_found(order) for order in orders}
    )


def step(view: View, kind: str, order: Order) -> Move:
    """What becomes of one order that was read: what comes before every play, else what its play has next."""
    if hangs_on_later(words_on(view.text, order["order_id"])):
        if later := only_now(view, order):
            return later
        kind = "cancel_order"
    if said := left_alone(view, kind, order) or either_way(view, order):
        return said
    view, kind = of_one_deed(view, kind, order)
    play = play_for(view, kind, order)
    assert play.process
    try:
        move = step_of(play.process, view, {ORDER.name: order["order_id"]})
    except NotSettled as why:
        return needs_human(f"{play.about} It is order {order['order_id']}. {why}")
    move = move.otherwise if isinstance(move, Unsure) else move
    if isinstance(move, Calls) and not view.questions and kind in CHANGES and wanted(view, kind) == "open":
        move = Calls(tuple(replace(c, telling=c.telling or allows(order)) if c.tool in CALLED else c for c in move.calls))
    return with_tracking(view, order, move)


def play_for(view: View, kind: str, order: Order) -> Play:
    """The play of what is asked for on an order. What its status does not allow another one does, once they agree to it."""
    if kind in SENT_BACK and read(words_on(view.text, order["order_id"])).scores.get("damaged", 0) > 0:
        kind = "damaged"
    if kind in ASKS_OF_IT and asks_where_to(words_on(view.text, order["order_id"])):
        return where_to.play
    match kind, order["status"]:
        case "damaged", "delivered" if "returns_closed_on" not in order:
            back, again = damaged.way_out(view)
            return damaged.play if back == again else send_back.play if back else other_items.replacement
        case "cancel_order", "delivered" if view.questions and (
            says_yes(view) or named_items(view.latest, order["items"]).items
        ):
            return send_back.play
        case "return_items" | "refund_full", "pending" if says_yes(view) or reason_answered(view):
            return cancel.play
        case "refund_full", "pending" | "delivered":
            return send_back.play
        case "change_items" | "exchange_items", "delivered":
            return other_items.exchange
    return next((play for own, play in PLAYS.items() if own == kind), reports.unclear)


def joined(steps: Mapping[str, Move]) -> Move:
    """The steps of several orders, by their ids, as one move: first the calls, then a human where one is needed, else what is
    told. Before a call is read back it is said of which orders it is not.
    """
    calls = [call for s in steps.values() if isinstance(s, Calls) for call in s.calls]
    told = {order: s for order, s in steps.items() if isinstance(s, Say)}
    if change := next((c for c in calls if c.tool in CALLED), None):
        after = f"Not part of this, and told of after it: {', '.join(told)}." if told else ""
        telling = "\n\n".join(part for part in (change.telling, after) if part)
        calls = [replace(c, telling=telling) if c is change else c for c in calls]
    if calls:
        return Calls(tuple(c for i, c in enumerate(calls) if c not in calls[:i]))
    if handed := next((s for s in steps.values() if isinstance(s, HandOff)), None):
        return replace(handed, note=" ".join([handed.note, *(t.text for t in told.values())]))
    return Say("\n\n".join(dict.fromkeys(t.text for t in told.values())), asks=any(t.asks for t in told.values()))


def nothing(view: View) -> Say | None:
    """The end of a matter that the customer takes back."""
    cancels = kind_of(view) == "cancel_order" or is_told_to_cancel(view.text)
    if cancels and (reason_answered(view) or asks_back(view)):
        return None  # "don't need it any more" is why, and no refusal
    return left_as_it_is(view) if says_no(view) and not changed(view) else None


def bounded(view: View, move: Move) -> Move:
    """The move, or a human where the customer was asked often enough."""
    most = 2 * MOST_QUESTIONS if kind_of(view) == "cancel_order" and asks_back(view) else MOST_QUESTIONS
    if isinstance(move, Say) and move.asks and view.questions >= most:
        return needs_human(f"three questions did not settle it. Open: {move.text}")
    return once_more(view, move) if isinstance(move, Say) and not asks_what_instead(move.text) else move


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
    plays=tuple({play.name: play for play in (*PLAYS.values(), *CHOSEN)}.values()),
    model="strong",
    temperature=0.1,
    without_model=without_model,
    reasons=(Reason.NEEDS_HUMAN, Reason.OTHER_DEPARTMENT),
)
