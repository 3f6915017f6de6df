"""What the two sides share: a sentence of the sources that speaks for one of them and is not on the board yet."""

import re
from collections.abc import Callable

from agents.sourced.quotes import Quote, begun, best, quoted, quotes_in, search, searches
from agents.sourced.says import nothing, tells_something
from switchboard.declare.moves import HandOff, Move, Unsure, otherwise
from switchboard.declare.transcript import View

FOR = re.compile(
    r"\b(?:saves?|less|cheap\w*|lower|efficien\w*|quiet|clean\w*|grants?|last|free|even|light|best|better|safe\w*)\b", re.I
)
AGAINST = re.compile(r"\b(?:costs?|more|noise|decibels|falls?|needs?|must|only|rules|slow\w*|risk\w*|limit\w*|leaks?)\b", re.I)
NOTHING_NEW = "nothing_new"
"""The reason of a turn in which a side has nothing to add."""


def argue(view: View, ours: re.Pattern[str], theirs: re.Pattern[str], with_it: str) -> Move | Unsure:
    """Look for what speaks for a side, then the best sentence that does so more than for the other."""
    found = searches(view)
    if not found and not tells_something(view.text):
        return nothing(view)
    if not found:
        return search(f"{view.text} {with_it}")
    if not view.said and not any(begun(view.text) & begun(f"{one.text} {one.citation}") for one in quotes_in(found)):
        return nothing(view)  # of who speaks first: the others find no more
    fitting = [q for q in new_quotes(view) if len(ours.findall(q.text)) > len(theirs.findall(q.text))]
    about = [q for q in best(fitting, view.text, len(fitting)) if begun(view.text) & begun(f"{q.text} {q.citation}")]
    return Unsure(contribution(about[:1]))


def new_quotes(view: View) -> list[Quote]:
    said = "\n".join(line.text for line in view.said)
    return [quote for quote in quotes_in(searches(view)) if quote.text not in said]


def contribution(quotes: list[Quote]) -> HandOff:
    text = "\n".join(quote.bullet for quote in quotes)
    return HandOff("moderator", text or "Nothing more.", reason="" if quotes else NOTHING_NEW)


def read_beside(rules: Callable[[View], Move | Unsure]) -> Callable[[str, View], Move]:
    """Of what a model argues the sentences that stand in the sources; what the rules say where there is none."""

    def read(text: str, view: View) -> Move:
        kept = quoted(text, new_quotes(view))
        return contribution(kept) if kept else otherwise(rules(view))

    return read
