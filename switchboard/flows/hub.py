"""Triage and specialists."""

from collections.abc import Mapping, Sequence

from switchboard.declare.flow import CUSTOMER, Next, Over, Speaker, ToCustomer
from switchboard.declare.transcript import Entry
from switchboard.errors import DeclarationError
from switchboard.flows.matters import Matters, after_hand_back, is_just_handed_back, is_with_a_human, latest, next_in_turn


def hub(entry: str, specialists: Mapping[str, Sequence[str]], closer: str | None = None) -> "Hub":
    """Triage and specialists: `entry` hands each matter to a specialist, who may hold specialists of its own.

    A specialist may hand back to `entry`, a nested one to its parent. When no matter is open the closer writes the note.
    """
    reaches: dict[str, tuple[str, ...]] = {entry: tuple(specialists)}
    for name, nested in specialists.items():
        reaches[name] = (*nested, entry)
        for inner in nested:
            if inner in reaches:
                raise DeclarationError(f"Flow hub: {inner} is named twice.")
            reaches[inner] = (name,)
    return Hub(entry, reaches, closer)


class Hub(Matters):
    """Whoever has the first open matter speaks; without one the entry agent, where the customer wrote, else the closer."""

    def next(self, transcript: Sequence[Entry], live: bool) -> Next:
        matters = self.open_matters(transcript)
        if is_just_handed_back(transcript):
            return after_hand_back(transcript, matters[0].agent if matters else None, self.entry)
        forced = next_in_turn(transcript, live)
        if forced:
            return forced
        last = latest(transcript)
        if last.kind == "note":
            return Over()
        customer_left = last.speaker == CUSTOMER and last.kind == "decision"
        if matters and not customer_left:
            return Speaker(matters[0].agent)
        if last.speaker == CUSTOMER and last.kind == "message":
            return Speaker(self.entry)
        if live and last.kind == "message" and not is_with_a_human(transcript):
            return ToCustomer()
        return Speaker(self.closer) if self.closer else Over()
