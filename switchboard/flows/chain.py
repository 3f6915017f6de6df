"""A fixed line of agents."""

from collections.abc import Sequence
from itertools import pairwise

from switchboard.declare.flow import CUSTOMER, END, Flow
from switchboard.declare.transcript import Entry
from switchboard.errors import DeclarationError
from switchboard.flows.matters import after_hand_back, is_just_handed_back, latest, next_in_turn


def chain(*names: str) -> Flow:
    """A fixed line of agents: each hands its work to the next one, the last one's text goes to the customer."""
    if len(names) < 2 or len(set(names)) != len(names):
        raise DeclarationError("Flow chain needs two or more different agents.")
    reaches = {name: (following,) for name, following in pairwise(names)}

    def next_speaker(transcript: Sequence[Entry], live: bool) -> str:
        if is_just_handed_back(transcript):
            reached = [line.to for line in transcript if line.kind == "handoff"]
            return after_hand_back(transcript, None, reached[-1] if reached else names[0])
        forced = next_in_turn(transcript, live)
        if forced:
            return forced
        last = latest(transcript)
        if last.speaker == CUSTOMER:
            asked = [line.speaker for line in transcript if line.kind == "message" and line.asks]
            return asked[-1] if last.kind == "message" and asked else names[0] if last.kind == "message" else END
        if last.kind == "handoff":
            return last.to
        return END

    return Flow(names[0], reaches, next_speaker)
