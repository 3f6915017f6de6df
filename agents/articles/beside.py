"""What a question asks beside the products that it names: what an article says, and what the catalogue does not."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from agents.articles.articles import PRICE, Article, quoted, stems
from agents.articles.passages import article_asked, named_in, passage_asked
from agents.products.beyond import BY_SIZE, compared
from agents.products.degrees import without_degrees
from agents.products.options import LETTER_SIZES
from agents.products.products import ALSO_CALLED, COLOURS, NUMBERS, UNITS, Named, without_names
from agents.requests.requests import ALL_CUES, MEANINGS
from agents.routing.departments import route
from switchboard.declare.moves import Calls
from switchboard.declare.transcript import View

ONE_QUESTION = 80
"""Characters up to which what surely asks for one passage is one matter, such as "what is it and how long does it take"."""
DETAILS = "get_product_details"
TOLD_BY = ("price_question", "product_question", "order_status")
"""The requests whose words the catalogue answers, or that nothing is asked by."""
NOT_TOLD = ("feature",)
SIZED = ("large", "big", "small", "little", "long", "short", "wide")


def not_told(view: View, question: str, named: Named) -> set[str]:
    """The stems of what is asked of products beside their names, prices and options: of that the catalogue says nothing."""
    asked = without_names(question, [name for name, _ in named.sure])
    found = [call.result for call in view.calls if call.tool == DETAILS and call.done]
    held = [words for product in found for words in _words_in(product)]
    if any(compared(product, question) for product in found):
        asked = without_degrees(asked)
    if any(words.startswith(BY_SIZE) for words in held):
        held += ["size", *LETTER_SIZES]
    known = _stems_of((*held, *ALSO_CALLED, *SIZED, *COLOURS, *UNITS, *NUMBERS)) | _of_requests()
    return {word for word in named_in(PRICE.sub(" ", asked)) - known if word.isalpha()}


@cache
def _of_requests() -> frozenset[str]:
    told = {name for cue in ALL_CUES if cue.kind in TOLD_BY for name in cue.meanings} - {*NOT_TOLD}
    return _stems_of(form for form, names in MEANINGS.items() if told & {*names})


def _stems_of(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(found for line in lines for found in stems(line))


def _words_in(product: Any) -> list[str]:
    options = [variant["options"] for variant in product["variants"].values()]
    return [product["name"], *(f"{name} {value}" for one in options for name, value in one.items())]


def terms_beside(view: View, question: str, named: Named) -> str | Calls:
    """The passage that surely answers what is asked beside the products, such as how to buy one; empty where there is none."""
    asked = passage_asked(without_names(question, [name for name, _ in named.sure]))
    article = article_asked(view, asked.citation) if asked and asked.sure else None
    if isinstance(article, Article):
        return f"{article.excerpt.heading}:\n{quoted(article, question)}"
    return article or ""


def is_one_question(text: str, pieces: Sequence[str], least: float) -> bool:
    """Whether a short text that surely asks for one passage asks for nothing beside it: for no other one, and for nothing that
    a department does with that confidence at least.
    """
    asked = passage_asked(text)
    if not asked or not asked.sure or len(text) > ONE_QUESTION:
        return False
    return not any(_asks_beside(piece, asked.citation, least) for piece in pieces)


def _asks_beside(piece: str, citation: str, least: float) -> bool:
    own = passage_asked(piece)
    return own.citation != citation if own else route(piece).confidence >= least and bool(named_in(piece))
