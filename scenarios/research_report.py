"""The research team answers a question from its sources; every sentence leads to a quote."""

import json

from groupchats.research import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="research_report",
    title="A question becomes a report whose every sentence leads to a quote",
    team=team,
    opening="How do heat pumps compare with gas boilers for an older house?",
    expected=Expected(end="resolved", tools=("make_report",), says=("heat-pumps.md#",), never_says=("I have refunded",)),
    script={
        "planner": [json.dumps({"parts": ["What does a heat pump emit beside a gas boiler?"]})],
        "researcher": [
            tool_calls([("search_documents", {"query": "heat pump older house"})]),
            tool_calls([("read_document", {"name": "heat-pumps.md"})]),
            "- A heat pump burns nothing in the house. [heat-pumps.md#emissions]\n"
            "- This line cites what does not exist. [heat-pumps.md#nowhere]",
        ],
        "writer": [
            "A heat pump burns nothing in the house. [heat-pumps.md#emissions]\n\n## Costs\n\n"
            "- A heat pump costs 999 less. [heat-pumps.md#emissions]\n- They are always cheaper."
        ],
        "critic": [json.dumps({"clarity": 9, "completeness": 7, "accuracy": 9, "passes": True, "feedback": ""})],
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
