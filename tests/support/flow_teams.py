"""A team of toys for each flow: agents that do what a test says, and a person for what they do not settle."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from support.toys import agent, call_a_human, find_customer
from support.toys import team as toys
from switchboard.declare.flow import Flow
from switchboard.declare.moves import Say, call
from switchboard.declare.team import TeamSpec
from switchboard.flows.chain import chain
from switchboard.flows.composed.researched import researched
from switchboard.flows.fallback import fallback
from switchboard.flows.fan_out import fan_out
from switchboard.flows.hub import hub
from switchboard.flows.loop import loop
from switchboard.flows.opinions import opinions
from switchboard.flows.peers import peers
from switchboard.flows.rounds import rounds
from switchboard.flows.routing import routing
from switchboard.flows.states import State, states
from switchboard.flows.supervisor import supervisor

Twin = Callable[[Any], Any]


class Route(StrEnum):
    ONE = "one"
    TWO = "two"


RING = {"new": State("one", to=("old",)), "old": State("two", to=("new", "done")), "done": State("three")}
FLOWS: dict[str, Callable[[str | None], Flow]] = {
    "chain": lambda person: chain("one", "two", "three"),
    "fan_out": lambda person: fan_out(["two", "three"], "four", entry="one"),
    "loop": lambda person: loop("one", "two", revisions=2, unsettled=person),
    "rounds": lambda person: rounds(["one", "two"], "three", rounds=2),
    "supervisor": lambda person: supervisor("one", ["two", "three"], most=2, unsettled=person),
    "researched": lambda person: researched("one", "two", "three", "four", "five", revisions=1, unsettled=person),
    "computed": lambda person: researched("one", "two", "three", "four", "five", 1, person, analyst="six"),
    "fallback": lambda person: fallback("one", "two", "three"),
    "states": lambda person: states("new", RING, most=5),
    "peers": lambda person: peers(["one", "two", "three"], rounds=2, unsettled=person),
    "opinions": lambda person: opinions(["one", "two"], "three", "four", unsettled=person),
    "routing": lambda person: routing("zero", Route),
    "nested": lambda person: hub("one", {"two": {"three": ["four"]}}),
}
"""How each is made; the argument is the agent who gets what is not settled, for those that have one."""


def flow_team(name: str, twin: Twin | Mapping[str, Twin], person: str | None = None, **facts: Any) -> TeamSpec:
    """The team of a flow, all of whose agents have one twin, or each its own, else they answer."""
    flow = FLOWS[name](person)
    twins = {one: twin.get(one, lambda view: Say("It is done.")) if isinstance(twin, Mapping) else twin for one in flow.members}
    if person in flow.members:
        twins[str(person)] = leaves_it
    held = {one: (find_customer, call_a_human) if one == person else () for one in twins}
    members = {one: agent(one, rules, *held[one]) for one, rules in twins.items()}
    return toys(members=members, flow=flow, **facts)


def leaves_it(view: Any) -> Any:
    return (
        Say("A person has it.")
        if view.last("call_a_human")
        else call("call_a_human", summary=" ".join(str(e) for e in view.said))
    )
