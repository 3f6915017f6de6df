"""Who makes a thing is counted while the sources are read on it, and one answer tells both."""

from groupchats.market_study import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

QUOTE = "- If a magnet sticks to the bottom, the pan works. [induction-cooking.md#pans]"
INVENTED = "- All pans work. [induction-cooking.md#nowhere]"

scenario = Scenario(
    name="market_studied",
    title="The makers of pans are counted while the sources are read on pans, at once",
    team=team,
    opening="Which pans work with induction?",
    expected=Expected(
        end="resolved",
        says=("The market:", "12 of 120 companies make it.", "What the sources say:", "[induction-cooking.md#pans]"),
        never_says=("nowhere",),
    ),
    script={
        "researcher": [tool_calls([("quote_documents", {"query": "pans that work with induction"})]), f"{QUOTE}\n{INVENTED}"]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
