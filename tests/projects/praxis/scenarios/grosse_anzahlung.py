"""Über eine große Anzahlung entscheidet ein Mensch."""

from switchboard.models.scripted import tool_calls
from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="grosse_anzahlung",
    title="Über eine große Anzahlung entscheidet ein Mensch",
    team=desk(__file__),
    opening="Ich möchte meine Anzahlung zurück.",
    email="jonas.weiler@example.com",
    turns=("Ja.",),
    approvals=(True,),
    expected=Expected(
        end="resolved",
        department="rechnungen",
        tools=("pay_back_deposit",),
        says=("120,00 EUR",),
    ),
    script={
        "rechnungen": [
            tool_calls([("list_invoices", {})]),
            tool_calls([("pay_back_deposit", {"number": "RE-2031-002", "amount": 120})]),
            "120,00 EUR sind auf dem Weg zu Ihnen.",
        ]
    },
)
