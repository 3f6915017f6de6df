"""What was charged on the orders that are named; a charge that was made twice is offered back, which is for refunds."""

from dataclasses import replace

from agents.cases.answers import not_found, wanted
from agents.money.methods import SOURCES
from agents.orders.status import METHODS
from agents.plays.charges import CHARGES, OF_ORDERS, Order, charged, not_there
from agents.reasons import Reason
from switchboard.declare.moves import HandOff, Say
from switchboard.declare.play import Condition, Found, Play
from switchboard.declare.transcript import View


def doubled(found: Found) -> list[str]:
    return [o["order_id"] for o in found[CHARGES.tool] if any("duplicate_of" in charge for charge in o["charges"])]


def wants_it_back(view: View, found: Found) -> bool:
    return bool(doubled(found)) and wanted(view, "refund_duplicate") == "asked"


def to_refunds(_: View, found: Found) -> HandOff:
    facts = {"kind": "refund_duplicate", "order_ids": doubled(found), "agreed": "refund_duplicate"}
    return HandOff("billing", "The customer wants back what was charged twice.", facts, reason=Reason.CHARGED_TWICE)


def unused(view: View, found: Found) -> list[str]:
    """The ways of paying that the words name, and no charge was made by."""
    by = " ".join(charge["method"] for order in found[CHARGES.tool] for charge in order["charges"])
    return [source for source, named in SOURCES.items() if named.search(view.text) and not named.search(by)] if by else []


def not_by(source: str, orders: list[Order]) -> str:
    what = ", ".join(order["order_id"] for order in orders)
    return (
        f"Your {METHODS[source]} was not charged for {what} by us. If your bank shows such a charge, it may be a reservation, "
        "which disappears by itself within a few days, or one for something else: send us its amount and day, and a colleague "
        "compares it."
    )


def told(view: View, found: Found) -> Say:
    lines = [*map(charged, found[CHARGES.tool]), *(not_found(order).text for order in not_there(found))]
    lines += [not_by(source, found[CHARGES.tool]) for source in unused(view, found)]
    if double := doubled(found):
        lines.append("One charge was made twice. Shall I have it refunded?")
    return Say("\n\n".join(lines), asks=bool(double) or not found[CHARGES.tool])


play = Play(
    name="explain_charge",
    about="The customer asks what was charged on an order.",
    process=replace(OF_ORDERS, conditions=(Condition(wants_it_back, (False,), to_refunds),), told=told),
)
