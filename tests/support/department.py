"""One department on a seeded shop, run as the desk runs it, behind a front desk that hands everything on."""

from typing import Any

from sqlalchemy import Engine

from groupchats.desk import CONFIRMED
from switchboard.declare.agent import AgentSpec
from switchboard.declare.human import Prepared
from switchboard.declare.moves import HandOff, Move, Note, Say, call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.transcript import View
from switchboard.flows.hub import hub
from switchboard.loop.drive import run_team
from tools.identity import find_user_id_by_email

Document = dict[str, Any]


def ask(agent: AgentSpec, engine: Engine, *words: str, email: str = "", confirms: bool = False) -> Document:
    """The document of a run in which a customer writes `words`, one message after the other, to one department.

    What it calls is done at once, so that tests see what it calls; with `confirms` it is read back first, as on the desk.
    """

    def front(view: View) -> Move:
        if view.note:
            return Say(f"Handed back ({view.reason}): {view.note}")
        if email and not view.customer_id:
            return call("find_user_id_by_email", email=email)
        return HandOff(agent.name, "as the customer wrote")

    members = {
        "triage": AgentSpec("triage", "hands everything on", "-", front, tools=(find_user_id_by_email,)),
        agent.name: agent,
        "closer": AgentSpec("closer", "notes that it is over", "-", lambda view: Note("Over.")),
    }
    rules = (*(Rule("confirm", tool=name) for name in CONFIRMED if confirms), Rule("approve"))
    team = TeamSpec("one", "one department", members, hub("triage", {agent.name: []}, "closer"), rules)
    human = Prepared(words[1:], live=len(words) > 1)
    known = {"email": email} if email else {}
    return run_team(team, words[0], engine=engine, human=human, known=known).document


def calls_of(document: Document) -> list[str]:
    """The tools that the department called, in order."""
    return [c["tool"] for c in document["tool_calls"] if c["agent"] != "triage"]


def arguments_of(document: Document, tool: str) -> dict[str, Any]:
    """The arguments of the first call of a tool."""
    return next(dict(c["arguments"]) for c in document["tool_calls"] if c["tool"] == tool)
