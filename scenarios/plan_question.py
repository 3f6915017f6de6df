"""What a membership costs stands in an article, and the answer says in which."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

CITED = "[fernhill-plus-plans.md#plans]"

scenario = Scenario(
    name="plan_question",
    title="A customer asks what Fernhill Plus costs",
    team=team,
    opening="How much is Fernhill Plus per year, and is there a plan for a family?",
    expected=Expected(
        end="resolved",
        department="sales",
        tools=("search_articles",),
        never_tools=("open_ticket", "transfer_to_human_agents"),
        says=("79.00", "119.00", CITED),
    ),
    script={
        "sales": [
            tool_calls([("search_articles", {"query": "Fernhill Plus plans prices"})]),
            "Fernhill Plus costs $79.00 a year for one person, and Plus Family costs $119.00 a year for up to 5 people at one "
            f"address. {CITED}",
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
