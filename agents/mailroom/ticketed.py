"""Letters that people work on: a ticket is opened, and the writer hears its number."""

from typing import Any

from agents.sourced.says import says
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say, call
from switchboard.declare.transcript import View
from tools.tickets import open_ticket


def ticketed(name: str, priority: str, message: str) -> AgentSpec:
    """An agent that opens a ticket for a letter, and says what becomes of it by a `message`."""

    def without_model(view: View) -> Move:
        opened = view.last(open_ticket.name)
        if opened is None:
            given: dict[str, Any] = {"department": "general", "priority": priority, "summary": view.text[:4000]}
            return call(open_ticket.name, subject=f"A {name} in a letter", **given)
        return Say(says(view, message, ticket=opened.result["ticket_id"]) if opened.done else opened.text)

    return AgentSpec(
        name=name,
        description=f"Opens a ticket for a {name}.",
        prompt=f"You open a ticket for a {name}.",
        tools=(open_ticket,),
        rules_first=True,
        without_model=without_model,
    )
