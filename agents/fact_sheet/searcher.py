"""The searcher: quotes what the sources say on its task."""

from agents.fact_sheet.workers import NOT_FOUND
from agents.sourced.quotes import begun, best, quotes_in, search, searches
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View
from tools.documents import search_documents


def without_model(view: View) -> Move:
    """Of what is found, what holds most of the words of the task: a quote with one of them may be about something else."""
    found = searches(view)
    if not found:
        return search(view.text)
    wanted = begun(view.text)
    near = [one for one in quotes_in(found) if 2 * len(wanted & begun(f"{one.heading} {one.text}")) > len(wanted)]
    return Say("\n".join(quote.bullet for quote in best(near, view.text, 2)) or NOT_FOUND)


agent = AgentSpec(
    name="searcher",
    description="Quotes the sources on a task.",
    prompt="You quote the sources on your task.",
    tools=(search_documents,),
    rules_first=True,
    without_model=without_model,
)
