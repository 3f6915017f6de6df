"""Products by their names, with what an article says to the rest of the question; or the one that is nearest to a name."""

import re

from agents.articles.beside import not_told, terms_beside
from agents.articles.passages import HELPS
from agents.plays.sales.asked import CATALOGUE, WHOLE, asked_of
from agents.plays.sales.priced import ADDED_UP, DETAILS, MOST_PRODUCTS, SUMS, told_of
from agents.plays.sales.terms import QUERIES, from_articles
from agents.plays.searching import SEARCHES
from switchboard.declare.moves import Calls, Say
from switchboard.declare.play import Found, Play, Process, Slot
from switchboard.declare.transcript import View

FITS = re.compile(
    r"\b(?:compatib\w+|(?:work|pair|go|be used|connect)s? (?:together )?with|fits? (?:on|in|to|my))\b", re.IGNORECASE
)
"""Where it is asked whether one thing goes with another."""
WHICH_DEVICE = "The catalogue does not say what it works with. Write which device it is to go with, and a colleague finds out."
IS_IT_THAT = "Is it that? If not, write what it is called, or what it is for."
NO_MORE = f"This is all that the catalogue says. {HELPS}"


def products(view: View, _: Found) -> list[str]:
    named = asked_of(view)[1]
    return [product for _, product in (named.sure or named.near)[:MOST_PRODUCTS]]


def beside(view: View, _: Found) -> str | Calls:
    return from_articles(view) or terms_beside(view, *asked_of(view))


def told(view: View, found: Found) -> Say:
    """What is told of products; where more is asked than the catalogue and the articles tell, it is no answer yet."""
    question, named = asked_of(view)
    parts = told_of(view, found)
    if not named.sure:
        return Say("\n\n".join(["This is the nearest that we sell.", *parts, IS_IT_THAT]), asks=True)
    parts += [f"We also have: {', '.join(name for name, _ in named.near)}."] if named.near else []
    if found["beside"]:
        return Say("\n\n".join([*parts, found["beside"]]))
    left = WHICH_DEVICE if FITS.search(question) else NO_MORE if not_told(view, question, named) else ""
    return Say("\n\n".join([*parts, left] if left else parts), asks=bool(left))


play = Play(
    name="by_name",
    about="The customer asks about products by their names.",
    process=Process(
        slots=(WHOLE, QUERIES, Slot("products", find=products), SUMS, Slot("beside", find=beside)),
        reads=(CATALOGUE, SEARCHES, DETAILS, ADDED_UP),
        told=told,
    ),
    of_customer=False,
)
