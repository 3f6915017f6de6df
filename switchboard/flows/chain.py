"""A fixed line of agents."""

from collections.abc import Sequence
from itertools import pairwise

from switchboard.declare.flow import CUSTOMER, Next, Over, Speaker
from switchboard.declare.transcript import Entry
from switchboard.errors import DeclarationError
from switchboard.flows.matters import Matters, after_hand_back, is_just_handed_back, latest, next_in_turn


def chain(*names: str) -> "Chain":
    """A fixed line of agents (sequential chat, prompt chaining): each hands its work to the next one, the last one's text goes
    to the customer.

    For steps that are always the same, such as research, analysis and writing. Not where work can be sent back:
    `loop`, `states`.
    """
    if len(names) < 2 or len(set(names)) != len(names):
        raise DeclarationError("Flow chain needs two or more different agents.")
    return Chain(names[0], {name: (following,) for name, following in pairwise(names)})


class Chain(Matters):
    """Whoever was handed the work speaks; the customer's words go to who asked last, else to the first of the line."""

    def next(self, transcript: Sequence[Entry], live: bool) -> Next:
        if is_just_handed_back(transcript):
            reached = [line.to for line in transcript if line.kind == "handoff"]
            return after_hand_back(transcript, None, reached[-1] if reached else self.entry)
        forced = next_in_turn(transcript, live)
        if forced:
            return forced
        last = latest(transcript)
        if last.speaker == CUSTOMER and last.kind == "message":
            asked = [line.speaker for line in transcript if line.kind == "message" and line.asks]
            return Speaker(asked[-1] if asked else self.entry)
        return Speaker(last.to) if last.kind == "handoff" else Over()
