"""What an agent can do with its turn, whether a model or its rules decided it."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from switchboard.declare.transcript import By
from switchboard.errors import CODE, DeclarationError

LONGEST_TOLD = 100
"""Characters of a text whose bound a schema tells."""
HAND_OFF = "hand_off"
"""The name under which a model is offered a handoff; it looks like a tool and is none."""
REPLY = "reply"
"""The name under which a model is offered an answer to the customer, with what it rests on and what it asks."""


@dataclass(frozen=True)
class Say:
    """Text for the customer. `asks` says that an answer is needed before the matter can go on.

    `rests_on` are the ids of the calls and the citations of the passages that it names as its grounds; none names all of them.
    `confidence` is how sure rules are of it, of 100, where they say so (`switchboard/tickets/confidence.py`).
    """

    text: str
    asks: bool = False
    rests_on: Sequence[str] = field(default=(), kw_only=True)
    confidence: int | None = field(default=None, kw_only=True)
    kind: Literal["Say"] = field(default="Say", kw_only=True)


@dataclass(frozen=True)
class Call:
    """One tool call. `raw` holds arguments that were not a JSON object, as the model wrote them; `fields` what the model's
    provider wrote beside them and may want back.

    `approved` and `refusal` carry what a human who saw the call before it was made decided; `by` is who approved it, and
    `voices` names each of them where it took several.
    `offered` is False of a call by a model that was not offered the tool. `telling` is what the customer is told before the
    call is read back to them; no model writes it. `made_by` is whose a call stays that is made anew, whoever makes the move.
    """

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    raw: str | None = None
    approved: bool = False
    refusal: str | None = None
    offered: bool = True
    fields: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""
    voices: Sequence[str] = ()
    telling: str = ""
    made_by: By | None = None

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> "Call":
        """The call that `asdict` wrote down, by this version or 0.2.0."""
        return Call(**{**data, "voices": tuple(data.get("voices", ()))})


@dataclass(frozen=True)
class Calls:
    """Tool calls, done in order, with the text that came along."""

    calls: tuple[Call, ...]
    text: str = ""
    kind: Literal["Calls"] = field(default="Calls", kw_only=True)


@dataclass(frozen=True)
class HandOff:
    """The matter goes to agent `to`; `note` says why in free words, `facts` carries what was found as data.

    `reason` is what rules branch on: a word in snake_case, up to 40 characters, out of the project's list. `request` are the
    customer's words on this matter, where they are not all that was written: agent `to` sees these in their place.
    """

    to: str
    note: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    request: str = ""
    kind: Literal["HandOff"] = field(default="HandOff", kw_only=True)

    def __post_init__(self) -> None:
        if self.reason and not CODE.fullmatch(self.reason):
            raise DeclarationError(f"{self.reason!r} is no reason of a handoff: write up to 40 small letters, digits and _.")


@dataclass(frozen=True)
class HandOffs:
    """Several matters of a message, each for an agent, worked on in order; or tasks that an agent made itself."""

    items: tuple[HandOff, ...]
    are_tasks: bool = field(default=False, kw_only=True)
    kind: Literal["HandOffs"] = field(default="HandOffs", kw_only=True)


@dataclass(frozen=True)
class Note:
    """The case note, for operators; never shown to the customer."""

    text: str
    kind: Literal["Note"] = field(default="Note", kw_only=True)


@dataclass(frozen=True)
class Unsure:
    """The rules do not know; where a model is configured it is asked, else `otherwise` is done."""

    otherwise: "Say | Calls | HandOff | HandOffs | Note"


Move = Say | Calls | HandOff | HandOffs | Note


def otherwise(ruled: Move | Unsure) -> Move:
    """What rules do where no model is asked."""
    return ruled.otherwise if isinstance(ruled, Unsure) else ruled


def same_calls(one: Move, other: Move) -> bool:
    """Whether an operator let calls pass as they were, or only refused them."""
    if not (isinstance(one, Calls) and isinstance(other, Calls)):
        return False
    return [(c.tool, c.arguments) for c in one.calls] == [(c.tool, c.arguments) for c in other.calls]


def as_data(move: Move) -> dict[str, Any]:
    """A move as JSON data."""
    return asdict(move)


def from_data(data: Mapping[str, Any]) -> Move:
    """The move that `as_data` wrote down."""
    match data["kind"]:
        case "Say":
            return Say(**{**data, "rests_on": tuple(data.get("rests_on", ()))})
        case "Calls":
            return Calls(tuple(Call.from_data(call) for call in data["calls"]), data["text"])
        case "HandOff":
            return HandOff(**data)
        case "HandOffs":
            return HandOffs(tuple(HandOff(**item) for item in data["items"]), are_tasks=data.get("are_tasks", False))
        case "Note":
            return Note(**data)
        case kind:
            raise ValueError(f"There is no move of the kind {kind!r}.")


def call(tool: str, **arguments: Any) -> Calls:
    """One call, written short."""
    return Calls((Call(tool, arguments),))


def parsed_json(text: str) -> Any:
    """The JSON in a text. Raises ValueError or RecursionError; NaN, Infinity and 1e999, which Python would take, too."""

    def finite(number: str) -> float:
        value = float(number)
        if not math.isfinite(value):
            raise ValueError(f"{number} is no number of JSON")
        return value

    return json.loads(text, parse_constant=finite, parse_float=finite)


def call_from(name: str, arguments: str) -> Call:
    """A call as a model wrote it; arguments that are not a JSON object are kept raw, so that the refusal can be told."""
    try:
        parsed = parsed_json(arguments or "{}")
    except (ValueError, RecursionError):
        return Call(name, {}, raw=arguments)
    return Call(name, parsed) if isinstance(parsed, dict) else Call(name, {}, raw=arguments)


def as_told(schema: Any) -> Any:
    """The schema without generated titles: they cost prompt characters and tell the model nothing. Of whole numbers the bounds
    are told in the words that all providers know. How long a text may be is checked here and told only where it is short: a
    server that makes a grammar of the schema nests it as deep, and llama-cpp-python's dies of that.
    """
    if isinstance(schema, dict):
        if schema.get("type") == "integer" and isinstance(schema.get("exclusiveMinimum"), int):
            schema = {**schema, "minimum": schema["exclusiveMinimum"] + 1}
            del schema["exclusiveMinimum"]
        if schema.get("type") == "integer" and isinstance(schema.get("exclusiveMaximum"), int):
            schema = {**schema, "maximum": schema["exclusiveMaximum"] - 1}
            del schema["exclusiveMaximum"]
        told = {k: v for k, v in schema.items() if not (k == "title" and isinstance(v, str))}
        if isinstance(length := told.get("maxLength"), int) and length > LONGEST_TOLD:
            del told["maxLength"]
        return {k: as_told(v) for k, v in told.items()}
    if isinstance(schema, list):
        return [as_told(item) for item in schema]
    return schema
