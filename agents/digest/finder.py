"""The finder: quotes what the sources say on a question, and hands the quotes on."""

from agents.research.findings import bullet, lines_of
from agents.sourced.quotes import MOST_QUERY, asked_in
from agents.sourced.says import nothing, tells_something
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Calls, HandOff, Move, Say, otherwise
from switchboard.declare.moves import call as made
from switchboard.declare.transcript import View
from tools.documents import quote_documents

PROMPT = """\
You quote the sources on a question with quote_documents, and write the sentences that answer it, word for word, a line each: \
"- SENTENCE [CITATION]". They go to a colleague who writes the digest."""


def without_model(view: View) -> Calls | HandOff | Say:
    found = view.last(quote_documents.name)
    if not tells_something(view.text):
        return nothing(view)
    if found is None or view.wrote_since:
        return made(quote_documents.name, query=asked_in(view.latest if view.questions else view.text, MOST_QUERY))
    quotes = [bullet(one["text"], one["citation"]) for one in found.result] if found.done else []
    return handed(quotes) if quotes else nothing(view)


def read(text: str, view: View) -> Move:
    """Of a model's lines those that are quotes; the rules' where there is none."""
    found = view.last(quote_documents.name)
    quoted = {one["text"]: one["citation"] for one in found.result} if found and found.done else {}
    kept = [bullet(one.text, quoted[one.text]) for one in lines_of(text) if one.text in quoted]
    return handed(kept) if kept else otherwise(without_model(view))


def handed(bullets: list[str]) -> HandOff:
    return HandOff("digester", f"{len(bullets)} quotes.", {"quotes": bullets})


agent = AgentSpec(
    name="finder",
    description="Quotes the sources on a question.",
    prompt=PROMPT,
    tools=(quote_documents,),
    read=read,
    without_model=without_model,
)
