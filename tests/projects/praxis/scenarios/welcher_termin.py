"""Von zweien wird gefragt, um welchen Termin es geht."""

from switchboard.models.scripted import tool_calls
from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="welcher_termin",
    title="Von zweien wird gefragt, um welchen Termin es geht",
    team=desk(__file__),
    opening="Wann ist mein Termin?",
    email="jonas.weiler@example.com",
    turns=("T-2002",),
    expected=Expected(
        end="resolved",
        department="termine",
        tools=("list_appointments", "get_appointment"),
        says=("T-2001: Füllung", "1. April 2031", "15:15 Uhr"),
    ),
    script={
        "reception": [
            tool_calls([("find_patient", {"email": "jonas.weiler@example.com"})]),
            tool_calls([("hand_off", {"to": "termine", "note": "Fragt nach einem Termin.", "reason": "new_matter"})]),
        ],
        "termine": [
            tool_calls([("list_appointments", {})]),
            "Um welchen Termin geht es? T-2001: Füllung am 17. März 2031, oder T-2002: Kontrolle am 1. April 2031?",
            tool_calls([("get_appointment", {"number": "T-2002"})]),
            "Ihr Termin T-2002 (Kontrolle) ist am 1. April 2031 um 15:15 Uhr.",
        ],
    },
)
