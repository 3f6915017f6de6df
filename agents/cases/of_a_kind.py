"""A message of a kind that no department settles: it goes to a person, but for what the rows tell."""

import re

from agents.cases.handover import transfer
from agents.cases.identification import ask_who
from agents.plays.for_a_person import cancel_subscription, ticket_state
from agents.reasons import Reason
from agents.requests.reading import read
from switchboard.declare.moves import Call, Calls, HandOff, Move, Say
from switchboard.declare.play import Play
from switchboard.declare.transcript import View
from switchboard.plays.tickets import in_words
from tools.tickets import get_ticket

MOST_TICKETS = 3
ENDS = {"kind": "subscription_change", "ends": True}
ASKS_STATE = re.compile(
    r"\b(?:status|state|stand(?:s|ing)?|news|updates?|progress|how far|"
    r"what(?:['’]?s| is) (?:happening|going on)|going with|"
    r"any (?:answer|word|reply)|looked (?:at|into)|working on|check on)\b",
    re.IGNORECASE,
)
WANTS_MORE = re.compile(
    r"\b(?:re-?open\w*|open(?:ed)? again|close it|cancel\w*|photos?|attach\w*|add(?:ed|ing)?|here is|"
    r"not (?:solved|fixed|right)|"
    r"again|still (?:not|broken|wrong)|why|complain\w*|angry|nobody|no one|weeks?|forget|withdraw\w*|change)\b",
    re.IGNORECASE,
)
"""What is wanted beside, or in place of, how a ticket stands: a person reads that."""


def of_a_kind(view: View, play: Play) -> Move:
    """What becomes of it, once the customer is known where it is about something of theirs."""
    if play is cancel_subscription.play and view.customer_id:
        return HandOff("account", play.about, ENDS, reason=Reason.NEW_MATTER, request=view.text)
    if play.of_customer and not view.customer_id:
        return ask_who(view)
    told = state_told(view) if play is ticket_state.play and view.customer_id else None
    return told or transfer(view, play.about)


def state_told(view: View) -> Move | None:
    """How the tickets stand that the customer names, and asks about; None where a person tells it."""
    numbers = read(view.text).facts.ticket_ids
    if not 1 <= len(numbers) <= MOST_TICKETS or not ASKS_STATE.search(view.text) or WANTS_MORE.search(view.text):
        return None
    looked = {c.arguments["ticket_id"]: c for c in view.calls if c.tool == get_ticket.name}
    if missing := [number for number in numbers if number not in looked]:
        return Calls(tuple(Call(get_ticket.name, {"ticket_id": number}) for number in missing))
    if not all(looked[number].done for number in numbers):
        return None
    return Say("\n".join(in_words(looked[number].result, view.language) for number in numbers))
