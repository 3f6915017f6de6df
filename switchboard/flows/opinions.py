"""Several opinions, a tie-breaker, and a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchboard.declare.flow import Next, Over, Speaker
from switchboard.declare.transcript import Entry, HandoffEntry
from switchboard.errors import DeclarationError
from switchboard.flows.inner.board import Board, check_names, handed

RECOMMENDS = "recommends"
"""The fact of an adviser's handoff that is compared: a word out of the team's list."""


def opinions(advisers: Sequence[str], tie_breaker: str, teller: str, unsettled: str | None = None) -> "Opinions":
    """Several advise, and none knows what the others said (second opinion, ensemble): each hands to the teller what it
    `recommends`, as a fact. Where they contradict each other the tie-breaker takes the side of one of them; the teller
    tells the customer.

    For a decision that one agent alone should not make, and whose outcome is one word of a list. Not for arguments, which
    should answer each other: `rounds`. Where the tie-breaker takes no side it goes to `unsettled`, who gives it to a person
    with all recommendations; without one the run ends at its limit, and its reason says them.
    """
    check_names("opinions", *advisers, tie_breaker, teller, unsettled)
    if len(advisers) < 2:
        raise DeclarationError("Flow opinions needs two or more advisers, as one contradicts nobody.")
    reaches = dict.fromkeys([*advisers, tie_breaker], (teller,))
    return Opinions(advisers[0], reaches, None, tuple(advisers), tie_breaker, teller, unsettled=unsettled)


@dataclass(frozen=True)
class Opinions(Board):
    """The advisers in their order, the tie-breaker where they differ, and the teller where that is settled."""

    advisers: tuple[str, ...] = ()
    tie_breaker: str = ""
    teller: str = ""

    def following(self, lines: Sequence[Entry]) -> Next:
        said = handed(lines)
        if len(said) < len(self.advisers):
            return Speaker(self.advisers[len(said)])
        if agreed_on(said, len(self.advisers)) is not None:
            return Speaker(self.teller)
        if len(said) == len(self.advisers):
            return Speaker(self.tie_breaker)
        told = "; ".join(f"{line.speaker} recommends {line.facts.get(RECOMMENDS) or 'nothing'}" for line in said)
        return Over("limit", f"The agents contradict each other: {told}.")

    def shows(self, agent: str, line: HandoffEntry) -> bool:
        return agent not in self.advisers or line.speaker == agent


def agreed_on(said: Sequence[HandoffEntry], advisers: int) -> object:
    """What so many advisers all recommend, else what one of them and the tie-breaker do; None where that is nothing."""
    given = [line.facts.get(RECOMMENDS) for line in said]
    first, ties = given[:advisers], given[advisers:]
    if all(one == first[0] for one in first):
        return first[0]
    return ties[0] if ties and ties[0] in first else None
