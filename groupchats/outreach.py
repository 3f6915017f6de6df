"""Companies of a file are found, ranked, and written to, each letter after an operator's yes. The flow `chain`."""

from agents.outreach import drafter, postman, qualifier, scout
from switchboard.declare.team import Limits, Rule, TeamSpec
from switchboard.flows.chain import chain
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="outreach",
    description="Finds companies that fit, ranks them, and writes to the best, once and after an approval.",
    members={spec.name: spec for spec in (scout.agent, qualifier.agent, drafter.agent, postman.agent)},
    flow=chain("scout", "qualifier", "drafter", "postman"),
    approvals=(
        Rule("approve", effect="read"),
        Rule("approve", tool="unsubscribe"),
        Rule(
            "ask",
            tool="send_letter",
            because="Nobody there has asked for it. What you approve is sent as it is.",
        ),
    ),
    limits=Limits(turns=30),
    vocabulary=vocabulary,
)
