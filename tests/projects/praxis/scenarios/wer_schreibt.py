"""Wer von nirgendwo schreibt, wird nach der Adresse gefragt."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="wer_schreibt",
    title="Wer von nirgendwo schreibt, wird nach der Adresse gefragt",
    team=desk(__file__),
    opening="Wann ist mein Termin?",
    turns=("Oh, rosa.albers@example.com",),
    expected=Expected(
        end="resolved",
        department="termine",
        tools=("find_patient", "get_appointment"),
        says=("Unter welcher E-Mail-Adresse", "14. März 2031"),
    ),
)
