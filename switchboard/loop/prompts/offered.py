"""What a model is asked for beside the messages: the tools that it can usefully call now, or the form of its answer."""

from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from switchboard.consent.before import is_open
from switchboard.declare.agent import AgentSpec
from switchboard.declare.flow import HUMAN
from switchboard.declare.moves import HAND_OFF, REPLY, Calls, Move, Say, Unsure, as_told
from switchboard.declare.transcript import View, as_json
from switchboard.loop.state import Run
from switchboard.models.quirks import FORM

NOTHING_LEFT = {
    "type": "function",
    "function": {"name": "none", "description": "Nothing is left to call.", "parameters": {"type": "object", "properties": {}}},
}
"""Stands in for tools where none is offered."""


def options(run: Run, spec: AgentSpec, view: View, ruled: Move | Unsure, asked: list[dict[str, Any]]) -> dict[str, Any]:
    """What is asked for beside the messages, as the gateway takes it. Calls in these never stand without tools: some
    providers refuse that.
    """
    tools = offered_tools(run, spec, view, ruled)
    found: dict[str, Any] = {"tools": tools, "temperature": spec.temperature, "response_format": answer_format(spec)}
    if not tools and any("tool_calls" in message for message in asked):
        found |= {"tools": [NOTHING_LEFT], "tool_choice": "none"}
    return found


def offered_tools(run: Run, spec: AgentSpec, view: View, ruled: Move | Unsure) -> list[dict[str, Any]]:
    """The schemas of what the agent can usefully call now: a verified customer is not looked up again.

    When its last call changed something and the rules see nothing left but the answer, there is nothing to offer: the
    schemas would be a good part of the prompt.
    """
    if spec.output is not None:
        return []
    if spec.name == run.team.flow.closer:
        return []  # its text is the note; the rules write it down
    if view.calls and isinstance(ruled, Say) and not ruled.asks:
        last, tool = view.calls[-1], spec.tool(view.calls[-1].tool)
        if last.done and tool and tool.effect == "write":
            return []
    allowed = [t for t in spec.tools if not (run.under and t.changes) and is_open(t, code=run.allows_code, web=run.allows_web)]
    tools = [t.schema for t in allowed if not t.ends and not (view.customer_id and t.verifies)]
    targets = run.team.flow.reaches.get(spec.name, ()) + ((HUMAN,) if spec.escalation in allowed else ())
    if targets:
        tools.append(hand_off_schema(targets, spec.reasons))
    if tools and spec.read is None and not isinstance(ruled, Calls) and not run.parent:
        tools.append(REPLY_SCHEMA)  # where the rules see nothing left to call, an answer or a question is due
    return tools


def in_the_form_of(output: type[BaseModel]) -> str:
    """What a model is told that did not answer in a structure, as its provider may not have told it of one."""
    return FORM + as_json(as_told(output.model_json_schema()))


def answer_format(spec: AgentSpec) -> dict[str, Any] | None:
    """The structure that the agent's model must answer in, as the API takes it."""
    if spec.output is None:
        return None
    schema = as_told(spec.output.model_json_schema())
    return {"type": "json_schema", "json_schema": {"name": spec.output.__name__, "schema": schema}}


@lru_cache
def hand_off_schema(targets: tuple[str, ...], reasons: tuple[str, ...] = ()) -> dict[str, Any]:
    properties: dict[str, Any] = {"to": {"type": "string", "enum": list(targets)}, "note": {"type": "string"}}
    if reasons:
        properties["reason"] = {"type": "string", "enum": list(reasons)}
    parameters = {"type": "object", "properties": properties, "required": ["to", "note"]}
    text = "Pass the matter to a colleague, or to a human when you cannot settle it, with what is known."
    return {"type": "function", "function": {"name": HAND_OFF, "description": text, "parameters": parameters}}


_TEXTS = {"type": "array", "items": {"type": "string"}}
REPLY_SCHEMA: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": REPLY,
        "description": "Answer the customer.",
        "parameters": {
            "type": "object",
            "properties": {
                "text": {"type": "string"},
                "rests_on": {**_TEXTS, "description": "Ids of calls, citations of articles."},
                "asks": {"type": "string", "description": "What the text asks; '' if nothing."},
            },
            "required": ["text"],
        },
    },
}
