"""How a refund stands."""

from dataclasses import replace

from agents.cases.handover import transfer
from agents.plays.charges import CHARGES, OF_ORDERS, is_missed
from agents.plays.refunds.paying_back import KNOWN, statuses
from switchboard.declare.moves import Move
from switchboard.declare.play import Condition, Found, Play
from switchboard.declare.transcript import View


def missed(view: View, found: Found) -> str:
    """The orders whose money should be there by now, and is said not to be."""
    return ", ".join(o["order_id"] for o in found[CHARGES.tool] if is_missed(view.text, o.get("refunds", [])))


def not_there(view: View, found: Found) -> Move:
    why = f"The refund of {missed(view, found)} should be there by now, and the customer has not got it: have it looked for."
    return transfer(view, why)


play = Play(
    name="status",
    about="The customer asks how their refund stands.",
    process=replace(OF_ORDERS, conditions=(*KNOWN, Condition(missed, ("",), not_there)), told=statuses),
)
