"""The customer-service desk: triage, six departments with two nested specialists, and the summarizer. The flow `hub`."""

from collections.abc import Sequence
from pathlib import Path

from agents import summarizer
from agents.desk import billing
from switchboard.declare.agent import roster
from switchboard.declare.moves import Call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.transcript import Entry
from switchboard.flows.hub import hub
from tools.vocabulary import vocabulary


def leave_to_a_human(transcript: Sequence[Entry]) -> Call:
    """The call that puts an unfinished case on a human's desk; the tool adds the case."""
    return Call("transfer_to_human_agents", {"summary": "The desk could not finish this case by itself."})


CONFIRMED = (
    "cancel_pending_order",
    "return_delivered_order_items",
    "exchange_delivered_order_items",
    "modify_pending_order_items",
    "modify_pending_order_address",
    "modify_pending_order_payment",
    "modify_user_address",
)
"""What cannot be taken back for the customer."""

team = TeamSpec(
    name="desk",
    description="Customer service: a message becomes a resolved case.",
    members={**roster("agents.desk"), "summarizer": summarizer.agent},
    flow=hub(
        entry="triage",
        specialists={
            "billing": ["refunds", "payments"],
            "orders": [],
            "support": [],
            "sales": [],
            "account": [],
            "general": [],
        },
        closer="summarizer",
    ),
    approvals=(
        *(Rule("confirm", tool=name) for name in CONFIRMED),
        Rule("confirm", tool="refund_order", unless_due=True),
        Rule("approve", effect="read"),
        Rule("approve", effect="compute"),
        Rule("approve", effect="send"),
        Rule("approve", tool="refund_order", up_to=50_00),
        Rule("ask", tool="refund_order", above=1000_00, operators=2, because="Two people answer for so much money."),
        Rule("ask", tool="refund_order", above=50_00, because="A person looks before so much money is paid back."),
        Rule("ask", tool="modify_pending_order_address", because="The order is paid, and would go to another address."),
        Rule("approve", effect="write"),
    ),
    policy=Path(billing.__file__).with_name("policy.md"),
    rescue=leave_to_a_human,
    vocabulary=vocabulary,
)
