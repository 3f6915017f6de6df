"""Two advisers, a tie-breaker where they contradict each other, then a person. The flow `opinions`."""

from agents.second_opinion import referral, teller, thrift, tie_breaker, years
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.opinions import opinions
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="second_opinion",
    description="Whether something is to be repaired or replaced, by two who do not know what the other says.",
    members={spec.name: spec for spec in (thrift.agent, years.agent, tie_breaker.agent, teller.agent, referral.agent)},
    flow=opinions(["thrift", "years"], "tie_breaker", "teller", unsettled="referral"),
    approvals=(Rule("approve", effect="send"),),
    vocabulary=vocabulary,
)
