"""The transcript: the ordered record of a run, and the only thing that flows and rules decide on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

Kind = Literal["message", "handoff", "call", "result", "note", "decision"]
By = Literal["model", "rules", "tool", "human"]
Status = Literal["done", "refused", "failed", "waiting"]
DEADLINE = "deadline"
"""Who says no where no operator has answered in time."""


@dataclass(frozen=True)
class Entry:
    """One line of the transcript.

    `message`: text between customer and agent (`asks` when an answer is needed); `handoff`: `to`, a note and `facts`;
    `call` and `result`: joined by `call_id`; `note`: for operators; `decision`: what a human or a rule decided.
    """

    speaker: str
    kind: Kind
    text: str = ""
    by: By = "rules"
    tool: str | None = None
    arguments: Mapping[str, Any] | None = None
    result: Any = None
    status: Status | None = None
    call_id: str | None = None
    to: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    asks: bool = False

    @property
    def is_meanwhile(self) -> bool:
        """Whether a message only tells the customer how things stand, and answers nothing."""
        return bool(self.facts.get("meanwhile"))

    def document(self) -> dict[str, Any]:
        """The entry as JSON-ready data; fields that say nothing are left out, the seven public ones never."""
        row = {f.name: getattr(self, f.name) for f in fields(self)}
        public = ("speaker", "kind", "text", "tool", "arguments", "result", "by")
        return {k: v for k, v in row.items() if k in public or v not in (None, {}, False)}


@dataclass(frozen=True)
class CallResult:
    """A finished tool call as an agent's rules see it. `result` is the parsed JSON; `text` the refusal or failure.

    `refused_by` is the operator who refused it, or `deadline` where none answered in time; empty where none was asked.
    """

    tool: str
    arguments: Mapping[str, Any]
    status: Status
    result: Any
    text: str = ""
    refused_by: str = ""

    @property
    def done(self) -> bool:
        return self.status == "done"

    @property
    def operator_said_no(self) -> bool:
        """Whether an operator looked at it and refused; one that came too late did not."""
        return self.refused_by not in ("", DEADLINE)


@dataclass(frozen=True)
class View:
    """What one agent can see in its turn: its matter and what concerns it, never the whole chat."""

    agent: str
    text: str
    """The customer's words on this matter: the opening message, then later ones, newest last, joined by newlines."""
    latest: str = ""
    """The customer's newest message on this matter alone."""
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """The facts of the handoff note."""
    customer_id: str | None = None
    """The verified customer of the run, if any."""
    calls: tuple[CallResult, ...] = ()
    """This agent's own finished calls on this matter, oldest first."""
    case: tuple[Entry, ...] = ()
    """The whole transcript, for the entry agent and the one who closes; empty for the others."""
    questions: int = 0
    """How many questions this agent already asked the customer."""

    def last(self, *tools: str) -> CallResult | None:
        """The newest finished call of one of these tools (of any tool when none is named)."""
        found = [c for c in self.calls if not tools or c.tool in tools]
        return found[-1] if found else None


def entry_from(data: Mapping[str, Any]) -> Entry:
    """The entry that `document` wrote down."""
    return Entry(**data)


def as_json(value: Any) -> str:
    """Compact JSON text, in the order of the fields."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def as_key(value: Any) -> str:
    """Text that is the same for equal values, whatever the order of their fields."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str, sort_keys=True)
