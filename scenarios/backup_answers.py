"""The articles of the shop do not speak of it, so the next in line answers from the sources."""

from groupchats.answer_line import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="backup_answers",
    title="The first in line declines a question, and the next one answers it",
    team=team,
    opening="How long do heat pumps last in cold weather?",
    expected=Expected(
        end="resolved",
        tools=("search_articles", "search_documents"),
        never_tools=("transfer_to_human_agents",),
        says=("15 to 20 years", "[heat-pumps.md#lifetime-and-noise]"),
    ),
    script={"primary": [tool_calls([("hand_off", {"to": "backup", "note": "None is on it.", "reason": "no_article"})])]},
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
