"""The moderator: both sides beside each other, as they were quoted."""

from agents.pros_and_cons.sides import NOTHING_NEW
from agents.sourced.quotes import NOTHING
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View


def without_model(view: View) -> Move:
    sides = {"For it": "optimist", "Against it": "skeptic"}
    told = {head: [e.text for e in view.said if e.speaker == who and e.reason != NOTHING_NEW] for head, who in sides.items()}
    if not any(told.values()):
        return Say(NOTHING, asks=True)
    parts = [f"{head}:\n" + ("\n".join(lines) or "- The sources say nothing.") for head, lines in told.items()]
    return Say("\n\n".join([*parts, "These are quotes from the sources; which of them weighs more for you is yours to say."]))


agent = AgentSpec(
    name="moderator",
    description="Tells both sides.",
    prompt="You tell both sides, as they were quoted.",
    rules_first=True,
    without_model=without_model,
)
