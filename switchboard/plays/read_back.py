"""A call that was read back to the customer, who said neither yes nor no to it: read back once more, or something else said."""

from collections.abc import Callable
from dataclasses import replace

from switchboard.consent.answers import asks_something, behind_no, stance_of
from switchboard.declare.moves import Call, Say
from switchboard.declare.transcript import View
from switchboard.plays.slots import NO_DEED, asked_in, is_said

MOST_READ, FEW_WORDS = 2, 4
"""So often one and the same call is read back, and words of an answer that says hardly more than which one it is about."""
INSTEAD = "All right, I have not done that. What would you like me to do instead?"
WHAT_INSTEAD = "Please write what I should do, in your own words; or write that you want a person, and I hand you over."
NO_ANSWER = "All that I know of this stands below. If you want to ask a colleague first, write that you want a person."


def nothing_known(view: View, call: Call) -> str:
    return ""


def read_back(
    view: View, call: Call, *, agreed: bool = False, answer: Callable[[View, Call], str] = nothing_known
) -> Say | Call:
    """The call, where the customer is to be asked (once more); what to say in place of one that they did not say yes to.

    Words that agree to it (or that are `agreed` to do so), or name it again, have it read back once more, and so has what they
    ask, behind its `answer`. A plain no before it, and all else, denies it, or means something that was not found in it.
    """
    repeated = [c for c in view.unconfirmed if c.tool == call.tool and dict(c.arguments) == dict(call.arguments)]
    if not repeated:
        return call
    if behind_no(view.latest):
        return Say(INSTEAD, asks=True)
    if INSTEAD in view.asked and stance_of(view.latest) == "yes":
        return Say(WHAT_INSTEAD, asks=True)  # a yes to that question says nothing
    asks = asks_something(view.latest)
    known = answer(view, call) if asks else ""
    if len(repeated) < MOST_READ and asks:
        return replace(call, telling=known or NO_ANSWER)  # the read-back stands again behind it
    if len(repeated) < MOST_READ and (agreed or stance_of(view.latest) == "yes" or is_named(view.latest, call)):
        return call
    return Say(f"{known}\n\n{INSTEAD}" if known else INSTEAD, asks=True)


def is_named(text: str, call: Call) -> bool:
    """Whether a few words say one of the values of a call, and do not leave it alone: "B-102"."""
    said = asked_in(text, NO_DEED)
    return len(said.split()) <= FEW_WORDS and any(is_said(str(value), said) for value in call.arguments.values())
