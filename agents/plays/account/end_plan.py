"""A plan is to be ended: that is done by a person, and not where the customer has none."""

import re

from agents.cases.answers import says_no
from agents.cases.case import kind_of
from agents.cases.handover import transfer
from agents.orders.account import Account, subscriptions
from agents.plays.account.how_to import HOW_TO, PLANS, WHICH_ACCOUNT
from agents.plays.for_a_person import cancel_subscription
from agents.reasons import Reason
from switchboard.declare.moves import HandOff, Move, Say
from switchboard.declare.play import Condition, Found, Play, Process, Slot, Step
from switchboard.declare.transcript import View
from tools.accounts import get_user_details

NAMED = re.compile(r"\b(?:my|our|the) ((?:[\w-]+ ){0,3}?)(?:plus|subscription|membership|plan)\b", re.IGNORECASE)
OF_ANY = ("monthly", "yearly", "annual", "current", "own", "paid", "old", "whole")
"""Words before a plan that do not tell which one it is."""
ENDS = re.compile(r"\b(?:cancel|end|stop|terminate|quit)\b", re.IGNORECASE)


def is_asked(view: View) -> bool:
    """Whether a plan of the writer is to be ended, and not only asked how; once it is known that they have it, in an answer."""
    if view.facts.get("ends"):
        return True
    if kind_of(view) not in PLANS or not (ENDS.search(view.text) and NAMED.search(view.text)) or HOW_TO.search(view.text):
        return False
    read = view.last(get_user_details.name)
    if view.customer_id and not (read and read.done and is_held(view, read.result)):
        return True
    return view.questions > 0 and not says_no(view)


def words_for(view: View) -> list[str]:
    named = NAMED.search(view.text)
    return [word for word in (named[1] if named else "").lower().split() if word not in OF_ANY]


def is_held(view: View, account: Account) -> bool:
    """Whether the account has the plan that is named; after a question any of them is meant."""
    plans, words = [str(one["plan"]).lower() for one in account.get("subscriptions", [])], words_for(view)
    return any(not words or any(word in plan for word in words) for plan in plans) or bool(view.questions and plans)


def not_held(view: View, found: Found) -> Move:
    """What is said where the customer does not have it: what they have, or under which other address it may be."""
    if view.questions:
        return transfer(view, "The customer wants a subscription ended which their account does not have.")
    account, named = found[get_user_details.name][0], NAMED.search(view.text)
    plans = account.get("subscriptions", [])
    what = named[0].split(" ", 1)[1] if named and words_for(view) else "subscription"
    ask = "Is it one of these that you want to end?" if plans else WHICH_ACCOUNT
    held = f", so nothing was ended. {subscriptions(account)}." if plans else "."
    return Say(f"There is no {what} on your account{held} {ask}", asks=True)


def to_a_person(*_: object) -> HandOff:
    return HandOff("triage", cancel_subscription.play.about, reason=Reason.NEEDS_HUMAN)


play = Play(
    name="end_plan",
    about=cancel_subscription.play.about,
    process=Process(
        slots=(Slot("whose", find=lambda view, _: [view.customer_id] if view.customer_id else []),),
        reads=(Step(get_user_details.name, {"user_id": "whose"}, each="whose"),),
        conditions=(
            Condition(
                lambda view, found: all(is_held(view, account) for account in found[get_user_details.name]), (True,), not_held
            ),
        ),
        told=to_a_person,
    ),
    of_customer=False,
)
