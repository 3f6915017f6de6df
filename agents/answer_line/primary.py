"""The primary: answers from the shop's articles, and declines where none is about it."""

from agents.sourced.quotes import WEAKEST, best, quotes_in
from agents.sourced.says import nothing, tells_something
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Say, Unsure, call
from switchboard.declare.transcript import View
from tools.knowledge import search_articles

NO_ARTICLE = "no_article"
PROMPT = """\
You answer from the shop's articles: search_articles, then what they say, with the citation. Where no article is about it \
hand off to backup, with the reason no_article."""
FITS = 2 * WEAKEST
"""The score from which an article is about the question, and not only near it."""


def without_model(view: View) -> Move | Unsure:
    looked = view.last(search_articles.name)
    if not view.questions and not tells_something(view.text):
        return nothing(view)
    if looked is None:
        return call(search_articles.name, query=view.text[:300])
    fitting = [one for one in looked.result if one["score"] >= FITS] if looked.done else []
    told = best(quotes_in([looked]), view.text, 2) if fitting else []
    if told:
        return Say("\n".join(quote.bullet for quote in told))
    return Unsure(HandOff("backup", "No article is about it.", reason=NO_ARTICLE))


agent = AgentSpec(
    name="primary",
    description="Answers from the articles.",
    prompt=PROMPT,
    tools=(search_articles,),
    rules_first=True,
    reasons=(NO_ARTICLE,),
    without_model=without_model,
)
