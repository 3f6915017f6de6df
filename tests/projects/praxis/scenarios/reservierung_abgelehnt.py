"""Was die Praxis ablehnt, wird nicht reserviert."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="reservierung_abgelehnt",
    title="Was die Praxis ablehnt, wird nicht reserviert",
    team=desk(__file__),
    opening="Bitte reservieren Sie mir einen Termin zur Kontrolle.",
    email="mira.sommer@example.com",
    turns=(
        "Um 14:30 Uhr am 20. März.",
        "Ja.",
    ),
    approvals=(False,),
    expected=Expected(
        end="resolved",
        never_tools=("reserve_slot",),
        says=("nicht zugelassen",),
        never_says=("ist reserviert",),
    ),
)
