"""Eine kleine Anzahlung wird zurückgezahlt."""

from switchboard.models.scripted import tool_calls
from switchboard.project import desk
from switchboard.scenario import Expected, Scenario

scenario = Scenario(
    name="anzahlung_zurueck",
    title="Eine kleine Anzahlung wird zurückgezahlt",
    team=desk(__file__),
    opening="Bitte zahlen Sie mir die Anzahlung zurück.",
    email="lena.brandt@example.com",
    turns=("Ja, machen Sie das.",),
    expected=Expected(
        end="resolved",
        department="rechnungen",
        tools=("list_invoices", "pay_back_deposit"),
        says=("29,90 EUR",),
    ),
    script={
        "rechnungen": [
            tool_calls([("list_invoices", {})]),
            tool_calls([("pay_back_deposit", {"number": "RE-2031-001", "amount": 29.9})]),
            "29,90 EUR sind auf dem Weg zu Ihnen.",
        ]
    },
)
