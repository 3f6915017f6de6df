"""Ein Termin wird abgesagt, sobald er vorgelesen und bejaht ist."""

from switchboard.models.scripted import tool_calls
from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="termin_absagen",
    title="Ein Termin wird abgesagt, sobald er vorgelesen und bejaht ist",
    team=desk(__file__),
    opening="Ich kann leider nicht kommen, bitte sagen Sie meinen Termin ab.",
    email="lena.brandt@example.com",
    turns=("Ja, bitte.",),
    expected=Expected(
        end="resolved",
        department="termine",
        tools=("list_appointments", "cancel_appointment"),
        says=("Freitag, 14. März 2031", "ist abgesagt"),
    ),
    script={
        "termine": [
            tool_calls([("list_appointments", {})]),
            tool_calls([("cancel_appointment", {"number": "T-1001"})]),
            "Der Termin T-1001 am 14. März 2031 ist abgesagt.",
        ]
    },
)
