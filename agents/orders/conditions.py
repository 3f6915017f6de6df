"""A wish that hangs on what happens later, as in "if it is not here by Friday, cancel it": the desk keeps no watch on a day."""

import re

from agents.orders.status import PENDING, allows, status_text
from agents.orders.which_orders import Order
from agents.requests.deeds import in_plain
from agents.requests.reading import read
from switchboard.declare.moves import Say
from switchboard.declare.transcript import View
from switchboard.reading.facts.details import LOOKED_AT

SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
OURS = r"(?! (?:i|we) (?!do not|have not|am not|can ?not))"
"""What the customer themselves may do later is nothing that we would wait for."""
CONDITION = re.compile(
    rf"\b(?:if{OURS}|unless|in case|should (?:it|they|this|that|the \w+|my \w+) not|provided|as long as)\b.*", re.DOTALL
)
DAYS = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?"
MONTHS = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
DEADLINE = re.compile(
    r"\b(?:by|before|until|till|within|on|after|this|next|come)\b "
    r"(?:the |my |our |end of |next |this |\d{1,3} |a |two |few ){0,3}"
    rf"(?:{DAYS}|{MONTHS}|to(?:day|morrow|night)|then|noon|end of|weekend|weeks?|months?|days?|hours?|christmas|easter|"
    r"birthday|wedding|holidays?|\d{1,2}(?:st|nd|rd|th)?)\b|\b(?:in|on) time\b|\bsoon\b|\btoo late\b|\blate\b"
)
STILL_TO_COME = re.compile(
    r"\b(?:(?:does|do|will|is|are|can) not|cannot|unless (?:it|they|you|this|that|the \w+|my \w+)|should \w+(?: \w+)? not)\b"
    r"[^,]{0,20}\b(?:arrives?|comes?|(?:get|be) here|show up|turns? up|delivers?|reach(?:es)?|ships?|"
    r"be (?:sent|shipped|delivered))\b"
)
ENDS = re.compile(
    r"\b(?:cancel\w*|call\w* (?:it|that|the order) off|(?:my )?money back|refund\w*|(?:not|no longer) (?:want|need)\b|"
    r"not interested)"
)
ASKS = re.compile(r"\b(?:how|what|when|which|why)\b")
WAITS = re.compile(
    r"\b(?:wait|leave it|not (?:now|yet)|keep it|(?:write|come|get|be) (?:back|again)|let you know|another day|on that day)\b",
    re.IGNORECASE,
)
NO_WATCH = "I cannot wait for a day and then act by myself, so I have not noted this as a cancellation."


def hangs_on_later(text: str) -> bool:
    """Whether an order is to be ended only if something happens, or does not happen, later on.

    What can be seen now, such as whether it was sent, is no such condition.
    """
    return read(text).once(_hangs_on_later)


def _hangs_on_later(text: str) -> bool:
    for sentence in SENTENCE.split(in_plain(text[:LOOKED_AT])):
        found = CONDITION.search(sentence)
        later = found and (DEADLINE.search(found[0]) or STILL_TO_COME.search(found[0]))
        if later and ENDS.search(sentence) and not ASKS.search(sentence[: found.start()] if found else ""):
            return True
    return False


def only_now(view: View, order: Order) -> Say | None:
    """What is told in place of keeping watch: what can be done now, and that they write again; None once they chose that."""
    if view.questions and WAITS.search(view.latest):
        return Say("All right, I leave it as it is. Write to me on that day, and I see at once what can be done then.")
    if view.questions:
        return None
    seen = status_text(order)
    if order["status"] not in PENDING:
        return Say(f"{NO_WATCH} {seen} {allows(order)} What would you like me to do now?", asks=True)
    return Say(
        f"{NO_WATCH} {seen} Until it is sent it can be cancelled. Shall I cancel it now, or do you write to me again on that "
        "day?",
        asks=True,
    )
