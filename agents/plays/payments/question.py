"""A question about paying that is not about anything of the customer's own: the article that answers it."""

from agents.articles.articles import SEARCH, quoted, search
from agents.articles.passages import article_borne_out
from switchboard.declare.play import Found, Play, Process, Slot, Step
from switchboard.declare.transcript import View

SEARCHES = Step(SEARCH, {"query": "queries"}, each="queries")
"""The searches for each of the `queries`, of which there may be none."""


def query(text: str) -> str:
    return str(search(text).arguments["query"])


def answer(view: View, _: Found) -> str:
    """What an article that was found says to the customer's words; empty where none answers them."""
    article = article_borne_out(view.calls, view.text)
    return quoted(article, view.text) if article else ""


play = Play(
    name="question",
    about="The customer has a question about paying.",
    process=Process(
        slots=(Slot("queries", find=lambda view, _: [query(view.text)]),), reads=(SEARCHES,), told=answer, most_questions=2
    ),
)
