"""How something is done with an account, from an article; of a plan also what the customer has."""

import re

from agents.articles.articles import asked_in
from agents.cases.case import kind_of
from agents.orders.account import own_plan
from agents.plays.searching import SEARCHES, queries, section
from switchboard.declare.moves import Say
from switchboard.declare.play import Found, Play, Process, Slot, Step
from switchboard.declare.transcript import View
from tools.accounts import get_user_details

PLANS = ("subscription_change", "plan_question")
HOW_TO = re.compile(r"\bhow (?:do|can|to|should|would)\b|\bwhat happens\b|\bis it possible\b", re.IGNORECASE)
WHICH_ACCOUNT = "With which other e-mail address may it have been ordered?"


def question(view: View) -> str:
    asked = asked_in(view)
    return f"How to do it: {asked}" if kind_of(view) == "subscription_change" else asked


def whose(view: View, _: Found) -> list[str]:
    return [view.customer_id] if view.customer_id and kind_of(view) in PLANS else []


def told(view: View, found: Found) -> str | Say:
    held, answer = found[get_user_details.name], section(view, question(view))
    own = own_plan(held[0]) if held else []
    if own and not answer and not held[0].get("subscriptions"):
        return Say(f"{own[0]} {WHICH_ACCOUNT}", asks=True)
    if own:
        return "\n\n".join([*own, *filter(None, [answer])])
    return answer and f"{answer}\n\nIf that does not help, write to me again, and a colleague takes over."


play = Play(
    name="how_to",
    about="The customer has a question about their account.",
    process=Process(
        slots=(Slot("queries", find=lambda view, _: queries(question(view))), Slot("whose", find=whose)),
        reads=(SEARCHES, Step(get_user_details.name, {"user_id": "whose"}, each="whose")),
        told=told,
    ),
    of_customer=False,
)
