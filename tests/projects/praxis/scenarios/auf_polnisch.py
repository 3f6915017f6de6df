"""Wer eine Sprache ohne Worte schreibt, bekommt einen Menschen."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="auf_polnisch",
    title="Wer eine Sprache ohne Worte schreibt, bekommt einen Menschen",
    team=desk(__file__),
    opening="Dzień dobry, chciałbym odwołać moją wizytę w przyszłym tygodniu, proszę.",
    email="lena.brandt@example.com",
    expected=Expected(
        end="escalated",
        never_tools=("cancel_appointment",),
    ),
)
