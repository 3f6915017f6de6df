"""How a refund stands."""

from dataclasses import replace

from agents.plays.charges import OF_ORDERS
from agents.plays.refunds.paying_back import KNOWN, statuses
from switchboard.declare.play import Play

play = Play(
    name="status",
    about="The customer asks how their refund stands.",
    process=replace(OF_ORDERS, conditions=KNOWN, told=statuses),
)
