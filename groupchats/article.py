"""A writer and an evaluator: a question becomes a short article of quotes, judged before it is told. The flow `loop`."""

from agents.article import evaluator, writer
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.loop import loop
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="article",
    description="A question becomes a short article of quotes, which an evaluator has passed.",
    members={"writer": writer.agent, "evaluator": evaluator.agent},
    flow=loop("writer", "evaluator", revisions=2),
    approvals=(Rule("approve", effect="read"),),
    vocabulary=vocabulary,
)
