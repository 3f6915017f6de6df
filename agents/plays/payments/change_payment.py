"""Another way of paying for an order that was not sent yet."""

import re
from collections.abc import Mapping
from typing import Any

from agents.money.methods import holds_too_little, method, methods_named
from agents.orders.outcome import sent_back
from agents.orders.status import ALLOWS
from agents.plays.charges import orders_named
from agents.requests.reading import read
from switchboard.declare.moves import Say
from switchboard.declare.play import Found, Play, Process, Slot, Step
from switchboard.declare.transcript import View
from tools.accounts import get_user_details
from tools.orders import modify_pending_order_payment

NOT_THIS = re.compile(r"\b(?:instead of|rather than|not)\b[^.;\n]*", re.IGNORECASE)
COULD_NOT = "I could not change it."


def the_order(view: View, found: Found) -> Any:
    orders = orders_named(view, found)
    return orders[0] if isinstance(orders, tuple) else orders


def methods_of(found: Found) -> Mapping[str, Any]:
    methods: Mapping[str, Any] = found[get_user_details.name].get("payment_methods", {})
    return methods


def choice(found: Found) -> str:
    return "\n".join(f"- {method(row)}" for row in methods_of(found).values())


def chosen(view: View, found: Found) -> str | Say:
    """The method that the newest words name, or else those before; "not my PayPal" names none."""
    methods = methods_of(found)
    for text in (view.latest, view.text):
        wish = NOT_THIS.sub(" ", text)
        named = [m for m in read(wish).facts.payment_method_ids if m in methods] or methods_named(wish, methods)
        if len(named) == 1:
            return named[0]
        if named:
            break
    return Say(f"Which of your payment methods shall pay order {found['order']}?\n{choice(found)}", asks=True)


def another(why: str, found: Found) -> Say:
    return Say(f"{COULD_NOT} {why} Which other payment method shall I use?\n{choice(found)}", asks=True)


def told(_: View, found: Found) -> str:
    paid = found["result"]
    back = f" Back to you: {paid['refund']}." if "refund" in paid else sent_back(paid)
    return f"Order {found['order']} is now paid differently: {paid['paid']}.{back}"


def paid_already(_: View, found: Found) -> Say:
    by = method(methods_of(found)[found["method"]])
    return another(f"Order {found['order']} is already paid by your {by}.", found)


def sent_already(_: View, found: Found) -> str:
    status = found["refusal"]["status"]
    return f"{COULD_NOT} Order {found['order']} is {status}, so it cannot be paid by another method. {ALLOWS[status]}"


play = Play(
    name="change_payment",
    about="The customer wants to pay an order by another method.",
    process=Process(
        slots=(Slot("order", find=the_order), Slot("method", find=chosen)),
        reads=(Step(get_user_details.name, {"user_id": "customer"}),),
        does=Step(modify_pending_order_payment.name, {"order_id": "order", "payment_method_id": "method"}),
        deeds=lambda _: "asked",  # whoever names a method is read back what it would do
        refused={
            "gift_card_short": lambda _, found: another(holds_too_little(found["refusal"]), found),
            "paid_by_it_already": paid_already,
            "no_such_order": COULD_NOT + " I cannot find order {order} on your account. Please check the number.",
            "wrong_status": sent_already,
        },
        told=told,
        most_questions=2,
    ),
)
