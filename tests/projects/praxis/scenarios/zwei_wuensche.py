"""Von zwei Wünschen wird keiner vergessen."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="zwei_wuensche",
    title="Von zwei Wünschen wird keiner vergessen",
    team=desk(__file__),
    opening="Bitte sagen Sie T-6001 ab und verlegen Sie T-6002 auf einen anderen Tag.",
    email="olaf.heine@example.com",
    turns=(
        "Ja.",
        "Bitte verlegen Sie T-6002.",
        "Am 18. März.",
        "Ja.",
    ),
    expected=Expected(
        end="resolved",
        tools=("cancel_appointment", "move_appointment"),
        says=("T-6001", "T-6002"),
    ),
)
