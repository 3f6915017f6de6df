"""A line of agents of whom the next takes over where one cannot."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from switchboard.declare.flow import Flow, Next, Speaker
from switchboard.declare.moves import HandOff
from switchboard.declare.transcript import Entry
from switchboard.errors import DeclarationError
from switchboard.flows.inner.board import Board, check_names, handed

FAILED = "failed"
"""The reason with which the next one gets it where the rules of one failed; a note says how."""


def fallback(*names: str) -> "Fallback":
    """A line of agents, such as primary, backup, general: the first answers, and the next takes over where it declines, by a
    handoff with a reason that says why, or where its rules fail.

    For several ways to the same answer, the best one first. Not for parts of an answer (`chain`, `fan_out`). A model that is
    down needs none: the agent's own rules answer. A failed call goes back to the agent that made it, as only that one can know
    whether it may be done; the last of the line declines to nobody, so it asks, answers or leaves it to a person.
    """
    check_names("fallback", *names)
    if len(names) < 2:
        raise DeclarationError("Flow fallback needs two or more agents: one who answers, and one who takes over.")
    return Fallback(names[0], {name: (following,) for name, following in pairwise(names)})


@dataclass(frozen=True)
class Fallback(Board):
    """Whoever was handed it last."""

    def following(self, lines: Sequence[Entry]) -> Next:
        said = handed(lines)
        return Speaker(said[-1].to if said else self.entry)


def taken_over(flow: Flow, failed: str, how: str) -> HandOff | None:
    """The move in place of that of an agent whose rules failed; None where nobody takes over from it."""
    following = flow.reaches.get(failed) if isinstance(flow, Fallback) else None
    return HandOff(following[0], how, reason=FAILED) if following else None
