"""What the rules say where a customer is verified by a code that is sent to them: that it was sent, or that it was wrong."""

import re

from agents.cases.handover import asks_for_person, transfer
from switchboard.consent.typed_codes import HIDDEN, says_only_codes
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.moves import Move, Say, call
from switchboard.declare.transcript import CallResult, View

NEEDLESS = "I know already who you are, and need no further code."
STILL = "I still need the code of six digits that was sent by e-mail. If it did not arrive, write so, and I send another one."
MOST_STILL = 2
"""How often that is said before a person helps."""
CODE = re.compile(rf"(?:[\w'’]{{1,20}}[ :]{{1,3}}){{0,5}}{HIDDEN}[.,;!]?")
"""A code with the few words before it that only say that it is one."""
NO_CODE = re.compile(
    r"\b(?:again|another|re-?send|new (?:code|one|mail|e-?mail)|expired|nothing|no (?:code|mail|e-?mail)|"
    r"(?:not|never|(?:did|has|have|does)n['’]?t) (?:\w+ )?(?:got|get|gotten|receive[ds]?|arrived?|come|came|there|here))\b",
    re.IGNORECASE,
)
SPENT = {
    "code_not_sent": "A code to verify the customer could not be sent.",
    "too_many_codes": "Too many codes to verify the customer were asked for.",
    "code_void": "The customer wrote too many wrong codes.",
}


def by_code(view: View, *lookups: str) -> Move | None:
    """What comes next where one of these calls had a code sent, or where the customer wrote one; None where that is for who
    asks them who they are.
    """
    last = view.last(*lookups)
    if view.customer_id:
        return Say(NEEDLESS) if says_only_codes(view.text) else None
    if last is None:
        return None
    if last.code in SPENT:
        return transfer(view, SPENT[last.code])
    if last.code == "code_late":
        return call(last.tool, **last.arguments)
    if last.code not in ("code_sent", "code_wrong"):
        return None
    if _has_written_since(view):
        asks_again = NO_CODE.search(view.latest) and not asks_for_person(view)
        return call(last.tool, **last.arguments) if asks_again else None
    if last.code == "code_wrong":
        left = last.data.get("left", 1)
        tries = f"You have {left} tries left." if left != 1 else "You have one try left."
        return Say(f"That is not the code. Please look once more: it is in the newest mail. {tries}", asks=True)
    return Say(_sent(view, last), asks=True)


def still_asked(view: View, *lookups: str) -> Move | None:
    """What is said where the customer answered without the code that they were asked for; None where they were not."""
    last = view.last(*lookups)
    if last is None or last.code not in ("code_sent", "code_wrong"):
        return None
    if sum(e.kind == "message" and e.text == STILL for e in view.case) >= MOST_STILL:
        return transfer(view, "The customer could not be verified by a code.")
    return Say(STILL, asks=True)


def without_code(text: str) -> str:
    """What the customer wrote beside a code, which is no matter of its own."""
    return CODE.sub("", text).strip() or text


def _sent(view: View, last: CallResult) -> str:
    before = sum(c.code == "code_sent" for c in view.calls)
    what = "a code of six digits" if before < 2 else "another code of six digits" if before == 2 else "one last code"
    to = last.data.get("to")
    where = f"to {to}, if that is the address of an account" if to else "to the e-mail address on file, if there is an account"
    minutes = last.data.get("minutes", 10)
    return f"I have sent {what} {where}. Please write it to me here; it is valid for {minutes} minutes."


def _has_written_since(view: View) -> bool:
    """Whether the customer has written after the newest call that this is about."""
    told = [e.kind == "result" for e in view.case if e.kind == "result" or (e.kind == "message" and e.speaker == CUSTOMER)]
    return bool(told) and not told[-1]
