"""The backup: answers with quotes from the sources, and declines where they hold nothing."""

from agents.sourced.quotes import best, quotes_in, search, searches
from agents.sourced.says import says
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Say
from switchboard.declare.transcript import View
from tools.documents import search_documents

NO_SOURCE = "no_source"


def without_model(view: View) -> Move:
    found = searches(view)
    if not found:
        return search(view.text)
    told = best(quotes_in(found), view.text, 3)
    if told:
        return Say("\n".join([says(view, "not_in_articles"), *(quote.bullet for quote in told)]))
    return HandOff("general", "The sources hold nothing on it.", reason=NO_SOURCE)


agent = AgentSpec(
    name="backup",
    description="Answers with quotes from the sources.",
    prompt="You quote the sources.",
    tools=(search_documents,),
    rules_first=True,
    reasons=(NO_SOURCE,),
    without_model=without_model,
)
