"""Triage and specialists."""

from collections.abc import Mapping, Sequence

from switchboard.declare.flow import CUSTOMER, END, Flow
from switchboard.declare.transcript import Entry
from switchboard.errors import DeclarationError
from switchboard.flows.matters import after_hand_back, is_just_handed_back, is_with_a_human, latest, next_in_turn, open_matters


def hub(entry: str, specialists: Mapping[str, Sequence[str]], closer: str | None = None) -> Flow:
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

    def next_speaker(transcript: Sequence[Entry], live: bool) -> str:
        matters = open_matters(transcript, entry)
        if is_just_handed_back(transcript):
            return after_hand_back(transcript, matters[0].agent if matters else None, entry)
        forced = next_in_turn(transcript, live)
        if forced:
            return forced
        last = latest(transcript)
        if last.kind == "note":
            return END
        customer_left = last.speaker == CUSTOMER and last.kind == "decision"
        if matters and not customer_left:
            return matters[0].agent
        if last.speaker == CUSTOMER and last.kind == "message":
            return entry
        if live and last.kind == "message" and not is_with_a_human(transcript):
            return CUSTOMER
        return closer or END

    return Flow(entry, reaches, next_speaker, closer)
