"""Quotes on a question are found, then told. The flow `chain`."""

from agents.digest import digester, finder
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.chain import chain
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="digest",
    description="The best quotes of the sources on a question.",
    members={"finder": finder.agent, "digester": digester.agent},
    flow=chain("finder", "digester"),
    approvals=(Rule("approve", effect="read"),),
    vocabulary=vocabulary,
)
