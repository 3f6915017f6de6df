"""A team whose branches each ask a model, call a tool and ask again, for tests that kill it; and the model that answers it."""

import os
from pathlib import Path
from typing import Any

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Say
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.flows.fan_out import fan_out
from switchboard.models.scripted import Reply, tool_calls

WORDS = "Where is the kettle?"
REPLY = "north: north saw 7. + south: south saw 7."
EACH = ["model", "call_1 look_around", "model", "end of run"]
"""The steps of a branch; a model's step has the agent's name besides."""


@tool(effect="read", public=True)
def look_around(ctx: Context, place: str) -> int:
    """Look around a place. What was looked at is written into the file that is known as `email`."""
    with Path(ctx.known["email"]).open("a", encoding="utf-8") as file:
        file.write(f"{ctx.agent} {place}\n")
        file.flush()
        os.fsync(file.fileno())
    return 7


def searchers() -> TeamSpec:
    names = ("north", "south")
    members = [AgentSpec(name, name, f"You are {name}.", lambda view: Say("No model."), (look_around,)) for name in names]
    joiner = AgentSpec("joiner", "joins", "You join.", _join, rules_first=True)
    flow, rules = fan_out(names, "joiner"), (Rule("approve", effect="read"),)
    return TeamSpec("searchers", "For tests.", {spec.name: spec for spec in (*members, joiner)}, flow, rules)


def _join(view: Any) -> Say:
    return Say(" + ".join(f"{branch.speaker}: {branch.text}" for branch in view.branches))


def who(request: dict[str, Any]) -> str:
    return "north" if "You are north." in str(request["messages"][0]) else "south"


def answer(request: dict[str, Any]) -> Reply:
    """What the model of the branches says."""
    results = [message["content"] for message in request["messages"] if message["role"] == "tool"]
    return f"{who(request)} saw {results[0]}." if results else tool_calls([("look_around", {"place": "shelf"})])
