"""Freie Zeiten hört jeder, auch wer nicht bekannt ist."""

from switchboard.models.scripted import tool_calls
from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="freie_zeiten",
    title="Freie Zeiten hört jeder, auch wer nicht bekannt ist",
    team=desk(__file__),
    opening="Wann ist noch etwas frei für eine Zahnreinigung?",
    expected=Expected(
        end="resolved",
        tools=("free_slots",),
        says=("Mittwoch, 19. März 2031, 11:00 Uhr", "Freitag, 21. März 2031, 8:15 Uhr"),
    ),
    script={
        "termine": [
            tool_calls([("free_slots", {"treatment": "Zahnreinigung"})]),
            "Frei ist Mittwoch, 19. März 2031, 11:00 Uhr, und Freitag, 21. März 2031, 8:15 Uhr.",
        ]
    },
)
