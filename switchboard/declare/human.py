"""The human's part in a run: the customer's next words, the review of a turn, and the answer to an approval."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from switchboard.declare.moves import Call, Move, as_data, from_data


@dataclass(frozen=True)
class Review:
    """What an operator decided on a move before it takes effect.

    `pass`: let it happen; `replace`: do `move` in its place (an answer of the operator, or calls with edited arguments
    or refusals); `retry`: the agent shall think again, because of `text`; `stop`: end the run. `by` is who decided.
    """

    action: Literal["pass", "replace", "retry", "stop"] = "pass"
    move: Move | None = None
    text: str = ""
    by: str = ""

    def data(self) -> dict[str, Any]:
        return {"action": self.action, "move": as_data(self.move) if self.move else None, "text": self.text, "by": self.by}

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> "Review":
        """What `data` wrote down, by this version or one before `by`."""
        return Review(data["action"], from_data(data["move"]) if data["move"] else None, data["text"], data.get("by", ""))


@dataclass(frozen=True)
class Approval:
    """The answer to a rule that asks. `answer` None means that nobody can answer now.

    `arguments`, where there are any, are made in place of the ones that were asked for; `bound` is the hash of the call
    that was asked for, and the answer holds for no other. `voices` names each operator whose answer this is, where it took
    several of them.
    """

    answer: Literal["approve", "refuse"] | None
    by: str = "operator"
    reason: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    bound: str = ""
    voices: Sequence[str] = ()

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> "Approval":
        """The answer that `asdict` wrote down, by this version or 0.2.0."""
        return Approval(**{**data, "voices": tuple(data.get("voices", ()))})


@dataclass(frozen=True)
class Asked:
    """A call that waits for operators. `said` holds the answers that were given already, where more than one must agree;
    `bound` is the hash that an answer is bound to.
    """

    call_id: str
    agent: str
    tool: str
    arguments: Mapping[str, Any]
    why: str
    operators: int = 1
    said: tuple[Approval, ...] = ()
    bound: str = ""


class Human(Protocol):
    """How a run reaches people. `live` says that a customer can answer within the run, `reviews` that an operator does."""

    live: bool
    reviews: bool

    def next_words(self, question: str) -> str | None:
        """The customer's next message; None when there will be none."""

    def review(self, agent: str, move: Move, effects: dict[str, str]) -> Review:
        """Asked before each move of an agent takes effect. `effects` says what each tool that is called does."""

    def approve(self, agent: str, call: Call, why: str) -> Approval:
        """Asked where an approval rule says `ask`."""


class Nobody:
    """No human is there: the customer has said all, moves pass, approvals wait."""

    live = False
    reviews = False

    def next_words(self, question: str) -> str | None:
        return None

    def review(self, agent: str, move: Move, effects: dict[str, str]) -> Review:
        return Review()

    def approve(self, agent: str, call: Call, why: str) -> Approval:
        return Approval(None)


class Prepared:
    """A human whose words and decisions are known beforehand, as in a scenario. Moves pass; what is missing is a no."""

    reviews = False

    def __init__(self, words: Iterable[str] = (), approvals: Iterable[bool] = (), *, live: bool = True) -> None:
        self.live = live
        self._words: Iterator[str] = iter(words)
        self._approvals: Iterator[bool] = iter(approvals)

    def next_words(self, question: str) -> str | None:
        return next(self._words, None)

    def review(self, agent: str, move: Move, effects: dict[str, str]) -> Review:
        return Review()

    def approve(self, agent: str, call: Call, why: str) -> Approval:
        if next(self._approvals, False):
            return Approval("approve")
        return Approval("refuse")
