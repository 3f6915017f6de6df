"""The searcher: quotes what the sources say on its task."""

from agents.sourced.quotes import best, quotes_in, search, searches
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View
from tools.documents import search_documents


def without_model(view: View) -> Move:
    found = searches(view)
    if not found:
        return search(view.text)
    return Say("\n".join(quote.bullet for quote in best(quotes_in(found), view.text, 2)) or "Nothing was found.")


agent = AgentSpec(
    name="searcher",
    description="Quotes the sources on a task.",
    prompt="You quote the sources on your task.",
    tools=(search_documents,),
    rules_first=True,
    without_model=without_model,
)
