"""What a program may look up itself, as anybody may who asks: the public tools of a team that only read."""

from collections.abc import Mapping
from typing import Any

from switchboard.declare.moves import Call
from switchboard.declare.team import TeamSpec
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import CallEntry, ResultEntry
from switchboard.events.stream import Stream
from switchboard.loop.drive import new_id
from switchboard.loop.executor import do_call
from switchboard.service.place import Place

CALL = "call_1"


def public_reads(team: TeamSpec) -> dict[str, tuple[str, Tool]]:
    """The tools by name, each with an agent that holds it. None of them tells whose matter something is."""
    found: dict[str, tuple[str, Tool]] = {}
    for agent, spec in team.members.items():
        for tool in spec.tools:
            if tool.effect == "read" and tool.public and not (tool.verifies or tool.web or tool.runs_code or tool.ends):
                found.setdefault(tool.name, (agent, tool))
    return found


def look_up(place: Place, team: str, name: str, arguments: Mapping[str, Any]) -> ResultEntry:
    """Make a call of one of them as the executor makes it for a model: the agent holds the tool, its rules let it pass, and no
    customer is verified. It belongs to no case, so nobody hears of it.
    """
    run = place.environment.run(new_id(), team)
    run.stream = Stream()
    agent, _ = public_reads(run.team)[name]
    run.add(CallEntry(agent, by="model", tool=name, arguments=dict(arguments), call_id=CALL))
    return do_call(run, CALL, Call(name, dict(arguments)))
