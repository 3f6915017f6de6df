"""What no article solves: a ticket with all that technical support needs to begin, and how the customer can be reached."""

import re
from functools import partial

from agents.articles.articles import query_of
from agents.cases.by_play import by_play
from agents.cases.case import facts_of, orders_of
from agents.cases.contact import contact_of
from agents.cases.handover import of_another_matter
from switchboard.declare.moves import Move, Say, Unsure, call
from switchboard.declare.play import Condition, Found, Play, Process, Slot, Step
from switchboard.declare.transcript import View
from switchboard.plays.process import step_of
from tools.tickets import add_case_note, open_ticket

TRIED = re.compile(
    r"\bstill (?:does|do|is|will|did|has|not|no|the same|shows?|broken|won)|\b(?:did|does|has|have)(?: not|n['’]t) help|"
    r"\bno (?:luck|change|improvement)\b|\bsame (?:problem|error|issue)\b|\btried (?:all|everything|that|this|it|the steps)\b|"
    r"\bdid(?: not|n['’]t) (?:work|solve|fix)\b",
    re.IGNORECASE,
)


def did_not_help(view: View) -> bool:
    """Whether the newest words say hardly more than that it still does not work."""
    newest = view.latest.strip().rsplit("\n", 1)[-1]
    return bool(TRIED.search(newest)) and len(query_of(newest).split()) <= 3


def left(view: View, why: str = "The customer says that it still does not work.") -> Move | Unsure:
    """The next move of the play, for what an article did not solve; `why` stands first in the ticket."""
    return by_play(view, play, partial(step_of, known={"why": why}))


def ticket(view: View, found: Found) -> dict[str, str]:
    facts = facts_of(view)
    known = {
        "Customer": view.customer_id or "not verified",
        "Orders": ", ".join(orders_of(view)),
        "Error codes": ", ".join(facts.error_codes),
        "Contact": ", ".join((*facts.emails, *facts.phones)),
        "Wrote": " ".join(view.text.split())[:3000],
    }
    return {
        "subject": f"Technical problem: {query_of(view.text) or 'no symptom named'}"[:200],
        "summary": " ".join([found["why"], *(f"{name}: {value}." for name, value in known.items() if value)]),
        "department": "support",
        "priority": "high" if view.facts.get("urgency") == "high" else "normal",
    }


def no_second(number: str) -> Say:
    return Say(
        f"I am sorry that it is not solved yet. Our technical support has your case, under ticket {number}; "
        "I open no second one. If you would rather speak to a person now, say so, and I hand you over.",
        asks=True,
    )


def told(view: View, found: Found) -> Move:
    """The ticket's number and what comes next."""
    if another := of_another_matter(view):
        return another
    number, summary = found["result"]["ticket_id"], found["ticket.summary"]
    if view.questions and did_not_help(view) and view.customer_id:
        return no_second(number)
    given, noted = contact_of(view), view.last(add_case_note.name)
    said_more = " ".join(view.latest.split()) not in summary
    if noted or (said_more and not given.ways):
        reached = f" at {' or '.join(given.ways.values())}" if noted and noted.done else ""
        keep = f"Thank you. A colleague takes it from there{reached}. Your ticket is {number}; please keep the number."
        return Say(keep, asks=True)  # nobody has answered it yet
    if said_more:
        reach = f"reach {given.name or 'the customer'} at {', '.join(given.ways.values())}"
        return call(add_case_note.name, text=f"Ticket {number}: {reach}.")
    no_guess = "I have no article that surely solves this, so I do not guess."
    sorry = "I am sorry that it still does not work." if did_not_help(view) else no_guess
    opened = f"{sorry} I have opened ticket {number} with our technical support; it holds all that you wrote."
    if view.customer_id or given.ways:
        keep = f"{opened} A colleague takes it from there. Please keep the number: with it anybody here finds your case."
        return Say(f"{keep} Is there anything that they should know beside this, such as what you have tried?", asks=True)
    return Say(f"{opened} What is your name, and at which e-mail address or phone number can a colleague reach you?", asks=True)


OPENED_BEFORE = Condition(
    lambda view, _: bool(view.facts.get("ticket")), (False,), lambda view, _: no_second(view.facts["ticket"])
)
play = Play(
    name="ticket",
    about="A support ticket could not be opened.",
    process=Process(
        slots=(Slot("ticket", find=ticket),),
        conditions=(OPENED_BEFORE,),
        does=Step(open_ticket.name, {one: f"ticket.{one}" for one in open_ticket.arguments.model_fields}),
        deeds=lambda _: "asked",
        told=told,
    ),
    of_customer=False,
)
