"""A lead has the parts of a question looked up side by side, then the figures listed. The flow `supervisor`."""

from agents.fact_sheet import lead, reckoner, searcher
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.supervisor import supervisor
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="fact_sheet",
    description="What the sources say on each part of a question, with the figures.",
    members={"lead": lead.agent, "searcher": searcher.agent, "reckoner": reckoner.agent},
    flow=supervisor("lead", ["searcher", "reckoner"], most=3),
    approvals=(Rule("approve", effect="read"),),
    vocabulary=vocabulary,
)
