"""A charge that was made twice: paid back where the customer complains or asks for it, else told and offered."""

from agents.cases.answers import wanted
from agents.plays.charges import charges_of, refund_status
from agents.plays.refunds.paying_back import charged_twice, paying, refund_of
from switchboard.declare.moves import Say
from switchboard.declare.play import Condition, Found, Play
from switchboard.declare.transcript import View


def offered(view: View, _: Found) -> Say:
    order, charge = charged_twice(view)[0]
    listed = "; ".join(charges_of(order))
    double = f"Order {order['order_id']} costs {order['total']} and was charged {listed}: one of them was made twice."
    if wanted(view, "refund_duplicate") == "denied":
        return Say(f"All right, I refund nothing now. {double} Write that you want it back, and I refund {charge['amount']}.")
    given = refund_status(order) if order.get("refunds") else "Nothing of it was sent back so far."
    second = f"Shall I refund the second one, {charge['amount']} to your {charge['method']}?"
    return Say(f"{double} {given} {second}", asks=True)


def due(view: View, _: Found) -> list[dict[str, object]]:
    why = "The same charge was made twice."
    return [refund_of(order, "duplicate_charge", charge["amount_cents"], why) for order, charge in charged_twice(view)]


play = Play(
    name="duplicate",
    about="A refund of a charge that was made twice was not possible.",
    process=paying(due, Condition(lambda view, _: wanted(view, "refund_duplicate"), ("asked",), offered)),
)
