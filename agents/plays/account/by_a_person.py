"""What only a person may do to an account, with what the customer can do meanwhile from an article."""

from agents.cases.handover import transfer
from agents.plays.searching import SEARCHES, queries
from switchboard.declare.moves import Move
from switchboard.declare.play import Found, Play, Process, Slot
from switchboard.declare.transcript import View

STRANGER = "I think that someone else uses my account"
CLOSING = "Before you close the account: gift card, Plus, open orders"


def with_article(name: str, topic: str, about: str) -> Play:
    """A play that a person settles once the article on its topic is read; `told` with the hand-over it is by the agent."""

    def told(view: View, _: Found) -> Move:
        return transfer(view, about)

    slot = Slot("queries", find=lambda *_: queries(topic))
    return Play(name, about, process=Process(slots=(slot,), reads=(SEARCHES,), told=told), of_customer=False)


stranger = with_article("stranger", STRANGER, "Somebody else may be in the customer's account.")
closing = with_article("closing", CLOSING, "The customer wants their account closed.")
