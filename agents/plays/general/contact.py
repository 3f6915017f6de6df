"""Contact details of a customer whom a colleague is to call or write to."""

from agents.articles.articles import query_of
from agents.cases.contact import CALL_ME, contact_in, contact_of
from agents.cases.handover import transfer
from switchboard.declare.moves import Move, Say
from switchboard.declare.play import Found, Play, Process, Slot, Step
from switchboard.declare.transcript import View
from tools.tickets import take_contact_details


def is_wanted(view: View, kind: str) -> bool:
    """Whether the customer gives their contact details, or asks to be called or written to."""
    given = contact_in(view.text).ways
    asks = kind == "contact_me" or bool(CALL_ME.search(view.latest))
    return asks or (bool(given) and bool(view.questions or not query_of(view.text)))


def details(view: View, _: Found) -> dict[str, str] | Move:
    """Who is to be reached, how, and about what; the question for what is missing, once for each."""
    given = contact_of(view)
    name = given.name or (f"customer {view.customer_id}" if view.customer_id else "")
    if given.ways and name:
        return {"name": name, "about": " ".join(view.text.split())[:4000], **given.ways}
    if given.ways:
        return Say("Thank you. What is your name, so that my colleague knows whom to ask for?", asks=True)
    if view.questions > 1:
        return transfer(view, "The customer wants to be contacted, and gave no way to reach them.")
    if view.customer_id:
        return Say("Gladly. At which phone number can we reach you?", asks=True)
    return Say("Gladly. What is your name, and at which e-mail address or phone number can we reach you?", asks=True)


play = Play(
    name="contact",
    about="The customer wants to be contacted.",
    process=Process(
        slots=(Slot("contact", find=details),),
        does=Step(take_contact_details.name, {one: f"contact.{one}" for one in take_contact_details.arguments.model_fields}),
        deeds=lambda _: "asked",
        told="Thank you. A colleague will get back to you by {result.reach_by}; your ticket is {result.ticket_id}.",
    ),
    of_customer=False,
)
