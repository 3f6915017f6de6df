"""A ticket on something of the customer's own: a person gets it with a draft."""

import json

from groupchats.tickets import team
from switchboard.scenario import Expected, Scenario

CLASSIFIED = {"category": "general", "urgency": "medium", "sentiment": "neutral", "reasoning": "It asks for a change."}
FOUND = {
    "answer": "While the order is pending, open Account > Orders, choose the order, and select Change address.",
    "citations": ["change-address.md#change-the-delivery-address-of-an-order"],
    "steps": [],
    "confidence": 100,
}
"""The model is surer than it may be."""

scenario = Scenario(
    name="ticket_drafted",
    title="A ticket asks for a deed: what the articles say of it is a draft for a person",
    team=team,
    opening="Can you change the address of my order #W1000014?",
    email="erik.halvorsen@example.com",
    expected=Expected(
        end="escalated",
        tools=("file_ticket", "pass_to_a_person"),
        rows={"SELECT count(*) FROM tickets WHERE status = 'open' AND draft LIKE '%[change-address.md#%'": 1},
        says=("with ticket T",),
    ),
    script={"classifier": [json.dumps(CLASSIFIED)], "knowledge": [json.dumps(FOUND)]},
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
