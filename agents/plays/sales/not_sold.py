"""Goods that no catalogue and no article names: the nearest names, what we sell, or the question which are meant."""

import re

from agents.plays.sales.asked import CATALOGUE, WHOLE, asked_of, catalogue_of, names_none
from agents.plays.sales.priced import MOST_PRODUCTS
from agents.plays.sales.terms import QUERIES
from agents.plays.searching import SEARCHES
from agents.products.unnamed import WHICH_PRODUCT, asks_if_sold, which_one
from agents.reasons import Reason
from agents.requests.reading import read
from agents.routing.elsewhere import NEVER_OURS, named
from switchboard.declare.moves import HandOff, Move, Say
from switchboard.declare.play import Play, Process
from switchboard.declare.transcript import View

WISHES = re.compile(
    r"\b(?:buy\w*|to purchase|to order|purchasing|sell|stock|looking for|prices?|cost|want|need|require\w*)\b", re.IGNORECASE
)
OF_GOODS = ("price_question", "product_question")
SOME = 6
"""Products that are named where nothing was found."""


def told(view: View, _: object) -> Move:
    """What is about no goods goes back."""
    question, goods = asked_of(view)
    catalogue = catalogue_of(view)
    if catalogue is None:
        return Say("I cannot read our catalogue right now. Please ask again in a few minutes.")
    if names_none(view):
        return Say(WHICH_PRODUCT, asks=True)
    if goods.near:
        names = ", ".join(name for name, _ in goods.near[:MOST_PRODUCTS])
        text = f"I find no product of exactly that name. The nearest that we sell: {names}. Which one shall I look up?"
        return Say(text, asks=True)
    is_sold = asks_if_sold(question)
    if not is_sold and not WISHES.search(question) and read(question).request.kind not in OF_GOODS:
        return HandOff("triage", "No goods are asked for.", reason=Reason.OTHER_DEPARTMENT)
    some = ", ".join(list(catalogue)[:: max(len(catalogue) // SOME, 1)][:SOME])
    we_sell = f"We sell goods for home and kitchen, for outdoors, and electronics, such as {some}."
    if is_sold or named(question).startswith(NEVER_OURS):
        return Say(f"No, we have nothing of that kind in our catalogue. {we_sell} If you mean one of these, write which.")
    if which := which_one(question):
        return Say(which, asks=True)
    return Say(
        f"I find nothing of that kind in our catalogue. {we_sell} Is it about one of our products? Then write which, and I "
        "give you prices and options; if it is about something else, write what it is.",
        asks=True,
    )


play = Play(
    name="not_sold",
    about="The customer asks for goods that are not in the catalogue.",
    process=Process(slots=(WHOLE, QUERIES), reads=(CATALOGUE, SEARCHES), told=told),
    of_customer=False,
)
