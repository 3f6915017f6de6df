"""Ein Betrag in Euro wird gesagt, wie man ihn schreibt."""

from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="rechnung",
    title="Ein Betrag in Euro wird gesagt, wie man ihn schreibt",
    team=desk(__file__),
    opening="Wie hoch ist meine Rechnung?",
    email="jonas.weiler@example.com",
    expected=Expected(
        end="resolved",
        department="rechnungen",
        tools=("get_invoice",),
        says=("640,50 EUR",),
    ),
)
