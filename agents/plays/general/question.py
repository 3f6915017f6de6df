"""A question that is about no rows: the article that answers it; else what this desk does, and a way to a person."""

import re

from agents.articles.articles import answers_to, asked_in, query_of, quoted, searches_for
from agents.articles.passages import HELPS, HOW_LONG, WHERE, article_asked, article_borne_out
from agents.cases.handover import of_another_matter, transfer
from agents.plays.searching import SEARCHES, queries
from agents.products.unnamed import which_goods
from agents.requests.kinds import MY_PLACE, of_delivering
from agents.routing.assignment import ABOUT_ROWS
from switchboard.declare.moves import Calls, Move, Say
from switchboard.declare.play import Found, Play, Process, Slot
from switchboard.declare.transcript import View
from switchboard.events.masking import CARD

CAN_DO = (
    "I can help with orders, refunds, payments, products, Fernhill Plus, your account, technical problems and areas or sums."
)
OFFER = "If you would like a person to get back to you, send me your name and an e-mail address or phone number."
REACH_US = re.compile(
    r"\b(?:customer (?:care|service)|support|help ?(?:line|desk)) (?:phone |telephone )?number\b|"
    r"\bhow (?:do|can|to|could) (?:i |we )?(?:contact|reach|call|phone|write to|get in touch)\b"
    r"|\b(?:call|phone|ring|reach|contact) (?:your |the )?customer (?:care|service|support|assistance)\b"
    r"|\bcontact (?:details|information)\b|\byour (?:phone|telephone|e-?mail|contact|hotline)\b",
    re.IGNORECASE,
)
WAYS_TO_US = "Ways to reach customer service"
NEW_CARD = "How do I add a card?"
PLACED = re.compile(r"\b(?:to|in|into|at|near|for|around|anywhere|everywhere|from)\b|\d{4}", re.IGNORECASE)
"""Where a delivery goes to somewhere."""


def topic(words: str) -> str:
    """What is answered whatever else the words say: a card number, or the question how to reach us; empty for all else."""
    return NEW_CARD if CARD in words else WAYS_TO_US if REACH_US.search(words) else ""


def question(view: View) -> str:
    asked = asked_in(view)
    return topic(asked) or asked


def looked_for(view: View, _: Found) -> list[str]:
    asked = question(view)
    return queries(asked) if query_of(asked) else []


def told(view: View, _: Found) -> str | Move:
    asked = question(view)
    if not query_of(asked) and len(view.text) < len(view.latest):
        # A remark beside another matter, such as "what can I do?": that matter is answered by its own department.
        return "If that leaves anything open, write again, or ask for a person at any time."
    article = article_borne_out(answers_to(view, *searches_for(asked)), asked)
    if article is None:
        return unanswered(view, asked)
    warned = "Please never send a card number in a message; I have not kept it.\n\n" if asked == NEW_CARD else ""
    # triage gives questions here that could also be asked of the customer's own orders
    is_of_rows = view.facts.get("kind") in ABOUT_ROWS - {"payment_method", "change_address"}
    own = "\n\nIf it is about an order of yours, send me its number." if is_of_rows else ""
    said = f"{warned}{article.excerpt.heading}:\n{quoted(article, '' if asked == WAYS_TO_US else asked)}{own}"
    return said if article.sure else Say(f"{said}\n\n{HELPS}", asks=True)


def unanswered(view: View, asked: str) -> Move:
    """What is said where no article that was found answers."""
    if view.questions:
        return of_another_matter(view) or transfer(view, "The desk found no answer to the customer's question.")
    if of_delivering(asked):
        where = article_asked(view, WHERE if MY_PLACE.search(asked) or PLACED.search(asked) else HOW_LONG)
        if isinstance(where, Calls):
            return where
        if where:
            own = f"If it is about an order of yours, send me its number. {HELPS}"
            return Say(f"{where.excerpt.heading}:\n{quoted(where, asked)}\n\n{own}", asks=True)
    which = which_goods(asked) or f"I do not know the answer to that, and I do not want to guess. {CAN_DO} {OFFER}"
    return Say(which, asks=True)


play = Play(
    name="general_question",
    about="The customer has a question.",
    process=Process(slots=(Slot("queries", find=looked_for),), reads=(SEARCHES,), told=told),
    of_customer=False,
)
