"""Was trotz eines Fehlers getan ist, wird nur einmal getan."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="fehler_nach_der_tat",
    title="Was trotz eines Fehlers getan ist, wird nur einmal getan",
    team=desk(__file__),
    opening="Bitte sagen Sie meinen Termin T-4001 ab.",
    email="karl.lorenz@example.com",
    turns=("Ja.",),
    expected=Expected(
        end="resolved",
        tools=("cancel_appointment",),
        says=("ist abgesagt",),
    ),
)
