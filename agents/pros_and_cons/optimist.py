"""The optimist: what the sources say for it."""

from agents.pros_and_cons.sides import AGAINST, FOR, argue, read_beside
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Unsure
from switchboard.declare.transcript import View
from tools.documents import search_documents

PROMPT = """\
You speak for it. Search the sources, then quote one sentence, word for word, that speaks for it and answers what the \
skeptic said last: "- SENTENCE [CITATION]". No words of your own."""


def without_model(view: View) -> Move | Unsure:
    return argue(view, FOR, AGAINST, "savings")


agent = AgentSpec(
    name="optimist",
    description="Quotes what speaks for it.",
    prompt=PROMPT,
    tools=(search_documents,),
    rules_first=True,
    read=read_beside(without_model),
    without_model=without_model,
)
