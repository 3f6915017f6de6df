"""Equals who agree among themselves who takes the case."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchboard.declare.flow import Next, Over, Speaker
from switchboard.declare.transcript import Entry
from switchboard.errors import DeclarationError
from switchboard.flows.inner.board import Board, check_count, check_names, handed


def peers(names: Sequence[str], rounds: int = 2, unsettled: str | None = None) -> "Peers":
    """Equals without a lead (swarm, contract net): each proposes in turn who takes the case, itself or another, by a handoff on
    the board that all read; whom all of a round name takes it and answers.

    For a handful of specialists who know best themselves whose it is. Not where one question tells (`routing`), which is one
    turn in place of one each. Without agreement after so many rounds the run ends as one that goes round in circles, or goes to
    `unsettled`; so it does where the one who took it puts it back on the board.
    """
    check_names("peers", *names, unsettled)
    check_count("peers", "rounds", rounds)
    if len(names) < 2:
        raise DeclarationError("Flow peers needs two or more agents, as one has nobody to agree with.")
    return Peers(names[0], dict.fromkeys(names, tuple(names)), None, rounds, unsettled=unsettled)


@dataclass(frozen=True)
class Peers(Board):
    """Whoever's proposal is due, then the one that all propose."""

    rounds: int = 2

    def following(self, lines: Sequence[Entry]) -> Next:
        names, said = tuple(self.reaches), [line.to for line in handed(lines)]
        for last in range(len(names), len(said) + 1, len(names)):
            if len({*said[last - len(names) : last]}) == 1:
                taker = said[last - 1]
                over = Over("loop", f"{taker} took the case and put it back on the board.")
                return over if len(said) > last else Speaker(taker)
        if len(said) >= self.rounds * len(names):
            wanted = ", ".join(f"{name} {to}" for name, to in zip(names, said[-len(names) :], strict=True))
            return Over("loop", f"After {self.rounds} rounds the agents did not agree who takes it: {wanted}.")
        return Speaker(names[len(said) % len(names)])
