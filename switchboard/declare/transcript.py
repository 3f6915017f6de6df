"""The transcript: the ordered record of a case, and the only thing that flows and rules decide on."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from hashlib import sha256
from typing import Any, Literal, get_args

from switchboard.errors import NotKnown

By = Literal["model", "rules", "tool", "human", "program"]
Status = Literal["done", "refused", "failed", "waiting"]
DEADLINE = "deadline"
"""Who says no where no operator has answered in time."""


@dataclass(frozen=True)
class Line:
    """What every entry of a transcript says: who speaks, in which words, and what decided on them."""

    speaker: str
    text: str = ""
    by: By = "rules"

    def document(self) -> dict[str, Any]:
        """The entry as JSON-ready data: seven public fields always, the others where they say something."""
        row: dict[str, Any] = {"speaker": self.speaker, "kind": None, "text": self.text, "by": self.by}
        row |= {"tool": None, "arguments": None, "result": None}
        row.update((name, value) for name, value in vars(self).items() if value or name in row)
        return row


@dataclass(frozen=True, kw_only=True)
class MessageEntry(Line):
    """Text between customer and team; `asks` when an answer is needed.

    One told `meanwhile` only says how things stand, and answers nothing. `operator` is who spoke for the team, if one did.
    `confirms` are the calls that the text reads back, by call id: the hash of each, which a yes is bound to, and its words.
    `quoted` is what stood in the customer's message beside their own words, such as the letter that it answers: for people
    to see, and for no rule and no model. `rests_on` names what an agent's text is carried by, for people, too: citations of
    passages, and calls, each as its tool and its id.
    """

    asks: bool = False
    quoted: str = ""
    confirms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    meanwhile: bool = False
    operator: str = ""
    rests_on: Sequence[str] = ()
    kind: Literal["message"] = "message"


@dataclass(frozen=True, kw_only=True)
class HandoffEntry(Line):
    """A matter that went to agent `to`; `text` is the note, `reason` the project's word for why, and `request` the customer's
    words on it, where they are not all that was written.

    `facts` are the agents' own data, whatever their names.
    """

    to: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    request: str = ""
    kind: Literal["handoff"] = "handoff"


@dataclass(frozen=True, kw_only=True)
class CallEntry(Line):
    """A tool call that an agent made; its result has the same `call_id`. `fields` is what its provider wrote with it."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    call_id: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    kind: Literal["call"] = "call"


@dataclass(frozen=True, kw_only=True)
class ResultEntry(Line):
    """What came of a call of agent `to`: the parsed JSON, or in `text` why there is none.

    `code` is what a call that was not done is known by, and `data` what there is to know of that. `ends` names the end that a
    done call gives the run; `refused_by` is the operator who refused it, or `deadline`; `dropped` is a call that was not made
    because the case went another way. `called` is what people hear a call named that changes something. `rule` says, for
    operators, by which rule it was let pass, asked about or refused.
    """

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    result: Any = None
    status: Status
    call_id: str
    to: str
    code: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    ends: Literal["escalated"] | None = None
    refused_by: str = ""
    dropped: bool = False
    called: str = ""
    rule: str = ""
    kind: Literal["result"] = "result"

    @property
    def is_not_known(self) -> bool:
        """Whether the call was sent and nobody can say whether it was done."""
        return self.code == NotKnown.code

    @property
    def operator_said_no(self) -> bool:
        return is_operator(self.refused_by)


@dataclass(frozen=True, kw_only=True)
class NoteEntry(Line):
    """The case note, for operators."""

    kind: Literal["note"] = "note"


@dataclass(frozen=True, kw_only=True)
class DecisionEntry(Line):
    """What a human or a rule decided: on the call `call_id`, on a move of agent `to`, or on the case.

    `operator` is who gave the case back to the agents, where it was `handed_back`, or opened it again, where it was over and
    is `reopened`; `sent_before` is the call, in words, that was sent in another case, too, where nobody knows what came of it.
    `not_sent` is the model's answer which the line says was not sent, for people alone.
    """

    call_id: str = ""
    to: str = ""
    handed_back: bool = False
    reopened: bool = False
    operator: str = ""
    sent_before: str = ""
    not_sent: str = ""
    kind: Literal["decision"] = "decision"


@dataclass(frozen=True, kw_only=True)
class ConsentEntry(Line):
    """What the customer's words said to a call that was read back to them: `bound` is the hash of that very call."""

    call_id: str
    bound: str
    stance: Literal["yes", "no", "other"]
    kind: Literal["consent"] = "consent"


@dataclass(frozen=True, kw_only=True)
class BranchEntry(Line):
    """What came of a branch: the text of its agent, who was told `task` and worked in a case of its own, `case_id`.

    `end` is how that run ended and `reason` why, where that is not plain. `not_done` are the tools that it wanted and that no
    branch may use: they are left to who joins the branches. `turns` and `calls` count against the limits of the whole run.
    """

    case_id: str
    task: str
    end: str
    reason: str = ""
    not_done: Sequence[str] = ()
    turns: int = 0
    calls: int = 0
    kind: Literal["branch"] = "branch"


FOR_PEOPLE = frozenset(("rests_on", "rule", "not_sent"))
"""Fields that nothing goes by, and that lines which were recorded before have not."""

Entry = MessageEntry | HandoffEntry | CallEntry | ResultEntry | NoteEntry | DecisionEntry | ConsentEntry | BranchEntry
"""One line of the transcript."""

KINDS: dict[str, type[Entry]] = {kind.kind: kind for kind in get_args(Entry)}
NAMES = {kind: [f.name for f in fields(entry)] for kind, entry in KINDS.items()}


def entry_from(data: Mapping[str, Any]) -> Entry:
    """The entry that `document` wrote down. Up to version 0.2.0 the marks of what is no handoff lay among its `facts`."""
    kind = data["kind"]
    if kind != "handoff" and data.get("facts"):
        data = {**data, **{"operator" if name == "by" else name: value for name, value in data["facts"].items()}}
    return KINDS[kind](**{name: data[name] for name in NAMES[kind] if data.get(name) is not None})


@dataclass(frozen=True)
class CallResult:
    """A finished tool call as an agent's rules see it. `result` is the parsed JSON; `text` the refusal or failure.

    `code` says what it was refused for, and `data` what there is to know of that; both are empty of a call that was done.
    `refused_by` is the operator who refused it, or `deadline` where none answered in time; empty where none was asked.
    """

    tool: str
    arguments: Mapping[str, Any]
    status: Status
    result: Any
    text: str = ""
    refused_by: str = ""
    code: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        return self.status == "done"

    @property
    def operator_said_no(self) -> bool:
        return is_operator(self.refused_by)


@dataclass(frozen=True)
class View:
    """What one agent can see in its turn: its matter and what concerns it, never the whole chat."""

    agent: str
    text: str
    """The customer's words on this matter: the opening message, then later ones, newest last, joined by newlines."""
    latest: str = ""
    """The customer's newest message on this matter alone."""
    note: str = ""
    reason: str = ""
    """Why the matter was handed over, out of the project's list; the note says it in free words, and no rule reads them."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """The facts of the handoff note."""
    customer_id: str | None = None
    """The verified customer of the case, if any."""
    calls: tuple[CallResult, ...] = ()
    """This agent's own finished calls on this matter, oldest first."""
    unconfirmed: tuple[CallResult, ...] = ()
    """Its calls that were read back to the customer and that the customer did not say yes to, oldest first."""
    read_again: tuple[CallResult, ...] = ()
    """Those that are read back once more behind its next answer."""
    case: tuple[Entry, ...] = ()
    """The whole transcript, for the entry agent and the one who closes; empty for the others."""
    questions: int = 0
    """How many questions this agent already asked the customer."""
    asked: str = ""
    """The newest of them."""
    wrote_since: bool = False
    """Whether the customer wrote after the newest of `calls`."""
    branches: tuple[BranchEntry, ...] = ()
    """What came of the branches that this agent joins, in their order."""
    said: tuple[HandoffEntry, ...] = ()
    """What the agents of a flow such as `rounds` have handed to each other on this matter, oldest first, its own among it."""
    words: tuple[str, ...] = ()
    """The customer's messages on this matter, one by one, oldest first."""
    answering: tuple[str, ...] = ()
    """For each of them the question of this agent that stands before it; empty where none does."""
    days: tuple[date | None, ...] = ()
    """For each of them the day on which it came, where the project is; None where nobody knows."""
    language: str = "en"
    """The language in which the library speaks to the customer: theirs, where it speaks that one, else the team's."""
    team_language: str = "en"
    currency: str = ""
    web: bool = False
    """Whether tools that ask the web are offered."""

    def last(self, *tools: str) -> CallResult | None:
        """The newest finished call of one of these tools (of any tool when none is named)."""
        found = [c for c in self.calls if not tools or c.tool in tools]
        return found[-1] if found else None


def is_operator(refused_by: str) -> bool:
    """Whether somebody looked at a call and refused it; who came too late did not."""
    return refused_by not in ("", DEADLINE)


def as_json(value: Any) -> str:
    """Compact JSON text, in the order of the fields."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def as_key(value: Any) -> str:
    """Text that is the same for equal values, whatever the order of their fields."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str, sort_keys=True)


def digest(value: Any) -> str:
    """A short hash of what was asked for: the same for equal values, and for what comes back from their JSON."""
    plain = value if _is_keyed_by_text(value) else json.loads(as_key(value))  # numbers sort otherwise than their digits
    return sha256(as_key(plain).encode()).hexdigest()[:16]


def _is_keyed_by_text(value: Any) -> bool:
    if isinstance(value, dict):
        return all(type(key) is str and _is_keyed_by_text(item) for key, item in value.items())
    return not isinstance(value, list | tuple) or all(map(_is_keyed_by_text, value))
