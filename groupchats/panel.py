"""Three experts agree among themselves who takes a question. The flow `peers`."""

from agents.panel import building, heating, power
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.peers import peers
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="panel",
    description="Experts who agree who answers a question on the house.",
    members={"heating": heating.agent, "power": power.agent, "building": building.agent},
    flow=peers(["heating", "power", "building"], rounds=2),
    approvals=(Rule("approve", effect="read"),),
    vocabulary=vocabulary,
)
