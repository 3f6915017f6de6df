"""What an agent can do with its turn, whether a model or its rules decided it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

HAND_OFF = "hand_off"
"""The name under which a model is offered a handoff; it looks like a tool and is none."""


@dataclass(frozen=True)
class Say:
    """Text for the customer. `asks` says that an answer is needed before the matter can go on."""

    text: str
    asks: bool = False


@dataclass(frozen=True)
class Call:
    """One tool call. `raw` holds arguments that were not a JSON object, as the model wrote them.

    `approved` and `refusal` carry what a human who saw the call before it was made decided.
    """

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    raw: str | None = None
    approved: bool = False
    refusal: str | None = None


@dataclass(frozen=True)
class Calls:
    """Tool calls, done in order, with the text that came along."""

    calls: tuple[Call, ...]
    text: str = ""


@dataclass(frozen=True)
class HandOff:
    """The matter goes to agent `to`; `note` says why, `facts` carries what was found as data."""

    to: str
    note: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class HandOffs:
    """Several matters, each for an agent, worked on in order."""

    items: tuple[HandOff, ...]


@dataclass(frozen=True)
class Note:
    """The case note, for operators; never shown to the customer."""

    text: str


@dataclass(frozen=True)
class Unsure:
    """The rules do not know; where a model is configured it is asked, else `otherwise` is done."""

    otherwise: "Say | Calls | HandOff | HandOffs | Note"


Move = Say | Calls | HandOff | HandOffs | Note


def as_data(move: Move) -> dict[str, Any]:
    """A move as JSON data: its fields, and the name of its kind."""
    return {"kind": type(move).__name__, **asdict(move)}


def from_data(data: Mapping[str, Any]) -> Move:
    """The move that `as_data` wrote down."""
    fields = {name: value for name, value in data.items() if name != "kind"}
    match data["kind"]:
        case "Calls":
            return Calls(tuple(Call(**call) for call in fields["calls"]), fields["text"])
        case "HandOffs":
            return HandOffs(tuple(HandOff(**item) for item in fields["items"]))
        case kind:
            return {"Say": Say, "Note": Note, "HandOff": HandOff}[kind](**fields)  # type: ignore[no-any-return]


def call(tool: str, **arguments: Any) -> Calls:
    """One call, written short."""
    return Calls((Call(tool, arguments),))
