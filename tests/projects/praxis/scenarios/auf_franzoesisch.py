"""Wer Französisch schreibt, hört seine Sprache."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="auf_franzoesisch",
    title="Wer Französisch schreibt, hört seine Sprache",
    team=desk(__file__),
    opening="Bonjour, je voudrais savoir quand est mon rendez-vous, merci.",
    email="lena.brandt@example.com",
    expected=Expected(
        end="escalated",
        says=("Un collègue prend la suite",),
    ),
)
