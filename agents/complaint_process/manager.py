"""The manager, once a complaint is `urgent`: a person has it at once."""

from agents.sourced.says import with_person
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, call
from switchboard.declare.transcript import View
from tools.tickets import transfer_to_human_agents


def without_model(view: View) -> Move:
    handed = view.last(transfer_to_human_agents.name)
    if handed:
        return with_person(view, handed, "person_first")
    return call(transfer_to_human_agents.name, summary=f"An urgent complaint: {view.text[:500]}")


agent = AgentSpec(
    name="manager",
    description="Gives urgent complaints to a person.",
    prompt="You give urgent complaints to a person.",
    tools=(transfer_to_human_agents,),
    rules_first=True,
    without_model=without_model,
)
