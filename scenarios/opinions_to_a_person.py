"""Two advisers contradict each other and no third takes a side: a person gets the case with both recommendations."""

import json

from groupchats.second_opinion import team
from switchboard.scenario import Expected, Scenario

BOTH = "SELECT count(*) FROM tickets WHERE summary LIKE '%thrift recommends: %' AND summary LIKE '%years recommends: replace%'"


def advice(recommends: str, because: str) -> str:
    return json.dumps({"recommends": recommends, "because": because})


scenario = Scenario(
    name="opinions_to_a_person",
    title="Two advisers contradict each other, nobody breaks the tie, and a person gets both recommendations",
    team=team,
    opening="My dryer is 11 years old and the repair would cost quite something. What shall I do?",
    expected=Expected(
        end="escalated", tools=("transfer_to_human_agents",), rows={BOTH: 1}, says=("could not settle this", "ticket T")
    ),
    script={
        "thrift": [advice("repair", "A repair is cheaper than a new one.")],
        "tie_breaker": [advice("none", "What a new one costs is not written.")],
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
