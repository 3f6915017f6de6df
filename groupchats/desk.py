"""The customer-service desk: triage, six departments with two nested specialists, and the summarizer."""

from collections.abc import Sequence
from pathlib import Path

from agents import summarizer
from agents.desk import billing
from runtime.agent import roster
from runtime.flow import CUSTOMER, hub
from runtime.moves import Call
from runtime.team import Rule, TeamSpec
from runtime.transcript import Entry, as_json


def leave_to_a_human(transcript: Sequence[Entry]) -> Call:
    """The call that puts an unfinished case on a human's desk, with what was said and done so far."""
    said = [" ".join(e.text.split())[:500] for e in transcript if e.speaker == CUSTOMER and e.kind == "message"]
    results = [e for e in transcript if e.kind == "result"]
    done = [f"{e.tool} ({e.status}{f', {as_json(e.arguments)}' if e.status == 'waiting' else ''})" for e in results]
    summary = (
        f"The desk could not finish this case. The customer wrote: {' / '.join(said)}. Calls: {', '.join(done) or 'none'}."
    )
    return Call("transfer_to_human_agents", {"summary": summary[:8000]})


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
        Rule("approve", effect="read"),
        Rule("approve", effect="compute"),
        Rule("approve", effect="send"),
        Rule("approve", tool="refund_order", up_to=50_00),
        Rule("ask", tool="refund_order"),
        Rule("approve", effect="write"),
    ),
    policy=Path(billing.__file__).with_name("policy.md"),
    rescue=leave_to_a_human,
)
