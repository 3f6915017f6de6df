"""The searcher: quotes what the sources say on its task."""

from agents.fact_sheet.workers import NOT_FOUND
from agents.sourced.quotes import begun, best, quotes_in, search, searches
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View
from tools.documents import search_documents


def without_model(view: View) -> Move:
    """Of what is found, what holds two words of the task: with one alone it may be about something else."""
    found = searches(view)
    if not found:
        return search(view.text)
    wanted = begun(view.text)
    near = [one for one in quotes_in(found) if len(wanted & begun(f"{one.heading} {one.text}")) >= min(2, len(wanted))]
    return Say("\n".join(quote.bullet for quote in best(near, view.text, 2)) or NOT_FOUND)


agent = AgentSpec(
    name="searcher",
    description="Quotes the sources on a task.",
    prompt="You quote the sources on your task.",
    tools=(search_documents,),
    rules_first=True,
    without_model=without_model,
)
