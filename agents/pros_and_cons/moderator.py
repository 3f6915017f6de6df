"""The moderator: both sides beside each other, as they were quoted."""

from agents.pros_and_cons.sides import NOTHING_NEW
from agents.sourced.says import nothing, says
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View


def without_model(view: View) -> Move:
    sides = {says(view, "for_it"): "optimist", says(view, "against_it"): "skeptic"}
    told = {head: [e.text for e in view.said if e.speaker == who and e.reason != NOTHING_NEW] for head, who in sides.items()}
    if not any(told.values()):
        return nothing(view)
    parts = [f"{head}\n" + ("\n".join(lines) or f"- {says(view, 'says_nothing')}") for head, lines in told.items()]
    return Say("\n\n".join([*parts, says(view, "yours")]))


agent = AgentSpec(
    name="moderator",
    description="Tells both sides.",
    prompt="You tell both sides, as they were quoted.",
    rules_first=True,
    without_model=without_model,
)
