"""A call that was read back to the customer, who said neither yes nor no to it: read back once more, or something else said."""

from collections.abc import Callable
from dataclasses import replace

from switchboard.consent.answers import asks_something, behind_no, stance_of
from switchboard.consent.partly import refuses
from switchboard.declare.moves import Call, Say
from switchboard.declare.transcript import View
from switchboard.plays.asked.questions import NO_DEED, asked_in
from switchboard.plays.slots import is_said
from switchboard.reading.languages import SPOKEN, said

MOST_READ, FEW_WORDS = 2, 4
"""So often one and the same call is read back, and words of an answer that says hardly more than which one it is about."""


def nothing_known(view: View, call: Call) -> str:
    return ""


def read_back(
    view: View, call: Call, *, agreed: bool = False, answer: Callable[[View, Call], str] = nothing_known
) -> Say | Call:
    """The call, where the customer is to be asked (once more); what to say in place of one that they did not say yes to.

    Words that agree to it (or that are `agreed` to do so), or name it again, have it read back once more, and so has what they
    ask, behind its `answer`, and what says neither that it is to be nor that it is not. A plain no before it, and what wants
    something in its place that was not found, denies it.
    """
    repeated = [c for c in view.unconfirmed if c.tool == call.tool and dict(c.arguments) == dict(call.arguments)]
    if not repeated:
        return call
    if behind_no(view.latest):
        return Say(instead(view), asks=True)
    if asks_what_instead(view.asked) and stance_of(view.latest) == "yes":
        return Say(said("read_back.what_instead", view.language), asks=True)  # a yes to that question says nothing
    asks = asks_something(view.latest)
    known = answer(view, call) if asks else ""
    if len(repeated) < MOST_READ and asks:
        return replace(call, telling=known or no_answer(view))  # the read-back stands again behind it
    if len(repeated) < MOST_READ and (agreed or stance_of(view.latest) == "yes" or is_named(view, call)):
        return call
    if not asks and not refuses(view.latest):
        unread = said("read_back.unread", view.language)
        if len(repeated) < MOST_READ:
            return replace(call, telling=unread)
        return Say(f"{unread}\n\n{said('read_back.what_instead', view.language)}", asks=True)
    return Say(f"{known}\n\n{instead(view)}" if known else instead(view), asks=True)


def no_answer(view: View) -> str:
    """What is told before a call is read back again where nothing more is known of what they ask."""
    return said("read_back.no_answer", view.language)


def instead(view: View) -> str:
    """What is asked where a call was not done and nothing else was found in the words."""
    return said("read_back.instead", view.language)


def asks_what_instead(text: str) -> bool:
    """Whether a text of ours asks that, in whatever language."""
    return any(said("read_back.instead", language) in text for language in SPOKEN)


def is_named(view: View, call: Call) -> bool:
    """Whether the newest words, a few, say one of the values of a call, and do not leave it alone: "B-102"."""
    words = asked_in(view.latest, NO_DEED, view.language)
    return len(words.split()) <= FEW_WORDS and any(is_said(str(value), words) for value in call.arguments.values())
