"""How a refund stands."""

from agents.plays.charges import CHARGES, ORDERS
from agents.plays.refunds.paying_back import KNOWN, statuses
from switchboard.declare.play import Play, Process

play = Play(
    name="status",
    about="The customer asks how their refund stands.",
    process=Process(slots=(ORDERS,), reads=(CHARGES,), conditions=KNOWN, told=statuses, most_questions=2),
)
