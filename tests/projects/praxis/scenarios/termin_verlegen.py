"""Ein Termin wird auf eine freie Zeit verlegt."""

from switchboard.models.scripted import tool_calls
from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="termin_verlegen",
    title="Ein Termin wird auf eine freie Zeit verlegt",
    team=desk(__file__),
    opening="Ich möchte den Termin T-5002 auf einen anderen Tag verlegen.",
    email="pia.winter@example.com",
    turns=(
        "Dann am 20. März, bitte.",
        "Ja.",
    ),
    expected=Expected(
        end="resolved",
        department="termine",
        tools=("free_slots", "move_appointment"),
        says=("Dienstag, 18. März 2031, 9:00 Uhr", "ist jetzt am Donnerstag, 20. März 2031"),
    ),
    script={
        "termine": [
            tool_calls([("list_appointments", {}), ("get_appointment", {"number": "T-5002"})]),
            tool_calls([("free_slots", {"treatment": "Kontrolle"})]),
            "Welche Zeit passt Ihnen: Dienstag, 18. März 2031, 9:00 Uhr, oder Donnerstag, 20. März 2031, 14:30 Uhr?",
            tool_calls([("move_appointment", {"number": "T-5002", "start": "2031-03-20T14:30:00"})]),
            "Der Termin T-5002 ist jetzt am Donnerstag, 20. März 2031, um 14:30 Uhr.",
        ]
    },
)
