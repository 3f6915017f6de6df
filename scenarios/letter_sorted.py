"""A letter that could be two things is sorted by one structured question, or by the rules' first guess."""

import json

from groupchats.mailroom import team
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="letter_sorted",
    title="A letter is sorted by one question with three possible answers",
    team=team,
    opening="The handle of my new pan broke. You should sell spare handles.",
    expected=Expected(
        end="resolved",
        department="complaint",
        tools=("open_ticket",),
        rows={"SELECT count(*) FROM tickets WHERE priority = 'high' AND subject = 'A complaint in a letter'": 1},
        says=("Your complaint is ticket T",),
    ),
    script={"sorter": [json.dumps({"to": "complaint", "why": "Something of theirs broke."})]},
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
