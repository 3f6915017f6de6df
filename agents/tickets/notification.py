"""Notification: files the ticket, tells the customer, and sees to it that whoever must hear of it does.

Who that is says `[notifications]`: what waits for a person is told in the transaction that ends the run, once to each place.
"""

from typing import Any

from agents.cases.handover import first_said, then_said
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say, call
from switchboard.declare.transcript import View
from switchboard.reading.languages import said
from tools.tickets import file_ticket, pass_to_a_person


def without_model(view: View) -> Move:
    filed, passed = view.last(file_ticket.name), view.last(pass_to_a_person.name)
    if passed and not view.wrote_since:
        words = (
            f"{first_said(view, None)}{said('handed_over', view.language, ticket=passed.result)}"
            if passed.done
            else passed.text
        )
        return Say(f"{words}\n\n{then_said(view, view.language)}" if passed.done else words)
    if filed is None or view.wrote_since:
        return call(file_ticket.name, **_of(view))
    if not filed.done or view.facts["decision"] != "auto_resolve":
        return call(pass_to_a_person.name, summary=_summary(view))
    return Say(str(view.facts["answer"]))


def _of(view: View) -> dict[str, Any]:
    found = view.facts
    names = ("category", "urgency", "sentiment", "confidence", "decision", "citations", "past")
    return {
        "department": found["department"],
        "subject": " ".join(view.latest.split())[:120] or "-",
        "summary": _summary(view),
        "draft": str(found["answer"]),
        **{name: found[name] for name in names},
    }


def _summary(view: View) -> str:
    found = view.facts
    cited = f" See {', '.join(found['citations'])}." if found["citations"] else ""
    return f"{found['reasoning']}{cited} They wrote: {' '.join(view.text.split())[:4000]}"


agent = AgentSpec(
    name="notification",
    description="Files a ticket, and tells whoever must hear of it.",
    prompt="You file tickets.",
    tools=(file_ticket, pass_to_a_person),
    rules_first=True,
    without_model=without_model,
)
