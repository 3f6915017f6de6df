"""A complaint goes through its states; what is missing in it is asked for on the way."""

from groupchats.complaint_process import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="complaint_filed",
    title="A complaint is received, weighed and filed, and nothing else can become of it",
    team=team,
    opening="The lid of the kettle does not close.",
    turns=("It has been so since Tuesday.",),
    expected=Expected(
        end="resolved",
        tools=("open_ticket",),
        never_tools=("transfer_to_human_agents",),
        rows={"SELECT count(*) FROM tickets WHERE subject = 'A complaint'": 1},
        says=("since when", "filed as ticket T"),
    ),
    script={"assessor": [tool_calls([("hand_off", {"to": "clerk", "note": "Nobody is in danger."})])]},
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
