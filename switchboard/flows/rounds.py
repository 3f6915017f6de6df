"""Several who argue in turn, and one who sums up."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchboard.declare.flow import Next, Speaker
from switchboard.declare.transcript import Entry
from switchboard.errors import DeclarationError
from switchboard.flows.inner.board import Board, check_count, check_names, handed


def rounds(speakers: Sequence[str], moderator: str, rounds: int = 2) -> "Rounds":
    """Several argue in turn (debate, round robin), such as an optimist and a skeptic: each hands to the moderator what it has
    to say, and reads what the others said; after so many rounds the moderator tells the customer what came of it.

    For a question with sides, where each should answer the other. Not where the sides need not hear each other, which `fan_out`
    does at once and cheaper, nor where somebody has to decide: `opinions`. It ends by its count of rounds.
    """
    check_names("rounds", *speakers, moderator)
    check_count("rounds", "rounds", rounds)
    if len(speakers) < 2:
        raise DeclarationError("Flow rounds needs two or more speakers; one alone argues with nobody.")
    return Rounds(speakers[0], dict.fromkeys(speakers, (moderator,)), None, moderator, rounds)


@dataclass(frozen=True)
class Rounds(Board):
    """Whoever's turn it is by the number of what was said, then the moderator."""

    moderator: str = ""
    rounds: int = 2

    def following(self, lines: Sequence[Entry]) -> Next:
        speakers, said = tuple(self.reaches), len(handed(lines))
        return Speaker(self.moderator if said >= self.rounds * len(speakers) else speakers[said % len(speakers)])
