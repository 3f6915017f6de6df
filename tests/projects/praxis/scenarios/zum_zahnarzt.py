"""Was anderswo nach Gefahr klingt, ist hier der Alltag."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="zum_zahnarzt",
    title="Was anderswo nach Gefahr klingt, ist hier der Alltag",
    team=desk(__file__),
    opening="Ich muss mal wieder zum Zahnarzt. Wann ist etwas frei für eine Kontrolle?",
    expected=Expected(
        end="resolved",
        tools=("free_slots",),
        never_tools=("hand_over_to_a_person",),
        says=("18. März 2031",),
    ),
)
