"""Jemand fragt, wann die Praxis geöffnet hat."""

from switchboard.models.scripted import tool_calls
from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="oeffnungszeiten",
    title="Jemand fragt, wann die Praxis geöffnet hat",
    team=desk(__file__),
    opening="Wann hat die Praxis am Freitag geöffnet?",
    expected=Expected(
        end="resolved",
        says=("Freitag bis 14 Uhr",),
    ),
    script={
        "reception": [
            tool_calls([("search_articles", {"query": "Öffnungszeiten Freitag"})]),
            "Am Freitag bis 14 Uhr hat die Praxis geöffnet.",
        ]
    },
)
