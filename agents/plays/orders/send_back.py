"""The return of delivered items, refunded to where they were paid from, or where the customer says."""

from agents.orders.outcome import NEXT, Step
from agents.orders.paying import OTHER_METHOD, paid_by, where_back
from agents.orders.second_thoughts import items_meant
from agents.orders.status import by_ids, items_listed
from agents.plays.orders.cancel import WHY
from agents.plays.orders.one_order import (
    NOT_CLOSED,
    STATUS,
    but,
    changing,
    is_alone,
    lines,
    no_such,
    not_under_way,
    order_of,
    say,
)
from agents.requests.clauses import words_on
from agents.requests.reading import read
from switchboard.declare.moves import Say
from switchboard.declare.play import Condition, Found, Play, Slot
from switchboard.declare.transcript import View
from tools.nouns import going_back
from tools.returns import return_delivered_order_items

NOT_SENT = (
    "Order {order} has not been sent yet, so there is nothing to send back. I can cancel it, which refunds all of it: {what}. "
    f"Shall I? {WHY}"
)
SORRY = "I am sorry that it is not as it should be. What you send back is paid back to you, or replaced if you prefer that. "


def items(view: View, found: Found) -> list[str] | Say:
    order = order_of(found)
    named = items_meant(view, words_on(view.text, order["order_id"]), order["items"])
    chosen = named.items or (tuple(order["items"]) if is_alone(view, order) else ())
    if named.unclear or not chosen:
        listed = lines(named.unclear or order["items"])
        sorry = SORRY if read(view.text).scores.get("damaged", 0) > 0 else ""
        return Say(
            f"{sorry}{no_such(view, order)}Which items of order {order['order_id']} would you like to send back?\n{listed}",
            asks=True,
        )
    return [item["item_id"] for item in chosen]


def method(view: View, found: Found) -> str | Step:
    order = order_of(found)
    if OTHER_METHOD.search(view.latest if view.questions else view.text):
        return Say(where_back(str(order["payment_history"][0]["payment_method_id"])), asks=True)
    return paid_by(view, order)


def told(_: View, found: Found) -> str:
    back, result = items_listed(by_ids(order_of(found), found["items"])), found["result"]
    less = f" (of its price of {result['price']} a part was refunded already)" if "price" in result else ""
    arrived = f"After it has arrived, {going_back(result['value'], result['to'])}{less}."
    return f"The return of {back} from order {found['order']} is requested. {arrived} {NEXT}."


play = Play(
    name="return_items",
    about="The customer wants to return items of an order.",
    process=changing(
        return_delivered_order_items.name,
        told,
        Condition(STATUS, but("pending"), say(NOT_SENT, asks=True)),
        not_under_way("to return something of"),
        Condition(STATUS, ("delivered",), say("Nothing can be returned from order {order} now. {recorded} {allows}")),
        NOT_CLOSED,
        slots=(Slot("items", find=items), Slot("method", find=method)),
        arguments={"item_ids": "items", "payment_method_id": "method"},
    ),
)
