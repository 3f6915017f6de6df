"""To which address an order goes or went; to who typed no more than an e-mail address, nothing of it."""

from dataclasses import replace

from agents.orders.status import address_line
from agents.plays.orders.one_order import READ, order_of, telling
from agents.plays.surely_them import ACCOUNT, SURELY_THEM
from switchboard.declare.play import Found, Play
from switchboard.declare.transcript import View


def told(_: View, found: Found) -> str:
    order = order_of(found)
    goes = "went" if order["status"] == "delivered" else "goes"
    return f"Order {order['order_id']} {goes} to {address_line(order['address'])}."


play = Play(
    name="where_to",
    about="The customer asks to which address an order goes.",
    process=replace(
        telling(told, SURELY_THEM),
        reads=(READ, ACCOUNT),
    ),
)
