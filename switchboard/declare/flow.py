"""What a flow is: who is in it, to whom each may hand off, and who speaks next."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from switchboard.declare.transcript import Entry

CUSTOMER = "customer"
EXECUTOR = "executor"
OPERATOR = "operator"
END = "end"
HUMAN = "human"
"""To whom a model hands off what needs a person; it becomes the call of the agent's escalating tool."""


@dataclass(frozen=True)
class Flow:
    """`next_speaker(transcript, live)` names an agent, the executor, the customer, or END.

    `reaches` lists to whom each agent may hand off; `closer` is the agent whose text is the case note, if any.
    """

    entry: str
    reaches: Mapping[str, tuple[str, ...]]
    next_speaker: Callable[[Sequence[Entry], bool], str]
    closer: str | None = None

    @property
    def members(self) -> tuple[str, ...]:
        """Every agent of the flow, in the order of its declaration."""
        ends = (self.closer,) if self.closer else ()
        return tuple(dict.fromkeys([self.entry, *self.reaches, *flatten(self.reaches.values()), *ends]))


def flatten(rows: Iterable[Iterable[str]]) -> list[str]:
    return [item for row in rows for item in row]
