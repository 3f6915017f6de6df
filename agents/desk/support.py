"""Support: gets things working again with the steps of an article, or leaves the case with technical support."""

import re

from agents.articles.articles import (
    NEGATED,
    VAGUE,
    Article,
    answers_to,
    asked_in,
    is_vague,
    not_made,
    of_other_device,
    query_of,
    quoted,
    search,
    search_remedy,
)
from agents.articles.passages import article_asked, article_borne_out
from agents.cases.case import facts_of, orders_of
from agents.cases.contact import contact_of
from agents.cases.handover import asks_for_person, of_another_matter, transfer, transferred
from agents.requests.reading import read
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, Move, Say, call
from switchboard.declare.transcript import CallResult, View
from switchboard.reading.words import words_of
from tools.knowledge import search_articles
from tools.orders import get_order_details
from tools.tickets import add_case_note, open_ticket, transfer_to_human_agents

PROMPT = """\
You get things working again. Search first: search_articles with the product and the symptom or error code. Give the \
steps of the article that fits, in order, with its citation, such as [file.md#heading]. Invent no steps. \
get_order_details shows which model was bought and when. If the steps were tried or do not fit, open_ticket for support \
with product, symptom, code and what was tried, once per matter, and give its number; a customer who is not verified is \
asked for name and e-mail or phone, kept by add_case_note. At heat, smoke or a swollen battery tell the \
customer to stop using it, and hand_off to human. Sign-in trouble and returns go back to triage."""

DAMAGED = re.compile(
    r"\b(?:damaged?|dent(?:s|ed)?|crack(?:s|ed)?|smashed|shattered|scratch(?:es|ed)?|crushed)\b", re.IGNORECASE
)
ARRIVAL = re.compile(r"\b(?:arriv\w+|deliver\w+|parcel|package|unpack\w*|box|came)\b", re.IGNORECASE)
WARRANTY = re.compile(r"\b(?:warrant\w+|guarantee\w*|covered)\b", re.IGNORECASE)
TRIED = re.compile(
    r"\bstill (?:does|do|is|will|did|has|not|no|the same|shows?|broken|won)|\b(?:did|does|has|have)(?: not|n['’]t) help|"
    r"\bno (?:luck|change|improvement)\b|\bsame (?:problem|error|issue)\b|\btried (?:all|everything|that|this|it|the steps)\b|"
    r"\bdid(?: not|n['’]t) (?:work|solve|fix)\b",
    re.IGNORECASE,
)
SOME_PROGRAM = words_of("""
    software softwares program programs application applications app system systems server servers status update updates
    updated updating version latest periodic missing check load loaded loading slow proper global facing sir open opening
""")
"""Words that name no device or program, and no fault that an article could be found by."""
DAMAGE_QUESTION = "Damaged on delivery: what to tell us within days, with photos"
WARRANTY_QUERY = "what warranty covered devices"
STILL = "The customer says that it still does not work."
NO_GUESS = "I have no article that surely solves this, so I do not guess."
STEPS = 8


def without_model(view: View) -> Move:
    """Danger and wishes for a person first, then the article, then a ticket."""
    said = transferred(view)
    if said:
        return said
    if asks_for_person(view):
        return transfer(view, "The customer asks for a human.")
    ticket = view.last("open_ticket")
    if ticket:
        return of_another_matter(view) or told(view, ticket)
    return leave(view, STILL) if did_not_help(view) else from_articles(view)


def did_not_help(view: View) -> bool:
    """Whether the newest words say hardly more than that it still does not work."""
    newest = view.latest.strip().rsplit("\n", 1)[-1]
    return bool(TRIED.search(newest)) and len(query_of(newest).split()) <= 3


def from_articles(view: View) -> Move:
    """Search, look at the order where one is named, and answer with what was found."""
    question = question_of(view)
    asked = article_asked(view) if view.text.endswith(view.latest) and not view.questions else None
    if isinstance(asked, Calls):
        return asked
    searches = (search(question), remedy(question))
    orders = [Call("get_order_details", {"order_id": o}) for o in orders_of(view)[:2]] if view.customer_id else []
    missing = not_made(view, *searches, *orders)
    if missing:
        return Calls(missing)
    found = answers_to(view, *searches)
    if asked:
        return solved(question, asked, answers_to(view, *orders))
    if (is_vague(question, found) or names_no_device(question)) and not WARRANTY.search(question):
        if not view.questions:
            return Say("Which device is it, and what exactly does it do or show? An error code helps most.", asks=True)
        return leave(view, "What is wrong could not be told from the customer's words.")
    article = article_borne_out(found, question)
    if article is None or of_other_device(article.excerpt, question):
        return leave(view, "No article fits.")
    return solved(question, article, answers_to(view, *orders))


def names_no_device(question: str) -> bool:
    """Whether hardly more is said than that some program or system has a fault: "my software needs an update"."""
    return not read(question).facts.error_codes and not set(query_of(question).split()) - VAGUE - SOME_PROGRAM


def question_of(view: View) -> str:
    """The customer's words, or what they come to where they name nothing that an article could be found by."""
    asked = asked_in(view)
    if DAMAGED.search(asked) and ARRIVAL.search(asked):
        return DAMAGE_QUESTION
    only_warranty = WARRANTY.search(asked) and not (NEGATED.search(asked) or read(asked).facts.error_codes)
    return WARRANTY_QUERY if only_warranty else asked


def remedy(question: str) -> Call:
    return Call("search_articles", {"query": WARRANTY_QUERY}) if WARRANTY.search(question) else search_remedy(question)


def solved(question: str, article: Article, orders: list[CallResult]) -> Say:
    """The article's words with its citation, what the order says of the device, and what to do if it does not help."""
    parts = [f"{article.excerpt.heading}:\n{quoted(article, question, STEPS)}"]
    parts += [bought(order) for order in orders]
    if question == DAMAGE_QUESTION:
        parts.append("Reply with what is damaged and whether you prefer a replacement or a refund.")
    elif not WARRANTY.search(question):
        parts.append("If that does not help, reply with what happened, and I open a ticket with our technical support.")
    return Say("\n\n".join(parts))


def bought(order: CallResult) -> str:
    """What an order says of the device, or why it could not be read."""
    if not order.done:
        return f"I could not look up order {order.arguments['order_id']}: {order.text}"
    names = ", ".join(item["name"] for item in order.result["items"])
    when = order.result.get("delivered_on")
    state = f"delivered on {when}" if when else order.result["status"]
    return f"Your order {order.result['order_id']} ({names}): {state}."


def leave(view: View, why: str) -> Move:
    """A ticket with all that technical support needs to begin; the one that is open already, where there is one."""
    if view.facts.get("ticket"):
        return no_second(view.facts["ticket"])
    facts = facts_of(view)
    known = {
        "Customer": view.customer_id or "not verified",
        "Orders": ", ".join(orders_of(view)),
        "Error codes": ", ".join(facts.error_codes),
        "Contact": ", ".join((*facts.emails, *facts.phones)),
        "Wrote": " ".join(view.text.split())[:3000],
    }
    summary = " ".join([why, *(f"{name}: {value}." for name, value in known.items() if value)])
    subject = f"Technical problem: {query_of(view.text) or 'no symptom named'}"[:200]
    priority = "high" if view.facts.get("urgency") == "high" else "normal"
    return call("open_ticket", subject=subject, summary=summary, department="support", priority=priority)


def no_second(number: str) -> Say:
    return Say(
        f"I am sorry that it is not solved yet. Our technical support has your case, under ticket {number}; "
        "I open no second one. If you would rather speak to a person now, say so, and I hand you over.",
        asks=True,
    )


def told(view: View, ticket: CallResult) -> Move:
    """The ticket's number and what comes next; a human where no ticket could be opened."""
    if not ticket.done:
        return transfer(view, f"A support ticket could not be opened: {ticket.text}")
    number, summary = ticket.result["ticket_id"], str(ticket.arguments["summary"])
    if view.questions and did_not_help(view) and view.customer_id:
        return no_second(number)
    given, noted = contact_of(view), view.last("add_case_note")
    said_more = " ".join(view.latest.split()) not in summary
    if noted or (said_more and not given.ways):
        reached = f" at {' or '.join(given.ways.values())}" if noted and noted.done else ""
        keep = f"Thank you. A colleague takes it from there{reached}. Your ticket is {number}; please keep the number."
        return Say(keep, asks=True)  # nobody has answered it yet
    if said_more:
        reach = f"reach {given.name or 'the customer'} at {', '.join(given.ways.values())}"
        return call("add_case_note", text=f"Ticket {number}: {reach}.")
    sorry = "I am sorry that it still does not work." if did_not_help(view) else NO_GUESS
    opened = f"{sorry} I have opened ticket {number} with our technical support; it holds all that you wrote."
    if view.customer_id or given.ways:
        keep = f"{opened} A colleague takes it from there. Please keep the number: with it anybody here finds your case."
        return Say(f"{keep} Is there anything that they should know beside this, such as what you have tried?", asks=True)
    return Say(f"{opened} What is your name, and at which e-mail address or phone number can a colleague reach you?", asks=True)


agent = AgentSpec(
    name="support",
    description="Solves technical problems with devices and the app, and answers on warranty and damage.",
    prompt=PROMPT,
    tools=(search_articles, get_order_details, open_ticket, add_case_note, transfer_to_human_agents),
    temperature=0.2,
    without_model=without_model,
)
