"""One adviser goes by the money and one by the age; they contradict each other, and a third takes a side."""

from groupchats.second_opinion import team
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="tie_broken",
    title="Two advisers contradict each other, and a tie-breaker decides",
    team=team,
    opening="My dryer is 9 years old. The repair is 180 dollars, a new one 450 dollars. What shall I do?",
    expected=Expected(
        end="resolved",
        never_tools=("transfer_to_human_agents",),
        says=("We recommend to replace it.", "What speaks against it: A repair costs 40% of a new one."),
    ),
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
