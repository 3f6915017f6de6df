"""Parts of the plays of sales: the words that are answered, and the products of the catalogue that they name."""

import re
from collections.abc import Mapping
from functools import lru_cache

from agents.articles.articles import answers_to, asked_in
from agents.articles.beside import not_told
from agents.products.products import LOOKED_AT, Named, products_in
from agents.products.unnamed import names_nothing
from agents.routing.elsewhere import UNMISTAKABLE, named
from agents.routing.follow_ups import CHOOSES
from switchboard.declare.moves import Call
from switchboard.declare.play import Slot, Step
from switchboard.declare.transcript import View
from tools.catalog import list_all_product_types

WHOLE = Slot("catalogue", find=lambda *_: ("whole",))
MOST_KEPT = 64
"""Texts of which is kept what they name, since each step of a play asks it."""
HOLDS = re.compile(r"\b\w+ of (\w+(?: \w+)?)", re.IGNORECASE)
CATALOGUE = Step(list_all_product_types.name, each=WHOLE.name)
"""One call; as one of a list, since articles answer, too, where the catalogue cannot be read."""


def question_of(view: View) -> str:
    return view.text if CHOOSES.match(view.latest) else asked_in(view)


def catalogue_of(view: View) -> Mapping[str, str] | None:
    """The names of our products, with their ids; None where they could not be read, or were not yet."""
    listed = answers_to(view, Call(CATALOGUE.tool))
    return listed[0].result if listed and listed[0].done else None


def asked_of(view: View) -> tuple[str, Named]:
    """The words that are answered, and what they name; nothing, while the catalogue was not read.

    After a question of ours that the catalogue does not settle it is the newest words alone, where they name a product.
    """
    question, newest = question_of(view), _named(view, view.latest)
    goods = _named(view, question)
    return (view.latest, newest) if newest.sure and _is_open(view, question, goods) else (question, goods)


def nothing_new(view: View) -> bool:
    """Whether more was asked of products than the catalogue tells, and the newest words name no others."""
    again = _named(view, view.latest).sure or CHOOSES.match(view.latest)
    return not again and _is_open(view, *asked_of(view))


def names_none(view: View) -> bool:
    """Whether a first message asks for something of goods, and not of which."""
    question, goods = asked_of(view)
    if goods.sure or goods.near or view.questions or catalogue_of(view) is None:
        return False
    return names_nothing(question)


def _named(view: View, text: str) -> Named:
    return _named_in(text[:LOOKED_AT], tuple((catalogue_of(view) or {}).items()))


@lru_cache(MOST_KEPT)
def _named_in(text: str, catalogue: tuple[tuple[str, str], ...]) -> Named:
    """What a text names; a bottle of what we do not have is none of our bottles."""
    text = HOLDS.sub(lambda held: " " if named(held[1], UNMISTAKABLE) else held[0], text)
    return products_in(text, dict(catalogue))


def _is_open(view: View, question: str, goods: Named) -> bool:
    return bool(view.questions and goods.sure and not_told(view, question, goods))
