"""Referral: what no tie-breaker settled goes to a person, with every recommendation."""

from agents.sourced.says import with_person
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, call
from switchboard.declare.transcript import View
from switchboard.flows.opinions import RECOMMENDS
from tools.tickets import transfer_to_human_agents


def without_model(view: View) -> Move:
    handed = view.last(transfer_to_human_agents.name)
    if handed:
        return with_person(view, handed, "person_settles")
    told = [f"{line.speaker} recommends: {line.facts.get(RECOMMENDS, 'nothing')}. {line.text}" for line in view.said]
    return call(transfer_to_human_agents.name, summary="\n".join(["Repair or replace is not settled.", *told]))


agent = AgentSpec(
    name="referral",
    description="Gives to a person what is not settled.",
    prompt="You give to a person what is not settled.",
    tools=(transfer_to_human_agents,),
    rules_first=True,
    without_model=without_model,
)
