"""A question goes to the articles, else to the sources, else to a person. The flow `fallback`."""

from agents.answer_line import backup, general, primary
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.fallback import fallback
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="answer_line",
    description="Answers a question from the articles, else from the sources, else by a person.",
    members={"primary": primary.agent, "backup": backup.agent, "general": general.agent},
    flow=fallback("primary", "backup", "general"),
    approvals=(Rule("approve", effect="read"), Rule("approve", effect="send")),
    vocabulary=vocabulary,
)
