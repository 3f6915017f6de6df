"""Auf ein Nein bleibt der Termin."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="absage_verneint",
    title="Auf ein Nein bleibt der Termin",
    team=desk(__file__),
    opening="Bitte stornieren Sie den Termin T-1001.",
    email="lena.brandt@example.com",
    turns=("Nein, doch nicht.",),
    expected=Expected(
        end="resolved",
        never_tools=("cancel_appointment",),
        says=("lasse es, wie es ist",),
    ),
)
