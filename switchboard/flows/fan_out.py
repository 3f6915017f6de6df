"""Several agents side by side, and one who answers from what they found."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchboard.declare.flow import CUSTOMER, Branch, Branches, Next, Over, Sight, Speaker
from switchboard.declare.transcript import Entry
from switchboard.errors import DeclarationError
from switchboard.flows.matters import (
    Matters,
    after_hand_back,
    after_last_answer,
    is_just_handed_back,
    latest,
    next_in_turn,
)


def fan_out(branches: Sequence[str], joiner: str, entry: str | None = None) -> "FanOut":
    """Several agents side by side: each of `branches` is told the customer's words, and `joiner` answers from what they found.

    `entry`, where there is one, meets the customer first, and hands off to the joiner what is to be looked into.
    For views of the same text that need not know each other (parallelization, map and reduce). Not where the parts show only on
    the way (`supervisor`), nor for what changes something, which no branch may.
    """
    if len(branches) < 2 or len({*branches, joiner, entry}) != len(branches) + 2:
        raise DeclarationError(
            "Flow fan_out needs two or more different branches, and a joiner and entry that are none of them."
        )
    return FanOut(entry or joiner, {entry: (joiner,)} if entry else {}, None, tuple(branches), joiner)


@dataclass(frozen=True)
class FanOut(Matters):
    """The customer's words go to all branches at once, what they come to goes to the joiner. An answer to a question goes to
    who asked it; where that is the joiner and it meets the customer, too, to the branches again, which look with it anew.
    """

    branches: tuple[str, ...] = ()
    joiner: str = ""

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([self.entry, *self.branches, self.joiner]))

    def next(self, transcript: Sequence[Entry], live: bool) -> Next:
        if is_just_handed_back(transcript):
            return after_hand_back(transcript, None, self.entry)
        last = latest(transcript)
        wrote = last.kind == "message" and last.speaker == CUSTOMER
        to_all = wrote and self.entry == self.joiner
        if forced := None if to_all else next_in_turn(transcript, live):
            return forced
        if last.kind == "branch":
            return Speaker(self.joiner)
        if last.kind == "handoff" or to_all:
            return Branches(tuple(Branch(name, _asked(transcript)) for name in self.branches))
        return Speaker(self.entry) if wrote else Over()

    def sees(self, agent: str, transcript: Sequence[Entry]) -> Sight:
        """As in all flows of matters; the joiner sees what the branches came to, too."""
        seen = super().sees(agent, transcript)
        if agent != self.joiner:
            return seen
        since = seen.matter.since if seen.matter else after_last_answer(transcript)
        came = [(i, line) for i, line in enumerate(transcript) if i >= since and line.kind == "branch"]
        lines = tuple(sorted([*seen.lines, *came], key=lambda placed: placed[0]))
        return Sight(seen.matter, seen.words, lines, seen.whole)


def _asked(transcript: Sequence[Entry]) -> str:
    """What the customer wrote since the last answer."""
    lines = transcript[after_last_answer(transcript) :]
    return "\n".join(line.text for line in lines if line.kind == "message" and line.speaker == CUSTOMER)
