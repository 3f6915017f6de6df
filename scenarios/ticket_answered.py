"""A ticket that an article surely answers is answered, and closed."""

import json

from groupchats.tickets import team
from switchboard.scenario import Expected, Scenario

CLASSIFIED = {"category": "general", "urgency": "low", "sentiment": "neutral", "reasoning": "It asks how long there is."}
FOUND = {
    "answer": "You can send back anything within 30 days of delivery, for any reason.",
    "citations": ["returns.md#returns"],
    "steps": [],
    "confidence": 95,
}

scenario = Scenario(
    name="ticket_answered",
    title="A ticket asks what an article says: it is answered with a citation, and closed",
    team=team,
    opening="How long do I have to return something?",
    expected=Expected(
        end="resolved",
        tools=("search_articles", "find_similar_tickets", "file_ticket"),
        never_tools=("pass_to_a_person",),
        rows={"SELECT count(*) FROM tickets WHERE status = 'closed' AND subject LIKE 'How long do I%'": 1},
        says=("30 days", "[returns.md#returns]"),
    ),
    script={"classifier": [json.dumps(CLASSIFIED)], "knowledge": [json.dumps(FOUND)]},
)

if __name__ == "__main__":
    from scenarios.script import main

    main(scenario)
