"""Escalation: whether an answer goes out, is a draft for a person, or a person has the ticket, by a declared table.

No model is asked: who answers for the house is decided by people, once, in the table, alike for all tickets of a kind, and a
ticket cannot talk it round. What a model knows better has come in before: what it classifies, and how sure it is of an answer.
The same holds of notification, which files and tells what was decided.
"""

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff
from switchboard.declare.transcript import View
from switchboard.tickets.kinds import decide

WHY = {
    "auto_resolve": "The answer is sure enough to go out.",
    "draft": "A person looks over the answer before it goes out.",
    "human": "A person answers this.",
}


def without_model(view: View) -> HandOff:
    found = {**view.facts}
    found |= found.pop("findings", {})
    decision = decide(int(found["confidence"]), found["urgency"], found["sentiment"])
    weighed = f"{found['confidence']} of 100, {found['urgency']}, {found['sentiment']}"
    if decision == "human":  # who answers it reads the articles, and nothing that did not fit waits to be sent
        found["answer"] = ""
    return HandOff("notification", f"{WHY[decision]} ({weighed})", {**found, "decision": decision})


agent = AgentSpec(
    name="escalation",
    description="Decides by the table who answers a ticket.",
    prompt="You decide who answers a ticket.",
    rules_first=True,
    without_model=without_model,
)
