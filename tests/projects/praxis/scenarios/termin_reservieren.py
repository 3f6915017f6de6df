"""Eine Reservierung braucht das Ja des Patienten und das der Praxis."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="termin_reservieren",
    title="Eine Reservierung braucht das Ja des Patienten und das der Praxis",
    team=desk(__file__),
    opening="Ich möchte einen Termin zur Zahnreinigung reservieren.",
    email="mira.sommer@example.com",
    turns=(
        "Den am 21. März, bitte.",
        "Ja.",
    ),
    approvals=(True,),
    expected=Expected(
        end="resolved",
        tools=("free_slots", "reserve_slot"),
        says=("Für Sie ist reserviert: Freitag, 21. März 2031",),
    ),
)
