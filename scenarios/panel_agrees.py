"""Three experts propose who answers; in the second round, or with a model in the first, they agree."""

from groupchats.panel import team
from switchboard.models.scripted import tool_calls
from switchboard.scenario import Expected, Scenario

PROPOSAL = tool_calls([("hand_off", {"to": "power", "note": "Panels are not my field."})])

scenario = Scenario(
    name="panel_agrees",
    title="Three experts agree who of them answers a question",
    team=team,
    opening="How much do solar panels yield on a roof that faces east?",
    expected=Expected(end="resolved", tools=("search_documents",), says=("[solar-panels.md#",)),
    script={"heating": [PROPOSAL]},
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
