"""The executor works an area out through a tool; no agent does it in its head."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="rectangle_area",
    title="The area of a rectangle of 10.5 by 4 metres is 42 square metres",
    team=team,
    opening="What is the area of a rectangle of 10.5 x 4 m?",
    expected=Expected(
        end="resolved",
        department="general",
        tools=("rectangle_area",),
        never_tools=("calculate", "open_ticket", "transfer_to_human_agents"),
        says=("42 m²",),
    ),
    script={
        "general": [
            tool_calls([("rectangle_area", {"length": 10.5, "width": 4, "unit": "m"})]),
            "The area is 10.5 m × 4 m = 42 m².",
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
