"""A device shows an error code, and the help article has what to do about it."""

from groupchats.desk import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

CITED = "[error-codes.md#e23-overheated-coffee-machine]"

scenario = Scenario(
    name="technical_issue",
    title="A coffee machine shows an error, and an article solves it",
    team=team,
    opening="Hi, my coffee machine shows error E23 and does not heat any more.",
    expected=Expected(
        end="resolved",
        department="support",
        tools=("search_articles",),
        never_tools=("open_ticket", "transfer_to_human_agents"),
        rows={"SELECT count(*) FROM tickets WHERE subject LIKE 'Technical problem%'": 0},
        says=("cool for 30 minutes", CITED),
    ),
    script={
        "support": [
            tool_calls([("search_articles", {"query": "coffee machine error E23"})]),
            "E23 means that the heater became too hot, mostly because of scale. Switch the machine off, let it cool for 30 "
            f"minutes, then descale it. If E23 comes back after that, stop using it and write to us again. {CITED}",
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
