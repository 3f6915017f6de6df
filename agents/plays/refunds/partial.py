"""A part of the price: how much, a person decides."""

from dataclasses import replace

from agents.plays.charges import OF_ORDERS
from agents.plays.refunds.paying_back import KNOWN, NOT_DENIED, SOMETHING_LEFT, to_a_person
from switchboard.declare.play import Play

play = Play(
    name="partial",
    about="The customer asks for a part of the price.",
    process=replace(OF_ORDERS, conditions=(*KNOWN, SOMETHING_LEFT, NOT_DENIED), told=to_a_person),
)
