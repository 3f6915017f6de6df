"""The analysis team: a question that needs computing becomes a program, its result the answer. It takes --allow-code."""

from agents.research import analyst
from switchboard.declare.team import Limits, Rule, TeamSpec
from switchboard.flows.hub import hub
from tools.vocabulary import vocabulary

team = TeamSpec(
    name="analysis",
    description="Answers questions that need computing, by programs that run in a sandbox.",
    members={"analyst": analyst.agent},
    flow=hub(entry="analyst", specialists={}),
    approvals=(
        Rule("ask", tool="run_python", because="It is a program that an agent wrote; it runs in a sandbox."),
        Rule("approve", effect="send"),
    ),
    limits=Limits(turns=20, tool_calls=8),
    vocabulary=vocabulary,
)
