"""Another default address: as the customer writes it, or as that of an order of theirs."""

import re

from agents.cases.answers import wanted
from agents.cases.case import addresses_given
from agents.cases.handover import transfer
from agents.orders.known_addresses import order_for_account
from agents.orders.status import address_line
from agents.plays.surely_them import ACCOUNT, SURELY_THEM
from switchboard.declare.moves import Move, Say
from switchboard.declare.play import Found, Play, Process, Slot, Step, Wanted
from switchboard.declare.transcript import View
from switchboard.reading.facts.people import Address
from tools.accounts import modify_user_address
from tools.orders import get_order_details

OF_ADDRESS = re.compile(
    r"\b(?:ad+res+e?s?|mov(?:e|ed|ing)|relocat\w*|street|house|home|flat|apartment|zip|live|living)\b", re.IGNORECASE
)
WHICH_DETAIL = (
    "What would you like to change? A new address you can write to me here: number and street, city, state and zip code. Your "
    "name, e-mail address and phone number stand under Account > Profile, where you change them yourself."
)
NOW = "Your default address is now {address}. Orders that were already placed keep "
PARTS = tuple(Address.__annotations__)


def wish(view: View) -> Wanted | Move:
    copied = bool(order_for_account(view.text))
    if not view.questions and not addresses_given(view) and not copied and not OF_ADDRESS.search(view.text):
        return Say(WHICH_DETAIL, asks=True)
    match wanted(view, "user_address"):
        case "settled":
            why = "The customer says that they did not change their address. Somebody else may be in the account."
            return transfer(view, why)
        case "denied":
            return Say("All right, I leave your default address as it is.")
        case "open" if not copied:
            return "open"
        case _:
            return "asked"


def told(_: View, found: Found) -> str:
    theirs = "their address; tell me the order number if one that was not sent yet should go to the new one."
    return NOW.format(address=address_line(found["result"]["address"])) + theirs


def told_of_copy(_: View, found: Found) -> str:
    return NOW.format(address=address_line(found["result"]["address"])) + "theirs."


def is_copied(view: View) -> bool:
    """Whether it is to be that of an order, which can be read, and not one that they write."""
    failed = any(not c.done for c in view.calls if c.tool in (get_order_details.name, modify_user_address.name))
    return bool(order_for_account(view.text)) and not addresses_given(view) and not failed


ADDRESS = Slot(
    "address",
    "What is the full new address: number and street, city, state and zip code?",
    find=lambda view, _: vars(given[-1]) if (given := addresses_given(view)) else None,
)
play = Play(
    name="new_address",
    about="The customer wants another default address.",
    process=Process(
        slots=(ADDRESS,),
        does=Step(modify_user_address.name, {"user_id": "customer", **{name: f"address.{name}" for name in PARTS}}),
        told=told,
        deeds=wish,
        most_questions=2,
    ),
)
copied = Play(
    name="copied_address",
    about=play.about,
    process=Process(
        slots=(Slot("order", find=lambda view, _: order_for_account(view.text)),),
        reads=(Step(get_order_details.name, {"order_id": "order"}), ACCOUNT),
        conditions=(SURELY_THEM,),
        does=Step(
            modify_user_address.name,
            {"user_id": "customer", **{name: f"{get_order_details.name}.address.{name}" for name in PARTS}},
        ),
        told=told_of_copy,
        deeds=wish,
        most_questions=2,
    ),
)
