"""What a model is sent: policy and prompt first and byte-identical, then the brief, then the agent's own part."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from switchboard.consent.before import is_open
from switchboard.declare.agent import AgentSpec, Twin
from switchboard.declare.flow import CUSTOMER, EXECUTOR, HUMAN, Flow, Sight
from switchboard.declare.moves import HAND_OFF, REPLY, Calls, Move, Say, Unsure, as_told
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import DEADLINE, BranchEntry, Entry, View, as_json, as_key
from switchboard.loop.state import Run
from switchboard.models.quirks import FORM, history_in_words

OWN = ("call", "message")
MOST_EARLIER, MOST_OF_ONE = 12, 1_500
"""How many earlier messages of a case a model is told, and characters of each."""
NOTHING_LEFT = {
    "type": "function",
    "function": {"name": "none", "description": "Nothing is left to call.", "parameters": {"type": "object", "properties": {}}},
}
"""Stands in for tools where none is offered."""


def messages(run: Run, spec: AgentSpec, view: View) -> list[dict[str, Any]]:
    """The OpenAI messages for one turn of an agent."""
    rows: list[dict[str, Any]] = [{"role": "system", "content": system_text(run.team, spec)}]
    if spec.name == run.team.flow.closer:
        return [*rows, {"role": "user", "content": digest(run.transcript)}]
    seen = run.team.flow.sees(spec.name, run.transcript)
    mine = (place for place, line in seen.lines if line.speaker == spec.name and line.kind in OWN)
    own = next(mine, len(run.transcript))  # what the customer said before the agent's first own turn belongs to the brief
    first = next((place for place, _ in seen.words if place >= 0), own)
    words = "\n".join(seen.words_before(own))
    rows.append({"role": "user", "content": brief(run.team, view, words, earlier(run.transcript, min(first, own)))})
    notes = [line for line in run.transcript if line.kind == "decision" and line.handed_back]
    found = [line for place, line in seen.lines if place < own and line.kind == "branch"]
    for line in [*notes, *found, *in_order(seen, own)]:
        add_line(rows, line, spec.name if seen.said else "")
    return history_in_words(rows) if spec.output else rows  # who answers in a structure can call nothing


def in_order(seen: Sight, own: int) -> list[Entry]:
    """What the agent saw from its first own turn on, and what was handed on the board, which is told whole."""
    lines = {place: line for place, line in seen.lines if place >= own}
    return [line for _, line in sorted({**lines, **dict(seen.said)}.items())]


def earlier(transcript: Sequence[Entry], before: int) -> list[str]:
    """What customer and team said to each other before the words that are now worked on, the newest last.

    Only what came before the customer's message that these stand in, or follow: what is answered meanwhile is another matter.
    """
    asked = [i for i, e in enumerate(transcript) if e.kind == "message" and e.speaker == CUSTOMER and i <= before]
    said = [e for e in transcript[: asked[-1] if asked else 0] if e.kind == "message" and not e.meanwhile]
    return [
        f"{'Customer' if e.speaker == CUSTOMER else 'You'}: {' '.join(e.text[:MOST_OF_ONE].split())}"
        for e in said[-MOST_EARLIER:]
    ]


@lru_cache
def policy_text(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


ANSWERS_IN = {
    code: f"\n\nAnswer in the language that the customer writes, and in {name} where their words tell none."
    for code, name in (("de", "German"), ("fr", "French"), ("es", "Spanish"))
}
"""What stands at the end of the prompt of a team that answers in another language than English."""


def system_text(team: TeamSpec, spec: AgentSpec) -> str:
    policy = policy_text(team.policy) + "\n\n" if team.policy else ""
    return policy + spec.prompt.strip() + ANSWERS_IN.get(team.language, "")


@lru_cache
def fingerprint(team: TeamSpec) -> str:
    """The version of what a run is made of: a hash of its team's policy, prompts, tools, flow and rules."""
    members = [
        [spec.name, system_text(team, spec), spec.model, spec.temperature, spec.rules_first, _called(spec.without_model)]
        + [[tool.schema, tool.effect, tool.amount, tool.timeout] for tool in spec.tools]
        for spec in team.members.values()
    ]
    parts = [team.name, members, _flow_in_words(team.flow), [repr(rule) for rule in team.approvals], repr(team.vocabulary)]
    return sha256(as_key(parts).encode()).hexdigest()[:12]


def _flow_in_words(flow: Flow) -> list[Any]:
    """A flow as it is declared: its kind, and beside whom it reaches all that it counts by, such as its rounds. A project's own
    says of itself what its fields say.
    """
    held: dict[str, Any] = {one.name: getattr(flow, one.name) for one in fields(flow)} if is_dataclass(flow) else {}
    told = {name: value for name, value in held.items() if not callable(value)}
    return [type(flow).__name__, flow.entry, flow.members, dict(flow.reaches), told]


def _called(rules: Twin | None) -> str:
    return str(getattr(rules, "__qualname__", ""))


def brief(team: TeamSpec, view: View, words: str, before: Sequence[str] = ()) -> str:
    """Who is asking, where the team verifies that, what was said before, what was handed over, and the customer's own words,
    which are data.
    """
    unknown = "Customer not verified." if any(tool.verifies for tool in team.tools.values()) else ""
    who = f"Verified customer: {view.customer_id}" if view.customer_id else unknown
    found = as_json(view.facts) if view.facts else ""
    note = found or view.note
    told = [f"Earlier in this conversation:\n{chr(10).join(before)}\nNow:"] if before else []
    return "\n".join(part for part in (who, *told, note and f"Note: {note}", f"Customer: {words}") if part)


def add_line(rows: list[dict[str, Any]], line: Entry, member: str = "") -> None:
    """One entry of the transcript as the API's message; the calls of one turn stand in one message.

    `member` is who is told, in a flow in which agents read what they hand to each other.
    """
    if line.kind == "call":
        asked = {"name": line.tool, "arguments": as_json(line.arguments)}
        beside = {name: value for name, value in line.fields.items() if name not in ("function", "message")}
        function = {**line.fields.get("function", {}), **asked}
        item = {**beside, "id": wire_id(line.call_id), "type": "function", "function": function}
        if rows[-1].get("tool_calls"):
            rows[-1]["tool_calls"].append(item)
        else:
            message = line.fields.get("message", {})
            rows.append({**message, "role": "assistant", "content": line.text or None, "tool_calls": [item]})
    elif line.kind == "result":
        who = "Nobody approved it in time: " if line.refused_by == DEADLINE else "An operator refused this call: "
        text = f"{who}{line.text}" if line.refused_by else line.text or as_json(line.result)
        row = {"role": "tool", "tool_call_id": wire_id(line.call_id), "content": text}
        rows.insert(behind_its_call(rows, row["tool_call_id"]), row)
    elif line.kind == "message" and not line.meanwhile:  # which may stand between a call and its result
        by_customer = line.speaker == CUSTOMER  # named, so that no customer passes for the operator below
        text = f"Customer: {line.text}" if by_customer else line.text
        rows.append({"role": "user" if by_customer else "assistant", "content": text})
    elif line.kind == "branch":
        rows.append({"role": "user", "content": f"{line.speaker}, a colleague, looked into it. {in_words(line)}"})
    elif line.kind == "handoff" and member:
        told = line.text or as_json(line.facts)
        mine = line.speaker == member
        rows.append(
            {"role": "assistant" if mine else "user", "content": told if mine else f"{line.speaker}, a colleague: {told}"}
        )
    elif line.kind == "decision" and line.by == "human" and line.speaker not in (CUSTOMER, EXECUTOR):
        rows.append({"role": "user", "content": f"The operator, not the customer, says: {line.text}"})


@lru_cache
def wire_id(call_id: str) -> str:
    """The id of a call as models are told it: nine letters and digits, which every provider takes."""
    return sha256(call_id.encode()).hexdigest()[:9]


def behind_its_call(rows: list[dict[str, Any]], call_id: str) -> int:
    """Where the result of a call goes: right behind it, also where the customer was asked about it in between."""
    made = (i for i, row in enumerate(rows) if any(call["id"] == call_id for call in row.get("tool_calls") or ()))
    place = next(made, len(rows) - 1) + 1
    while place < len(rows) and rows[place]["role"] == "tool":
        place += 1
    return place


def in_words(branch: BranchEntry) -> str:
    """What a branch came to, for who goes on from it."""
    ended = "" if branch.end == "resolved" else f"It did not come to an end ({branch.end}). {branch.reason}"
    left = f"It would need {', '.join(branch.not_done)}, which was not called." if branch.not_done else ""
    return " ".join(part for part in (branch.text and f"Found: {branch.text}", ended, left) if part)


def digest(transcript: list[Entry]) -> str:
    """The whole case as text, for the one who writes the case note."""
    lines = []
    for e in transcript:
        if e.kind == "call" or (e.kind == "decision" and e.by == "rules"):  # the latter is on our own models
            continue
        what = (
            f"{e.tool}({as_json(e.arguments)}) -> {e.status}: {e.text or as_json(e.result)}" if e.kind == "result" else e.text
        )
        what = in_words(e) if e.kind == "branch" else what
        lines.append(f"{e.speaker}{f' to {e.to}' if e.kind == 'handoff' else ''}: {what}")
    return "\n".join(lines)


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
    allowed = [t for t in spec.tools if not (run.parent and t.changes) and is_open(t, code=run.allows_code, web=run.allows_web)]
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
