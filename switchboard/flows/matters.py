"""What every flow reads from a transcript: the open matters, and whose turn the newest line makes it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from switchboard.declare.flow import CUSTOMER, END, EXECUTOR
from switchboard.declare.transcript import DecisionEntry, Entry, HandoffEntry, MessageEntry


@dataclass(frozen=True)
class Matter:
    """One thing that the customer wants, and the agent that has it.

    `since` is where in the transcript it was handed to that agent, `opened` where its request was last put into words.
    """

    agent: str
    handoff: HandoffEntry | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    since: int = 0
    opened: int = 0

    def moved(self, handoff: HandoffEntry, index: int) -> "Matter":
        """The matter in the hands of the one it was handed to; what was known of it stays known."""
        opened = index if "request" in handoff.facts or self.handoff is None else self.opened
        return Matter(handoff.to, handoff, {**self.facts, **handoff.facts}, index, opened)


def open_matters(transcript: Sequence[Entry], entry: str) -> list[Matter]:
    """The matters that are not answered yet, in order; the first is the one being worked on.

    A handoff by the entry agent opens a matter, a later handoff moves it, a text that asks nothing answers it.
    """
    matters: list[Matter] = []
    for index, line in enumerate(transcript):
        if line.kind == "handoff":
            if line.speaker != entry:
                held = matters.pop(0) if matters else Matter(line.speaker)
                matters.insert(0, held.moved(line, index))
                continue
            # A matter that came back to the entry agent is the one it now hands on; a new one waits its turn.
            came_back = bool(matters) and matters[0].agent == entry
            held = matters.pop(0) if came_back else Matter(entry)
            matters.insert(0 if came_back else len(matters), held.moved(line, index))
        elif line.kind == "message" and line.speaker != CUSTOMER and not line.asks and not line.meanwhile and matters:
            matters.pop(0)
    return matters


def latest(transcript: Sequence[Entry]) -> Entry:
    """The newest line that says whose turn it is; what only informs, or notes a decision for the record, does not."""
    return next(line for line in reversed(transcript) if not _informs(line))


def _informs(line: Entry) -> bool:
    match line:
        case MessageEntry():
            return line.meanwhile
        case DecisionEntry():
            return line.speaker != CUSTOMER and not line.to
        case _:
            return False


def since_hand_back(transcript: Iterable[Entry]) -> list[Entry]:
    """What came after an operator last gave the case back to the agents; all of it where none did."""
    lines = list(transcript)
    return lines[max((i + 1 for i, line in enumerate(lines) if line.kind == "decision" and line.handed_back), default=0) :]


def is_with_a_human(transcript: Iterable[Entry]) -> bool:
    """Whether the case was handed to a human, and not handed back since."""
    return any(line.kind == "result" and line.ends for line in since_hand_back(transcript))


def is_just_handed_back(transcript: Sequence[Entry]) -> bool:
    """Whether an operator gave the case back, and nobody has done anything since."""
    return bool(transcript) and not since_hand_back(transcript)


def after_hand_back(transcript: Sequence[Entry], holder: str | None, entry: str) -> str:
    """Who goes on after an operator gave the case back: the `holder` of a matter that was cut off, else `entry` with words
    that nobody has answered. A question that stands open waits for its answer.
    """
    spoken = [line for line in transcript if line.kind == "message" and not line.meanwhile]
    if spoken and spoken[-1].asks:
        return END
    return holder or (entry if spoken and spoken[-1].speaker == CUSTOMER else END)


def next_in_turn(transcript: Sequence[Entry], live: bool) -> str | None:
    """What holds in every flow: calls go to the executor, results back to the caller, questions to the customer."""
    last = latest(transcript)
    if last.kind == "call":
        return EXECUTOR
    if last.kind == "result":
        return END if last.status == "waiting" else last.to
    if last.kind == "decision" and last.to:
        return last.to
    if last.kind == "message" and last.asks:
        return CUSTOMER if live else END
    if last.kind == "message" and last.speaker == CUSTOMER:
        asked = [line for line in transcript if line.kind == "message" and line.speaker != CUSTOMER and not line.meanwhile]
        if asked and asked[-1].asks:
            return asked[-1].speaker
    return None
