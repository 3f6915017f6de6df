"""Ein Tag, der nicht zu lesen ist, wird erfragt."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="tag_in_worten",
    title="Ein Tag, der nicht zu lesen ist, wird erfragt",
    team=desk(__file__),
    opening="Bitte verlegen Sie T-5002 auf nächsten Montag.",
    email="pia.winter@example.com",
    turns=(
        "Der 18. März geht auch.",
        "Nein, dann doch lieber nicht.",
    ),
    expected=Expected(
        end="resolved",
        never_tools=("move_appointment",),
        says=("Welche soll es sein", "lasse es, wie es ist"),
    ),
)
