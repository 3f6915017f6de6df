"""A charge that is said to be made twice, and is not: what was charged, and what a bank may show beside it."""

from dataclasses import replace

from agents.cases.handover import transfer
from agents.plays.charges import CHARGES, OF_ORDERS, Order, charges_of, in_parts
from agents.plays.refunds.paying_back import (
    KNOWN,
    NOT_DENIED,
    SOMETHING_LEFT,
    first,
    is_part,
    statuses,
    to_a_person,
)
from switchboard.declare.moves import Move
from switchboard.declare.play import Condition, Found, Play
from switchboard.declare.transcript import View


def overpaid(view: View, found: Found) -> Move:
    order = first(found)
    return transfer(
        view, f"No charge of {order['order_id']} was made twice, but {order['overpaid']} more was paid than it costs."
    )


def once_only(order: Order) -> str:
    return (
        f"I checked order {order['order_id']}: it was charged {'; '.join(charges_of(order))}, and the order costs "
        f"{order['total']}{in_parts(order)}. No charge was made twice, so there is nothing to refund. If your bank shows "
        "another one, it is most likely a reservation, which disappears by itself within a few days."
    )


play = Play(
    name="no_duplicate",
    about="The customer says that they were charged twice.",
    process=replace(
        OF_ORDERS,
        conditions=(
            *KNOWN,
            SOMETHING_LEFT,
            Condition(lambda _, found: bool(first(found).get("refunds")), (False,), statuses),
            Condition(lambda _, found: "overpaid" in first(found), (False,), overpaid),
            Condition(
                lambda view, found: is_part(view, first(found)["refundable_cents"]),
                (True,),
                lambda _, found: "\n\n".join(map(once_only, found[CHARGES.tool])),
            ),
            NOT_DENIED,
        ),
        told=to_a_person,
    ),
)
