"""The customer's subscription: what they have and pay; what else is written about one an article answers beside it."""

import re

from agents.orders.account import own_plan
from agents.plays.searching import SEARCHES, answer, query
from switchboard.declare.play import Found, Play, Process, Slot, Step
from switchboard.declare.transcript import View
from tools.accounts import get_user_details

ASKS = re.compile(r"\?|\b(?:what|which|when|how|do i|am i|is my|show|list)\b", re.IGNORECASE)
"""A question on a plan; what else is written about one its rows alone do not answer."""


def told(view: View, found: Found) -> str:
    own = own_plan(found[get_user_details.name])
    if ASKS.search(view.text):
        return "\n".join(own)
    general = answer(view, found)
    return "\n\n".join([*own, general]) if general else ""


play = Play(
    name="own_plan",
    about="The customer writes about their subscription and what it costs.",
    process=Process(
        slots=(Slot("queries", find=lambda view, _: [] if ASKS.search(view.text) else [query(view.text)]),),
        reads=(Step(get_user_details.name, {"user_id": "customer"}), SEARCHES),
        told=told,
        most_questions=2,
    ),
)
