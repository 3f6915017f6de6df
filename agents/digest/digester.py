"""The digester: tells the best quotes on a question, and no more."""

from agents.sourced.says import nothing
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Say
from switchboard.declare.transcript import View

MOST = 3


def without_model(view: View) -> Say:
    quotes = view.facts.get("quotes", [])
    return Say("\n".join(quotes[:MOST])) if quotes else nothing(view)


agent = AgentSpec(
    name="digester",
    description="Tells the best quotes on a question.",
    prompt="You tell the best quotes.",
    rules_first=True,
    without_model=without_model,
)
