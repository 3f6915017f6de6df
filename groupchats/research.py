"""The research team: a question becomes a report. The flow `researched`."""

from agents import summarizer
from agents.research import critic, planner, researcher, table_analyst, writer
from switchboard.declare.team import Limits, Rule, TeamSpec
from switchboard.flows.composed.researched import researched
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="research",
    description="A question becomes a report that opens with the answer, each sentence of which leads to a quote in a source.",
    members={
        spec.name: spec
        for spec in (planner.agent, researcher.agent, table_analyst.agent, writer.agent, critic.agent, summarizer.agent)
    },
    flow=researched("planner", "researcher", "writer", "critic", "summarizer", revisions=2, analyst="table_analyst"),
    approvals=(
        Rule("approve", effect="read"),
        Rule("approve", tool="add_case_note"),
        Rule("ask", tool="run_python", because="It is a program that an agent wrote; it runs in a sandbox."),
    ),
    limits=Limits(turns=100, replies_in_a_row=20, tool_calls=80),
    vocabulary=vocabulary,
)
