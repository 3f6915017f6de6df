"""An entry of the transcript as the API's message, and the whole case as text."""

from functools import lru_cache
from hashlib import sha256
from typing import Any

from switchboard.declare.flow import CUSTOMER, EXECUTOR
from switchboard.declare.transcript import DEADLINE, BranchEntry, Entry, as_json
from switchboard.events.rendering import cut

NEWEST, MOST_OF_OLDER = 30, 300
"""Lines of a case that its note is written from whole, and characters of each that came before these."""


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
    """The whole case as text, for the one who writes the case note; of what is long past, the beginning of each line."""
    told = [e for e in transcript if e.kind != "call" and not (e.kind == "decision" and e.by == "rules")]  # on our own models
    texts = [_told(line) for line in told]
    return "\n".join([*(cut(text, MOST_OF_OLDER) for text in texts[:-NEWEST]), *texts[-NEWEST:]])


def _told(line: Entry) -> str:
    what = line.text
    if line.kind == "result":
        what = f"{line.tool}({as_json(line.arguments)}) -> {line.status}: {line.text or as_json(line.result)}"
    elif line.kind == "branch":
        what = in_words(line)
    return f"{line.speaker}{f' to {line.to}' if line.kind == 'handoff' else ''}: {what}"
