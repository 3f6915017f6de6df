"""Ein einziger Termin wird gesagt, ohne nach der Nummer zu fragen."""

from switchboard.models.scripted import tool_calls
from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="wann_ist_mein_termin",
    title="Ein einziger Termin wird gesagt, ohne nach der Nummer zu fragen",
    team=desk(__file__),
    opening="Guten Tag, wann ist mein Termin bei Ihnen?",
    email="rosa.albers@example.com",
    expected=Expected(
        end="resolved",
        department="termine",
        tools=("find_patient", "get_appointment"),
        says=("Freitag, 14. März 2031", "10:30 Uhr"),
    ),
    script={
        "termine": [
            tool_calls([("list_appointments", {})]),
            "Ihr Termin T-7001 (Kontrolle) ist am Freitag, 14. März 2031, um 10:30 Uhr.",
        ]
    },
)
