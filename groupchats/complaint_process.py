"""A complaint is received, weighed, and filed or urgent. The flow `states`."""

from agents.complaint_process import assessor, clerk, intake, manager
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.states import State, states
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="complaint_process",
    description="Takes a complaint through its states, until it is filed or with a person.",
    members={spec.name: spec for spec in (intake.agent, assessor.agent, clerk.agent, manager.agent)},
    flow=states(
        "received",
        {
            "received": State("intake", to=("weighed",)),
            "weighed": State("assessor", to=("received", "filed", "urgent")),
            "filed": State("clerk"),
            "urgent": State("manager"),
        },
    ),
    approvals=(Rule("approve", effect="send"), Rule("approve", tool="open_ticket")),
    vocabulary=vocabulary,
)
