"""Questions: answered from the articles, else by a person."""

from agents.reasons import Reason
from agents.sourced.quotes import WEAKEST, best, quotes_in
from agents.sourced.says import with_person
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say, call
from switchboard.declare.transcript import View
from tools.knowledge import search_articles
from tools.tickets import transfer_to_human_agents


def without_model(view: View) -> Move:
    handed, looked = view.last(transfer_to_human_agents.name), view.last(search_articles.name)
    if handed:
        return with_person(view, handed)
    if view.reason == Reason.UNCLEAR:
        return call(transfer_to_human_agents.name, summary=f"It is unclear what they would like: {view.text[:500]}")
    if looked is None:
        return call(search_articles.name, query=view.text[:300])
    fits = looked.done and any(one["score"] >= 2 * WEAKEST for one in looked.result)
    told = best(quotes_in([looked]), view.text, 2) if fits else []
    if told:
        return Say("\n".join(quote.bullet for quote in told))
    return call(transfer_to_human_agents.name, summary=f"No article answers this: {view.text[:500]}")


agent = AgentSpec(
    name="question",
    description="Answers questions from the articles.",
    prompt="You answer questions from the articles.",
    tools=(search_articles, transfer_to_human_agents),
    rules_first=True,
    without_model=without_model,
)
