"""An optimist and a skeptic take two turns each, and what they quoted is told side by side."""

from groupchats.pros_and_cons import team
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="both_sides",
    title="An optimist and a skeptic argue, and the customer hears both sides",
    team=team,
    opening="Should we put a heat pump into our house?",
    expected=Expected(
        end="resolved",
        tools=("search_documents", "search_documents"),
        says=("For it:", "Against it:", "heat-pumps.md#"),
        never_says=("always pays",),
    ),
    script={
        "optimist": [
            "It always pays. - A heat pump works best when it runs long and gently. [heat-pumps.md#comfort]",
            "It always pays, believe me.",
        ],
        "skeptic": ["I doubt it.", "So do I."],
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
