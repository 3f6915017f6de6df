"""One structured question sorts a letter into one of three kinds. The flow `routing`."""

from agents.mailroom import complaint, question, sorter, suggestion
from agents.mailroom.kinds import Kind
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.routing import routing
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="mailroom",
    description="Sorts letters into questions, complaints and suggestions, and answers each in its way.",
    members={spec.name: spec for spec in (sorter.agent, question.agent, complaint.agent, suggestion.agent)},
    flow=routing("sorter", Kind),
    approvals=(Rule("approve", effect="read"), Rule("approve", effect="send"), Rule("approve", tool="open_ticket")),
    vocabulary=vocabulary,
)
