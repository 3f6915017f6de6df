"""The joiner: what the three found of a text, a line each."""

from agents.sourced.says import says
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View


def without_model(view: View) -> Move:
    return Say("\n".join(says(view, one.speaker, found=one.text or says(view, "not_found_out")) for one in view.branches))


agent = AgentSpec(
    name="joiner",
    description="Tells what was found of a text.",
    prompt="You tell what was found of a text.",
    rules_first=True,
    without_model=without_model,
)
