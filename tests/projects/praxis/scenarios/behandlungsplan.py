"""Der Behandlungsplan steht in der Datenbank."""

from switchboard.models.scripted import tool_calls
from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="behandlungsplan",
    title="Der Behandlungsplan steht in der Datenbank",
    team=desk(__file__),
    opening="Was steht in meinem Behandlungsplan?",
    email="lena.brandt@example.com",
    expected=Expected(
        end="resolved",
        department="behandlung",
        tools=("find_patient", "treatment_plan"),
        says=("Krone an Zahn 26", "680,50 EUR"),
    ),
    script={
        "behandlung": [
            tool_calls([("treatment_plan", {})]),
            "Noch geplant ist die Krone an Zahn 26 für 680,50 EUR; die Zahnreinigung ist erledigt.",
        ]
    },
)
