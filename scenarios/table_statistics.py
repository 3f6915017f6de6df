"""The analyst works a table out by a program, once an operator has approved just that program."""

from agents.research.computing import program_for
from groupchats.analysis import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

OPENING = """\
How many kilowatt hours is that in all, and on average?

month,kwh
January,412.5
February,388
March,301.25
"""
program = program_for(OPENING)
scenario = Scenario(
    name="table_statistics",
    title="A small table is summed up by a program that an operator approved",
    team=team,
    opening=OPENING,
    approvals=(True,),
    runs_code=True,
    expected=Expected(end="resolved", tools=("run_python",), says=("1101.75", "367.25")),
    script={
        "analyst": [
            tool_calls([("run_python", {"code": program.code if program else ""})]),
            "In all it is 1101.75 kWh, on average 367.25 kWh in each of the 3 months.",
        ]
    },
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
