"""The human's part in a run: the customer's next words, the review of a turn, and the answer to an approval."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from runtime.moves import Call, Move


@dataclass(frozen=True)
class Review:
    """What an operator decided on a move before it takes effect.

    `pass`: let it happen; `replace`: do `move` in its place (an answer of the operator, or calls with edited arguments
    or refusals); `retry`: the agent shall think again, because of `text`; `stop`: end the run.
    """

    action: Literal["pass", "replace", "retry", "stop"] = "pass"
    move: Move | None = None
    text: str = ""


@dataclass(frozen=True)
class Approval:
    """The answer to a rule that asks. `answer` None means that nobody can answer now."""

    answer: Literal["approve", "refuse"] | None
    by: str = "operator"
    reason: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)


class Human(Protocol):
    """How a run reaches people. `live` says that a customer can answer within the run."""

    live: bool

    def next_words(self, question: str) -> str | None:
        """The customer's next message; None when there will be none."""

    def review(self, agent: str, move: Move, effects: dict[str, str]) -> Review:
        """Asked before each move of an agent takes effect. `effects` says what each tool that is called does."""

    def approve(self, agent: str, call: Call, why: str) -> Approval:
        """Asked where an approval rule says `ask`."""


class Nobody:
    """No human is there: the customer has said all, moves pass, approvals wait."""

    live = False

    def next_words(self, question: str) -> str | None:
        return None

    def review(self, agent: str, move: Move, effects: dict[str, str]) -> Review:
        return Review()

    def approve(self, agent: str, call: Call, why: str) -> Approval:
        return Approval(None)


class Prepared:
    """A human whose words and decisions are known beforehand, as in a scenario. Moves pass; what is missing is a no."""

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
        return Approval("refuse", reason="The operator did not approve it.")
