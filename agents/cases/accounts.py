"""Which account a customer speaks of as theirs, and what follows where it is another one."""

import re

from agents.reasons import Reason
from switchboard.declare.moves import HandOff
from switchboard.declare.transcript import View
from switchboard.events.masking import emails
from switchboard.reading.facts.details import LOOKED_AT

OWN_ADDRESS = re.compile(
    r"(?:\b(?:i am|i['’]m|this is|it is|it['’]s|i meant?|sorry|no|try|use|under|actually|rather|instead|with|check|"
    r"(?:account|e-?mail(?: address)?|order|it) (?:is|was)"
    r"(?: (?:with|under|on|at|from))?|ordered (?:with|under|from))[\s,:]{1,3}|^\W*)$",
    re.IGNORECASE,
)
SOMEBODYS = re.compile(r"\b(?:of|for|about|on behalf of|e-?mail(?: address)? to)\W*$", re.IGNORECASE)
SOMEBODY = r"(?:wife|husband|partner|mother|mum|mom|father|dad|brother|sister|son|daughter|friend|neighbou?r|boss|colleague)"
OF_SOMEBODY = re.compile(
    rf"\b(?:in|on|under|from|with|through|via) (?:my |our )?(?:her|his|their|{SOMEBODY}['’]?s) (?:own )?"
    rf"(?:account|name|e-?mail|login)\b|\bmy {SOMEBODY}['’]?s (?:order|account|parcel|package|purchase)\b",
    re.IGNORECASE,
)
"""An order or account of somebody else, which only they can ask about."""
NOT_THEIRS = (
    "I can only see the account that this conversation was opened with, and nothing of another person's. For an order on their "
    "account they write to us from its e-mail address. If it is on yours after all, what is the order number?"
)
CHANGES_ADDRESS = re.compile(r"\b(?:change|update|new|replace|set)\b", re.IGNORECASE)


def other_account(view: View, to: str = "triage") -> HandOff | None:
    """Back where a verified customer names an e-mail address as theirs in answer to a question; None where they do not.

    Triage looks whether it is the verified customer's after all, and says what holds where it is not.
    """
    named = named_account(view.latest) if view.customer_id and view.questions else ""
    return passed_back(to, named) if named else None


def passed_back(to: str, account: str) -> HandOff:
    note = "The customer names another account as theirs."
    return HandOff(to, note, {"account": account}, reason=Reason.OTHER_ACCOUNT)


def named_account(text: str) -> str:
    """The e-mail address that a text names as the writer's own; one that is to be put into the account is none."""
    text = text[:LOOKED_AT]
    if CHANGES_ADDRESS.search(text):
        return ""
    return next((m[0].lower() for m in emails(text) if OWN_ADDRESS.search(text[max(0, m.start() - 60) : m.start()])), "")


def claimed(text: str) -> tuple[str, ...]:
    """The e-mail addresses of a text, without those that it speaks of as somebody's: "the orders of a@example.com"."""
    found = emails(text[:LOOKED_AT])
    return tuple(dict.fromkeys(m[0].lower() for m in found if not SOMEBODYS.search(text[max(0, m.start() - 60) : m.start()])))
