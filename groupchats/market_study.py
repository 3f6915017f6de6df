"""The market and the research on a question at once, then both in one answer. The flow `fan_out`."""

from agents.market_study import joiner, market
from agents.research import researcher
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.fan_out import fan_out
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="market_study",
    description="Who makes something, by the companies' file, and what the sources say of it.",
    members={spec.name: spec for spec in (market.agent, researcher.agent, joiner.agent)},
    flow=fan_out(["market", "researcher"], "joiner"),
    approvals=(Rule("approve", effect="read"),),
    vocabulary=vocabulary,
)
