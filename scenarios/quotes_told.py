"""A finder quotes the sources on a question, and a digester tells the best quotes."""

from groupchats.digest import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="quotes_told",
    title="Quotes are found and told, one agent after the other",
    team=team,
    opening="How noisy are the outdoor units of heat pumps?",
    expected=Expected(end="resolved", tools=("quote_documents",), says=("40 to 60 decibels", "#lifetime-and-noise]")),
    script={
        "finder": [
            tool_calls([("quote_documents", {"query": "noisy outdoor units of heat pumps"})]),
            "- They are silent. [heat-pumps.md#lifetime-and-noise]",
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
