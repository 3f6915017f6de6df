"""The writer: answers a question with sentences of the sources, shorter each time the evaluator asks for that."""

from agents.sourced.quotes import Quote, best, is_to_the_point, quoted, quotes_in, search, searches
from agents.sourced.says import nothing, tells_something
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Say, Unsure, otherwise
from switchboard.declare.transcript import View
from switchboard.flows.loop import PASSES, REVISE
from tools.documents import search_documents

PROMPT = """\
You answer a question with sentences of the sources, word for word, one bullet each: "- SENTENCE [CITATION]". An editor \
judges your draft; where the verdict says what to change, change that and hand in the whole draft again."""
FIRST = 6
"""Sentences of a first draft."""


def without_model(view: View) -> Move | Unsure:
    found = searches(view)
    if not found:
        return search(view.text) if tells_something(view.text) else nothing(view)
    if view.said and view.said[-1].reason == PASSES:
        return Say(str(next(line for line in reversed(view.said) if line.speaker == view.agent).facts["draft"]))
    criticised = sum(line.reason == REVISE for line in view.said)
    chosen = best(quotes_in(found), view.text, max(1, FIRST - 2 * criticised))
    return Unsure(draft(chosen)) if chosen else nothing(view)


def draft(quotes: list[Quote]) -> HandOff:
    text = "\n".join(quote.bullet for quote in quotes)
    return HandOff("evaluator", text, {"draft": text})


def read(text: str, view: View) -> Move:
    """Of a model's draft the sentences that stand in the sources; the rules' draft where none of them is to the point."""
    found = quotes_in(searches(view))
    kept = quoted(text, found)
    return draft(kept) if kept and is_to_the_point(kept, found, view.text) else otherwise(without_model(view))


agent = AgentSpec(
    name="writer",
    description="Writes a short article of quotes, and revises it.",
    prompt=PROMPT,
    tools=(search_documents,),
    rules_first=True,
    read=read,
    without_model=without_model,
)
