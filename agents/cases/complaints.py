"""Complaints: what is one, the ticket that it gets, and what the customer hears of a ticket."""

import re

from agents.cases.handover import of_another_matter
from agents.requests.reading import read
from switchboard.declare.moves import Calls, Move, Say, call
from switchboard.declare.transcript import View

OFF_TOPIC = re.compile(
    r"\b(?:weather|rain tomorrow|forecast|recipes?|cook|bake|jokes?|poem|story|song|lyrics|horoscope|capital of|president|"
    r"who (?:won|is|was|invented|wrote)|football|news|stock price|translate|homework|alarm|timer|remind|movie|meaning of life|"
    r"flip a coin|roll a|date today|what time is it|day of the week)\b",
    re.IGNORECASE,
)
ABOUT_US = re.compile(
    r"\b(?:you|your|you['’]re|service|support|company|shop|store|staff|team|fernhill|delivery|order|experience|treated|complain\w*)\b",
    re.IGNORECASE,
)
COMPLAINS = re.compile(r"\b(?:complaints?|complain(?:ing|ed)?|reclamations?|grievances?)\b", re.IGNORECASE)


def reported(view: View) -> Move | None:
    """What a ticket or noted contact details came to; a refused one is told with its reason."""
    last = view.last("take_contact_details", "open_ticket")
    if last is None:
        return None
    if not last.done:
        return Say(
            f"I could not note that: {last.text} Please send your name and an e-mail address or phone number.",
            asks=True,
        )
    number = last.result["ticket_id"]
    if last.tool == "take_contact_details":
        return Say(f"Thank you. A colleague will get back to you by {last.result['reach_by']}; your ticket is {number}.")
    if view.questions:
        added = f"Thank you. It stands in your case, under ticket {number}, and a colleague answers it."
        return of_another_matter(view) or Say(added, asks=True)
    return Say(
        f"I am sorry about that, and I have put your complaint before our team with all that you wrote: ticket {number}. "
        "A colleague answers it. What would put it right for you? If you would rather speak to a person now, say so.",
        asks=True,
    )


def is_complaint(question: str) -> bool:
    """Whether hard words are about us: a wish for a joke is none, nor the question whether an e-mail is a scam."""
    if COMPLAINS.search(question):
        return True
    negative = read(OFF_TOPIC.sub(" ", question)).sentiment == "negative"
    return negative and (bool(ABOUT_US.search(question)) or not question.rstrip().endswith("?"))


def complaint(view: View) -> Calls:
    said = " ".join(view.text.split())
    summary = f"Customer {view.customer_id or 'not verified'} complains: {said[:4000]}"
    return call("open_ticket", subject="Complaint", summary=summary, department="general", priority="high")
