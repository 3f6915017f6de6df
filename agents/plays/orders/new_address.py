"""Another address for an order that was not sent yet: as the customer writes it, or one of theirs that they point at."""

import re
from typing import Any

from agents.cases.case import addresses_given
from agents.orders.known_addresses import alike, known_address
from agents.orders.status import PENDING, Order, address_line, parcels
from agents.plays.orders.one_order import STATUS, changing, order_of
from agents.plays.surely_them import ACCOUNT, is_sure_who, whose_zip
from agents.requests.reading import read
from switchboard.declare.moves import Call, Calls, Move, Say, call
from switchboard.declare.play import Condition, Found, Play, Slot
from switchboard.declare.transcript import View
from switchboard.reading.facts.people import SECOND_LINE, Address
from tools.orders import modify_pending_order_address

UNIT = re.compile(SECOND_LINE, re.IGNORECASE)
FEW_WORDS = 8
"""Words of an answer that may put a part of an address right."""


def sent(view: View, found: Found) -> Say:
    order, way = order_of(found), ""
    if order["status"] == "processed":
        way = (
            " On the carrier's tracking page you can send it to a neighbour or a pick-up point. If it comes back to us, it is "
            "refunded."
        )
    at = f" ({parcels(order)})" if way and parcels(order) else ""
    return Say(f"Order {order['order_id']} is {order['status']}{at}, so its address can no longer be changed.{way}")


def put_right(view: View, order: Order) -> dict[str, Any] | None:
    """The address that was read back, with another unit or zip code: "sorry, apt 5". None where few words name none of them."""
    last = [c for c in view.unconfirmed if c.tool == modify_pending_order_address.name]
    if not last or last[-1].arguments["order_id"] != order["order_id"] or len(view.latest.split()) > FEW_WORDS:
        return None
    unit, zips = UNIT.search(view.latest), read(view.latest).facts.zips
    new = {**({"address2": unit[0].strip().title()} if unit else {}), **({"zip": zips[0]} if len(zips) == 1 else {})}
    parts = {name: last[-1].arguments.get(name, "") for name in Address.__annotations__}
    return {**parts, **new} if new else None


def address(view: View, found: Found) -> dict[str, Any] | Move:
    """The newest address that is not the order's own; the question for one where none was given. One that they point at is on
    file, and read back to nobody who may not be the customer.
    """
    order = order_of(found)
    if mended := put_right(view, order):
        return mended
    newest = read(view.latest).facts.addresses if view.questions else ()
    pointed = None if newest or addresses_given(view) else known_address(view, order)
    if isinstance(pointed, Call):
        return Calls((pointed,))
    if pointed:
        account = view.last(ACCOUNT.tool)
        if account is None:
            return call(ACCOUNT.tool, user_id=view.customer_id)
        if account.done and not is_sure_who(view, {ACCOUNT.tool: account.result}):
            return whose_zip(view, found)
    given = [vars(a) for a in newest or addresses_given(view)] or ([dict(pointed)] if pointed else [])
    if wished := [one for one in given if not alike(one, order["address"])]:
        return wished[-1]
    if given:
        goes = f"Order {order['order_id']} already goes to {address_line(given[-1])}"
        return Say(f"{goes}. Nothing had to be changed.")
    ask = "What is the full new address: number and street, city, state and zip code?"
    return Say(f"Order {order['order_id']} can still be sent elsewhere. {ask}", asks=True)


def told(_: View, found: Found) -> str:
    new = address_line(found["result"]["address"])
    return f"Order {found['order']} now goes to {new}. Its items and payment stay as they are."


play = Play(
    name="change_address",
    about="The customer wants an order sent to another address.",
    process=changing(
        modify_pending_order_address.name,
        told,
        Condition(STATUS, PENDING, sent),
        slots=(Slot("address", find=address),),
        arguments={name: f"address.{name}" for name in Address.__annotations__},
    ),
)
