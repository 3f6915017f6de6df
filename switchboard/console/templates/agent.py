"""new_name: say here what this agent looks after."""

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say, Unsure
from switchboard.declare.transcript import View


def without_model(view: View) -> Move | Unsure:
    """What the rules do: a pure function of what the agent can see. `Unsure` leaves it to a model, where one is configured."""
    return Unsure(Say("What exactly would you like to know?", asks=True))


agent = AgentSpec(
    name="new_name",
    description="Say in one sentence what it looks after.",
    prompt="You look after … Say only what your tools, the articles or the policy say.",
    tools=(),
    without_model=without_model,
)
