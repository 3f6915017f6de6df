"""The research team answers a question from its sources; every bullet carries a citation."""

from groupchats.research import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="research_report",
    title="A question becomes a bulleted report whose every bullet is cited",
    team=team,
    opening="How do heat pumps compare with gas boilers for an older house?",
    expected=Expected(end="resolved", tools=("search_documents",), says=("heat-pumps.md#",), never_says=("I have refunded",)),
    script={
        "researcher": [
            tool_calls([("search_documents", {"query": "heat pump older house"})]),
            tool_calls([("read_document", {"name": "heat-pumps.md"})]),
            "- A heat pump burns nothing in the house. [heat-pumps.md#emissions]\n"
            "- This line cites what does not exist. [heat-pumps.md#nowhere]",
        ],
        "summarizer": [
            "# Heat pumps\n\n- Nothing is burnt in the house. [heat-pumps.md#emissions]\n- They are always cheaper."
        ],
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
