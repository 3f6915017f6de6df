"""A complaint about us: a ticket with all that was written, which a colleague answers."""

import re

from agents.cases.handover import of_another_matter
from agents.requests.reading import read
from switchboard.declare.moves import HandOff, Say
from switchboard.declare.play import Found, Play, Process, Slot, Step
from switchboard.declare.transcript import View
from tools.tickets import open_ticket

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
COMPLAINS = re.compile(
    r"\b(?:complaints?|complain(?:ing|ed)?|reclamations?|grievances?|(?:consumer|customer) claims?|"
    r"claims? against (?:you|ur|the (?:company|shop|store)))",
    re.IGNORECASE,
)


def is_made(question: str) -> bool:
    """Whether hard words are about us: a wish for a joke is none, nor the question whether an e-mail is a scam."""
    if COMPLAINS.search(question):
        return True
    negative = read(OFF_TOPIC.sub(" ", question)).sentiment == "negative"
    return negative and (bool(ABOUT_US.search(question)) or not question.rstrip().endswith("?"))


def ticket(view: View, _: Found) -> object:
    """What is opened; what is written after it is no other complaint."""
    if opened := view.last(open_ticket.name):
        return opened.arguments
    summary = f"Customer {view.customer_id or 'not verified'} complains: {' '.join(view.text.split())[:4000]}"
    return {"subject": "Complaint", "summary": summary, "department": "general", "priority": "high"}


def told(view: View, found: Found) -> HandOff | Say:
    number = found["result"]["ticket_id"]
    if view.questions:
        added = f"Thank you. It stands in your case, under ticket {number}, and a colleague answers it."
        return of_another_matter(view) or Say(added, asks=True)
    return Say(
        f"I am sorry about that, and I have put your complaint before our team with all that you wrote: ticket {number}. "
        "A colleague answers it. What would put it right for you? If you would rather speak to a person now, say so.",
        asks=True,
    )


play = Play(
    name="complaint_of_us",
    about="The customer complains about us.",
    process=Process(
        slots=(Slot("ticket", find=ticket),),
        does=Step(open_ticket.name, {one: f"ticket.{one}" for one in open_ticket.arguments.model_fields}),
        deeds=lambda _: "asked",
        told=told,
    ),
    of_customer=False,
)
