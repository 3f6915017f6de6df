"""An optimist and a skeptic argue with quotes, and a moderator tells both sides. The flow `rounds`."""

from agents.pros_and_cons import moderator, optimist, skeptic
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.rounds import rounds
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="pros_and_cons",
    description="What speaks for something and what against it, in quotes from the sources.",
    members={"optimist": optimist.agent, "skeptic": skeptic.agent, "moderator": moderator.agent},
    flow=rounds(["optimist", "skeptic"], "moderator", rounds=2),
    approvals=(Rule("approve", effect="read"),),
    vocabulary=vocabulary,
)
