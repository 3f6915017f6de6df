"""Triage and specialists."""

from collections.abc import Mapping, Sequence

from switchboard.declare.flow import CUSTOMER, Next, Over, Speaker, ToCustomer
from switchboard.declare.transcript import Entry
from switchboard.errors import DeclarationError
from switchboard.flows.matters import Matters, after_hand_back, is_just_handed_back, is_with_a_human, latest, next_in_turn

Nested = Sequence[str] | Mapping[str, "Nested"]
"""Specialists by name; a mapping says which specialists of its own each of them holds."""


def hub(entry: str, specialists: Mapping[str, Nested], closer: str | None = None) -> "Hub":
    """Triage and specialists (hand-offs, nested): `entry` hands each matter to a specialist, who may hold specialists of its
    own, and these theirs: `{"billing": {"disputes": ["banks"]}}` is a hub within reach of another.

    A specialist may hand back to `entry`, a nested one to its parent. When no matter is open the closer writes the note.
    For customers with one or several matters, each of which one agent answers. Not where several have to work on the same one.
    Two who hand a matter to and fro are stopped by the team's limit for that.
    """
    reaches: dict[str, tuple[str, ...]] = {entry: tuple(specialists)}

    def add(parent: str, inner: Nested) -> None:
        for name in inner:
            nested = inner[name] if isinstance(inner, Mapping) else ()
            if name in reaches:
                raise DeclarationError(f"Flow hub: {name} is named twice.")
            reaches[name] = (*nested, parent)
            add(name, nested)

    add(entry, specialists)
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
