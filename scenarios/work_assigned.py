"""A lead assigns two searches at once, then the figures of what came back, and tells the customer."""

import json

from groupchats.fact_sheet import team
from switchboard.scenario import Expected, Scenario

TASKS = [{"worker": "searcher", "task": "lifetime of heat pumps"}, {"worker": "searcher", "task": "life of home batteries"}]

scenario = Scenario(
    name="work_assigned",
    title="A lead assigns the parts of a question to its workers, twice, and answers",
    team=team,
    opening="How many years do heat pumps last and how many years do home batteries last?",
    expected=Expected(end="resolved", says=("heat-pumps.md#", "home-batteries.md#", "Figures in this:", "15 to 20 years")),
    script={"lead": [json.dumps({"tasks": TASKS})]},
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
