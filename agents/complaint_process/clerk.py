"""The clerk, once a complaint is `filed`: a ticket, and its number."""

from agents.sourced.says import says
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say, call
from switchboard.declare.transcript import View
from tools.tickets import open_ticket


def without_model(view: View) -> Move:
    opened = view.last(open_ticket.name)
    if opened is None:
        return call(open_ticket.name, subject="A complaint", summary=view.text[:4000], department="general")
    return Say(says(view, "filed", ticket=opened.result["ticket_id"]) if opened.done else opened.text)


agent = AgentSpec(
    name="clerk",
    description="Files complaints.",
    prompt="You file complaints.",
    tools=(open_ticket,),
    rules_first=True,
    without_model=without_model,
)
