"""The teller: what is recommended, and by whom with which reason."""

from agents.sourced.says import says
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View
from switchboard.flows.opinions import RECOMMENDS, agreed_on

ADVISERS = 2


def without_model(view: View) -> Move:
    advice = agreed_on(view.said, ADVISERS)
    reasons = [f"{line.text}" for line in view.said if line.facts.get(RECOMMENDS) == advice]
    others = [f"{line.text}" for line in view.said if line.facts.get(RECOMMENDS) != advice]
    against = f" {says(view, 'against', reasons=' '.join(others))}" if others else ""
    return Say(f"{says(view, str(advice), reasons=' '.join(reasons))}{against}")


agent = AgentSpec(
    name="teller",
    description="Tells what is recommended.",
    prompt="You tell what is recommended.",
    rules_first=True,
    without_model=without_model,
)
