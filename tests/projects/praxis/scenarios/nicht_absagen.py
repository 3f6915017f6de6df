"""Was nicht abgesagt werden soll, wird nicht abgesagt."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="nicht_absagen",
    title="Was nicht abgesagt werden soll, wird nicht abgesagt",
    team=desk(__file__),
    opening="Bitte den Termin T-1001 NICHT absagen, ich komme doch.",
    email="lena.brandt@example.com",
    expected=Expected(
        end="resolved",
        never_tools=("cancel_appointment",),
        never_says=("ist abgesagt",),
    ),
)
