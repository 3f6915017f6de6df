"""One agent by itself: the flow of a branch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from switchboard.declare.flow import CUSTOMER, Matter, Next, Over, Sight, Speaker
from switchboard.declare.transcript import Entry
from switchboard.flows.matters import latest, next_in_turn


@dataclass(frozen=True)
class Alone:
    """`entry` works on the task that its transcript opens with, and its first text ends the run. It hands off to nobody, and
    branches no further. `members` are all of its team, who never speak.
    """

    entry: str
    members: tuple[str, ...]
    reaches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    closer: None = None

    def next(self, transcript: Sequence[Entry], live: bool) -> Next:
        last = latest(transcript)
        told = last.kind == "message" and last.speaker == CUSTOMER
        return Speaker(self.entry) if told else next_in_turn(transcript, live=False) or Over()

    def open_matters(self, transcript: Sequence[Entry]) -> Sequence[Matter]:
        return ()

    def sees(self, agent: str, transcript: Sequence[Entry]) -> Sight:
        """The task, and all that the agent did about it; nothing of the case that it is a branch of."""
        words = tuple(
            (i, line.text) for i, line in enumerate(transcript) if line.kind == "message" and line.speaker == CUSTOMER
        )
        return Sight(None, words, tuple(enumerate(transcript)))
