"""Account: the customer's own data, sign-in trouble, and closing an account."""

import re

from agents.articles.articles import asked_in
from agents.articles.passages import by_passage
from agents.cases.accounts import other_account
from agents.cases.answers import says_no
from agents.cases.by_play import by_play
from agents.cases.case import facts_of, kind_of
from agents.cases.handover import asks_for_person, transfer, transferred
from agents.orders.known_addresses import OF_ACCOUNT, order_for_account
from agents.plays.account import details, end_plan, how_to, new_address
from agents.plays.account.by_a_person import CLOSING, STRANGER, closing, stranger
from agents.plays.searching import section
from agents.reasons import Reason
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Say, Unsure
from switchboard.declare.play import Play
from switchboard.declare.transcript import View
from switchboard.plays.process import left_as_it_is
from tools.accounts import get_user_details, modify_user_address
from tools.knowledge import search_articles
from tools.orders import get_order_details
from tools.tickets import transfer_to_human_agents

PROMPT = """\
You look after the customer's account. get_user_details shows what is on file; read out only what is needed. \
modify_user_address changes the default address, from street, city, state, country and zip; orders keep theirs, so hand \
those back to triage. For passwords, locked accounts and sign-in codes give the steps from search_articles with their \
citation, such as [file.md#heading]; you can neither see nor set a password. Closing an account, a new name or signs of \
someone else in it: hand_off to human with a summary. A good answer repeats the new value, or gives the next step."""

INTRUDER = re.compile(
    r"\b(?:hacked|hijacked|compromised|phish\w*|stole\w* my (?:account|password)|not me who|did(?: not|n['’]t) sign in)\b"
    r"|\b(?:someone|somebody)(?: else)? (?:is |has |was )?(?:us\w+|in|got|get\w*|sign\w*|log\w*|access\w*|chang\w+|took)\b",
    re.IGNORECASE,
)
ON_FILE = re.compile(
    r"\b(?:what|which|show|tell|see|check|confirm|is)\b[^.!?\n]{0,60}\b(?:on file|do you have|you have|(?:in|on|with|of) my "
    r"(?:account|profile)|my (?:account|profile) details)\b",
    re.IGNORECASE,
)
GAVE_PASSWORD = re.compile(
    r"\b(?:pass ?word|passcode|pwd)\b(?:\W{1,3}|\s(?:is|was|being|of mine is)\s)"
    r"(?!(?:is|was|and|or|for|to|in|on|reset|change|forgot\w*|not|does|do|did|will|link|mail|e-?mail|page|please|problem|help)\b)"
    r"[^\n]{0,20}\d",
    re.IGNORECASE,
)
"""A password, written out."""
NEVER_A_PASSWORD = (
    "Please never write a password to anybody: none of us asks for one, and I cannot sign in with it. Change it now, here and "
    "wherever else you use it: open the sign-in page and select Forgot password? What may I help you with?"
)
STREET_MEANT = re.compile(
    r"\b(?:street|home|postal|shipping|delivery|billing|default|zip|mov(?:e|ed|ing)|live)\b", re.IGNORECASE
)
CONTACT_MEANT = re.compile(r"\be-?mail|\bmail address|\bphone|\btelephone|\b(?:mobile|cell) number|\bname\b", re.IGNORECASE)
NO_HELP = re.compile(
    r"\bstill (?:not|can|cannot|does|is|locked)|\bdid(?: not|n['’]t) (?:work|help)\b|\b(?:does|do)(?: not|n['’]t) help\b"
    r"|\btried (?:that|this|it|everything|all)\b|\bno luck\b",
    re.IGNORECASE,
)


def without_model(view: View) -> Move | Unsure:
    """A person where one is needed, the passage that answers, else what the play of the request has next."""
    if said := transferred(view):
        return with_article(view, said)
    if asks_for_person(view):
        return transfer(view, "The customer asks for a person about their account.")
    if handed := other_account(view):
        return handed
    if GAVE_PASSWORD.search(view.latest) and not view.questions:
        return Say(NEVER_A_PASSWORD, asks=True)
    if end_plan.is_asked(view):
        return by_play(view, end_plan.play)
    if told := by_passage(view):
        return told
    if says_no(view):
        return left_as_it_is(view)
    if view.latest != view.text and NO_HELP.search(view.latest):
        return transfer(view, "The steps of the articles did not help the customer.")
    play = play_for(view)
    if play is not details.play and (handed := of_an_order(view)):
        return handed
    if play.of_customer and not view.customer_id:
        why = "The customer is not verified yet, and the matter is about their account."
        return HandOff("triage", why, reason=Reason.NOT_VERIFIED)
    return by_play(view, play)


def play_for(view: View) -> Play:
    question, kind = asked_in(view), kind_of(view)
    if ON_FILE.search(question):
        return details.play
    is_street = facts_of(view).addresses or STREET_MEANT.search(question) or not CONTACT_MEANT.search(question)
    if kind == "user_address" and is_street:
        return new_address.copied if new_address.is_copied(view) else new_address.play
    if INTRUDER.search(question):
        return stranger
    return closing if kind == "close_account" and not how_to.HOW_TO.search(question) else how_to.play


def of_an_order(view: View) -> HandOff | None:
    """The handoff of what is about the address of an order, and not of the account."""
    facts, kind = facts_of(view), kind_of(view)
    copied = kind == "user_address" and not facts.addresses and order_for_account(view.text)
    if facts.order_ids and not copied and (facts.addresses or kind in ("user_address", "change_address")):
        why = f"This is about the address of order {facts.order_ids[0]}, not about the account's."
        return HandOff("triage", why, {"kind": "change_address"}, reason=Reason.OTHER_DEPARTMENT)
    if kind == "user_address" and not facts.addresses and OF_ACCOUNT.search(asked_in(view)):
        why = "This is about sending an order to the account's address."
        return HandOff("triage", why, {"kind": "change_address"}, reason=Reason.OTHER_DEPARTMENT)
    return None


def with_article(view: View, said: Say) -> Say:
    """How the hand-over went, with what the customer can do meanwhile against a stranger, or before an account is closed."""
    topic = {stranger.name: STRANGER, closing.name: CLOSING}.get(play_for(view).name)
    words = section(view, topic) if topic else ""
    return Say(f"{said.text}\n\n{words}") if words else said


agent = AgentSpec(
    name="account",
    description="The customer's own data, sign-in trouble, closing an account.",
    prompt=PROMPT,
    tools=(get_user_details, get_order_details, modify_user_address, search_articles, transfer_to_human_agents),
    plays=(details.play, end_plan.play, new_address.play, new_address.copied, stranger, closing, how_to.play),
    temperature=0.1,
    without_model=without_model,
)
