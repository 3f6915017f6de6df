"""A draft is sent back once and passes then: what was told is the one that passed, and none but quotes."""

import json

from groupchats.article import team
from switchboard.scenario import Expected, Scenario

QUOTE = "- The outdoor unit makes noise. [heat-pumps.md#lifetime-and-noise]"
ONE = (
    "- Outdoor units make about 40 to 60 decibels at one metre, similar to a quiet conversation, "
    "and local rules often ask for a minimum distance to the neighbours. [heat-pumps.md#lifetime-and-noise]"
)


def verdict(passes: bool, feedback: str = "") -> str:
    return json.dumps({"clarity": 8, "completeness": 8, "accuracy": 9, "passes": passes, "feedback": feedback})


scenario = Scenario(
    name="article_revised",
    title="A writer's draft goes back to it once, and the one that passed is told",
    team=team,
    opening="How noisy is a heat pump, and how long does it last?",
    expected=Expected(
        end="resolved",
        tools=("search_documents",),
        says=("heat-pumps.md#lifetime-and-noise",),
        never_says=("unit makes noise",),
    ),
    script={
        "writer": [f"{ONE}\n{QUOTE}", ONE],
        "evaluator": [verdict(False, "Say how far away that is measured."), verdict(True)],
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
