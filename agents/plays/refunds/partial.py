"""A part of the price: how much, a person decides."""

from agents.plays.charges import CHARGES, ORDERS
from agents.plays.refunds.paying_back import KNOWN, NOT_DENIED, SOMETHING_LEFT, to_a_person
from switchboard.declare.play import Play, Process

play = Play(
    name="partial",
    about="The customer asks for a part of the price.",
    process=Process(
        slots=(ORDERS,),
        reads=(CHARGES,),
        conditions=(*KNOWN, SOMETHING_LEFT, NOT_DENIED),
        told=to_a_person,
        most_questions=2,
    ),
)
