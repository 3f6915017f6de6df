"""Ist die andere Seite nicht da, hat ein Mensch den Fall."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="praxis_nicht_da",
    title="Ist die andere Seite nicht da, hat ein Mensch den Fall",
    team=desk(__file__),
    opening="Wann ist mein Termin?",
    email="emil.fern@example.com",
    expected=Expected(
        end="escalated",
        tools=("hand_over_to_a_person",),
        never_tools=("get_appointment",),
    ),
)
