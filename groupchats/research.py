"""The research team: a researcher gathers cited findings, the summarizer makes them a report for the customer."""

from agents import summarizer
from agents.research import researcher
from switchboard.declare.team import Limits, Rule, TeamSpec
from switchboard.flows.chain import chain
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="research",
    description="A question becomes a report whose every bullet cites its source.",
    members={"researcher": researcher.agent, "summarizer": summarizer.agent},
    flow=chain("researcher", "summarizer"),
    approvals=(Rule("approve", effect="read"), Rule("approve", tool="add_case_note")),
    limits=Limits(turns=60, replies_in_a_row=20, tool_calls=40),
    vocabulary=vocabulary,
)
