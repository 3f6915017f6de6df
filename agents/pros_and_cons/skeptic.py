"""The skeptic: what the sources say against it."""

from agents.pros_and_cons.sides import AGAINST, FOR, argue, read_beside
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Unsure
from switchboard.declare.transcript import View
from tools.documents import search_documents

PROMPT = """\
You doubt it. Search the sources, then quote one sentence, word for word, that speaks against it and answers what the \
optimist said last: "- SENTENCE [CITATION]". No words of your own."""


def without_model(view: View) -> Move | Unsure:
    return argue(view, AGAINST, FOR, "costs")


agent = AgentSpec(
    name="skeptic",
    description="Quotes what speaks against it.",
    prompt=PROMPT,
    tools=(search_documents,),
    rules_first=True,
    read=read_beside(without_model),
    without_model=without_model,
)
