"""Parts of the plays on an order: which one it is, what its status allows, in which words it is told, and the call on it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from agents.cases.answers import says_yes
from agents.money.methods import holds_too_little
from agents.orders.outcome import needs_human, not_approved
from agents.orders.paying import where_back
from agents.orders.second_thoughts import not_again
from agents.orders.status import IS, Order, allows, dated, items_listed, price, status_text
from agents.orders.which_orders import order_ids, orders_read
from agents.products.items import found_in
from agents.products.left_out import not_there
from agents.requests.clauses import words_on
from agents.requests.reading import read
from switchboard.declare.moves import HandOff, Move, Say
from switchboard.declare.play import Condition, Found, Process, Slot, Step, Told
from switchboard.declare.transcript import View
from tools.orders import get_order_details

ORDER = Slot("order", "Which order is it about?", find=lambda view, _: next(iter(order_ids(view)), None))
READ = Step(get_order_details.name, {"order_id": ORDER.name})
STATUS = f"{READ.tool}.status"
UNDER_WAY = ("return requested", "exchange requested")
"""Statuses in which nothing more can be done here; a colleague can."""


def but(*statuses: str) -> tuple[str, ...]:
    """The statuses of a condition that holds in all but these."""
    return tuple(status for status in IS if status not in statuses)


def order_of(found: Found) -> Order:
    order: Order = found[READ.tool]
    return order


def words(found: Found) -> dict[str, str]:
    """What the sentences on an order name."""
    order = order_of(found)
    items = items_listed(order["items"])
    what = {"order": order["order_id"], "status": order["status"], "items": items, "what": f"{items}, {price(order['total'])}"}
    return {**what, "recorded": status_text(order), "allows": allows(order)}


def say(template: str, *, asks: bool = False) -> Callable[[View, Found], Say]:
    return lambda _, found: Say(template.format(**words(found)), asks)


def person(template: str) -> Callable[[View, Found], HandOff]:
    return lambda _, found: needs_human(template.format(**words(found)))


def not_under_way(wish: str) -> Condition:
    return Condition(STATUS, but(*UNDER_WAY), person(f"the customer wants {wish} order {{order}}. {{recorded}}"))


def too_late(view: View, found: Found, so: str = "") -> Move:
    """A delivered order whose 30 days are over: only a colleague can make an exception."""
    order = order_of(found)
    why = f"Order {order['order_id']} was delivered{dated(order, 'delivered_on', ' on ')}{so}. {allows(order)}"
    if says_yes(view):
        return needs_human(f"the customer asks for a return or exchange after the 30 days. {why}")
    return Say(f"{why} I cannot take it back any more. Shall I pass you on to a colleague, who can look at it?", asks=True)


def is_closed(_: View, found: Found) -> bool:
    return "returns_closed_on" in order_of(found)


NOT_CLOSED = Condition(is_closed, (False,), too_late)


def another_method(why: str) -> Callable[[View, Found], Say]:
    return lambda _, found: Say(
        f"I could not change order {found['order']} yet. {why} Which other payment method shall I use?", asks=True
    )


def original_method(_: View, found: Found) -> Say:
    return Say(f"I have not requested it yet. {where_back(found['refusal']['payment_method_id'])}", asks=True)


REFUSED: dict[str, Told] = {
    "gift_card_short": lambda view, found: another_method(holds_too_little(found["refusal"]))(view, found),
    "no_such_method": another_method("That payment method is not on your account, or not any more."),
    "method_paid_less": another_method(
        "That payment method did not pay so much of it; a gift card of yours or the one that paid can have the money."
    ),
    "not_original_method": original_method,
    "nothing_left": "All that was paid for order {order} went back already, so a return would bring you no money, and I have "
    "not requested one.",
    "not_approved": lambda _, found: not_approved(
        found["refusal"], f"that change of order {found['order']}", "the order stays as it was"
    ),
}


def telling(told: Told, *conditions: Condition) -> Process:
    """The process that tells of the order, where these conditions hold."""
    return Process(told, slots=(ORDER,), reads=(READ,), conditions=conditions)


def changing(
    tool: str,
    told: Callable[[View, Found], str],
    *conditions: Condition,
    slots: tuple[Slot, ...],
    arguments: Mapping[str, str],
) -> Process:
    """The process that makes this call on the order, where its status allows it and its words ask for it."""
    return replace(
        telling(told, *conditions),
        slots=(ORDER, *slots),
        does=Step(tool, {"order_id": ORDER.name, **arguments}),
        deeds=lambda _: "asked",  # whoever denies it is told so before
        again=not_again,
        refused=REFUSED,
    )


def is_alone(view: View, order: Order) -> bool:
    """Whether an order's one item can be meant where the words name none of it: they name nothing of another order read."""
    if len(order["items"]) != 1 or not_there(words_on(view.text, order["order_id"]), order["items"]):
        return False
    others = [item for other in orders_read(view) if other["order_id"] != order["order_id"] for item in other["items"]]
    own = {item["name"] for item in order["items"]}
    return not any(item["name"] not in own for item in found_in(read(words_on(view.text, order["order_id"])).asked, others))


def no_such(view: View, order: Order) -> str:
    """That the order does not hold what the words name; empty where it does, or they name nothing."""
    thing = not_there(words_on(view.text, order["order_id"]), order["items"])
    return f"I find no {thing} in order {order['order_id']}. " if thing else ""


def lines(items: Any) -> str:
    return "\n".join(f"- {items_listed([item])}" for item in items)
