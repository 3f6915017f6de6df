"""What the text teams say beside what they quote, in the language of the question where it is one that is spoken."""

import re

from agents.requests.requests import BESIDE_A_GREETING
from switchboard.declare.moves import Say
from switchboard.declare.transcript import CallResult, View
from switchboard.reading.languages import SPOKEN, common, said
from switchboard.reports.words.language import language_of_question
from switchboard.search.words import terms

COURTESIES = frozenset(word for code in SPOKEN for word in common(code)) - common("en")
NOTHING = frozenset(said("team.nothing", code) for code in SPOKEN)
TICKET = re.compile(r"\bT\d{3,12}\b")


def language_of(view: View) -> str:
    return language_of_question(view.text, view.team_language)


def says(view: View, message: str, **fields: str) -> str:
    return said(f"team.{message}", language_of(view), **fields)


def tells_something(text: str) -> bool:
    """Whether a text holds more than a greeting."""
    return any(term not in COURTESIES and term not in BESIDE_A_GREETING for term in terms(text))


def nothing(view: View) -> Say:
    """The question for other words; of who only greeted, what it is about."""
    return Say(says(view, "nothing" if tells_something(view.text) else "which"), asks=True)


def with_person(view: View, handed: CallResult, message: str = "person") -> Say:
    """That a person has it, with the number of the ticket; why it could not be handed over where that failed."""
    ticket = TICKET.search(str(handed.result)) if handed.done else None
    return Say(says(view, message, ticket=ticket[0]) if ticket else handed.text or str(handed.result))
