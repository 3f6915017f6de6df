"""What a flow is: who speaks next, what each agent sees, and what is open, all read from the transcript alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from switchboard.declare.transcript import Entry, HandoffEntry

CUSTOMER = "customer"
EXECUTOR = "executor"
OPERATOR = "operator"
END = "end"
HUMAN = "human"
"""To whom a model hands off what needs a person; it becomes the call of the agent's escalating tool."""


@dataclass(frozen=True)
class Speaker:
    """An agent of the team takes a turn."""

    name: str


@dataclass(frozen=True)
class ToExecutor:
    """The calls that were made are done."""


@dataclass(frozen=True)
class ToCustomer:
    """The customer is to write."""


@dataclass(frozen=True)
class Over:
    """Nobody speaks: the run is at its end, which has the name that the transcript gives it, or this one, and then why."""

    end: Literal["limit", "loop", "failed"] | None = None
    reason: str = ""


@dataclass(frozen=True)
class Branch:
    """One of several agents that work side by side; `task` is all that it is told."""

    agent: str
    task: str


@dataclass(frozen=True)
class Branches:
    """Several agents work side by side, each in a child run with a record of its own; joined in this order."""

    branches: tuple[Branch, ...]


Next = Speaker | ToExecutor | ToCustomer | Over | Branches


@dataclass(frozen=True)
class Matter:
    """One thing that the customer wants, in the words of the `request` where one was handed on, and the agent that has it.

    `since` is where in the transcript it was handed to that agent, `opened` where its request was last put into words.
    """

    agent: str
    handoff: HandoffEntry | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    request: str = ""
    since: int = 0
    opened: int = 0

    def moved(self, handoff: HandoffEntry, index: int) -> "Matter":
        """The matter in the hands of the one it was handed to; what was known of it stays known."""
        opened = index if handoff.request or self.handoff is None else self.opened
        request = handoff.request or self.request
        return Matter(handoff.to, handoff, {**self.facts, **handoff.facts}, request, index, opened)


@dataclass(frozen=True)
class Sight:
    """What an agent sees of a transcript: `matter`, if the one that is worked on is its own; the customer's `words` on it
    and the `lines` that concern the agent, oldest first, each with its place in the transcript.

    `whole` says that it may look at the whole case, and at what is known of the writer. `said` is what its colleagues and it
    have handed to each other, where the flow is about that, each with its place.
    """

    matter: Matter | None
    words: tuple[tuple[int, str], ...]
    lines: tuple[tuple[int, Entry], ...]
    whole: bool = False
    said: tuple[tuple[int, HandoffEntry], ...] = ()

    def words_before(self, place: int) -> list[str]:
        return [text for index, text in self.words if index < place]

    def lines_from(self, place: int) -> list[Entry]:
        return [line for index, line in self.lines if index >= place]


class Flow(Protocol):
    """How a team speaks together. Its three methods are pure functions of the transcript, so a replay goes the same way.

    `entry` meets the customer first; `reaches` lists to whom each agent may hand off; `closer` is the agent whose text is
    the case note, if any; `members` are all agents of the flow, in the order of its declaration.
    """

    @property
    def entry(self) -> str: ...

    @property
    def reaches(self) -> Mapping[str, tuple[str, ...]]: ...

    @property
    def closer(self) -> str | None: ...

    @property
    def members(self) -> tuple[str, ...]: ...

    def next(self, transcript: Sequence[Entry], live: bool) -> Next:
        """Who speaks next. `live` says that the customer can answer within the run. Never called with an empty transcript."""

    def open_matters(self, transcript: Sequence[Entry]) -> Sequence[Matter]:
        """What is not answered yet, the one being worked on first."""

    def sees(self, agent: str, transcript: Sequence[Entry]) -> Sight:
        """What of the transcript is an agent's to see."""


def flatten(rows: Iterable[Iterable[str]]) -> list[str]:
    return [item for row in rows for item in row]
