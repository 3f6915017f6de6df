"""The general: whom nobody else could answer goes to a person."""

from agents.sourced.says import with_person
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, call
from switchboard.declare.transcript import View
from tools.tickets import transfer_to_human_agents


def without_model(view: View) -> Move:
    handed = view.last(transfer_to_human_agents.name)
    if handed:
        return with_person(view, handed)
    return call(transfer_to_human_agents.name, summary=f"Neither articles nor sources answer this: {view.text[:500]}")


agent = AgentSpec(
    name="general",
    description="Leaves what nobody can answer to a person.",
    prompt="You leave the case to a person.",
    tools=(transfer_to_human_agents,),
    rules_first=True,
    without_model=without_model,
)
