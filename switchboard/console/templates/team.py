"""new_name: say here what this team does."""

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Say
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.hub import hub

greeter = AgentSpec("greeter", "Meets people.", "You meet people.", lambda view: Say("What can we do for you?", asks=True))

team = TeamSpec(
    name="new_name",
    description="Say in one sentence what it does.",
    members={"greeter": greeter},
    flow=hub(entry="greeter", specialists={}),
    approvals=(Rule("approve", effect="read"), Rule("approve", effect="send")),
)
