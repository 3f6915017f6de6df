"""A call that was read back to the customer, who said neither yes nor no to it: read back once more, or something else said."""

from collections.abc import Callable
from dataclasses import replace

from switchboard.consent.answers import asks_something, stance_of
from switchboard.declare.moves import Call, Say
from switchboard.declare.transcript import View

MOST_READ = 2
"""So often one and the same call is read back."""
INSTEAD = "All right, I have not done that. What would you like me to do instead?"
NO_ANSWER = "All that I know of this stands below. If you want to ask a colleague first, write that you want a person."


def nothing_known(view: View, call: Call) -> str:
    return ""


def read_back(
    view: View, call: Call, *, agreed: bool = False, answer: Callable[[View, Call], str] = nothing_known
) -> Say | Call:
    """The call, where the customer is to be asked (once more); what to say in place of one that they did not say yes to.

    Words that agree to it (or that are `agreed` to do so) have it read back once more, and so has what they ask, behind its
    `answer`. All else denies it, or means something that was not found in it.
    """
    repeated = [c for c in view.unconfirmed if c.tool == call.tool and dict(c.arguments) == dict(call.arguments)]
    if not repeated:
        return call
    asks = asks_something(view.latest)
    known = answer(view, call) if asks else ""
    if len(repeated) < MOST_READ and asks:
        return replace(call, telling=known or NO_ANSWER)  # the read-back stands again behind it
    if len(repeated) < MOST_READ and (agreed or stance_of(view.latest) == "yes"):
        return call
    return Say(f"{known}\n\n{INSTEAD}" if known else INSTEAD, asks=True)
