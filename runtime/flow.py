"""Flows: who speaks next, as a pure function of the transcript. No model call, no clock, no chance."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from runtime.errors import DeclarationError
from runtime.transcript import Entry

CUSTOMER = "customer"
EXECUTOR = "executor"
OPERATOR = "operator"
END = "end"
HUMAN = "human"
"""To whom a model hands off what needs a person; it becomes the call of the agent's escalating tool."""


@dataclass(frozen=True)
class Matter:
    """One thing that the customer wants, and the agent that has it.

    `since` is where in the transcript it was handed to that agent, `opened` where its request was last put into words.
    """

    agent: str
    handoff: Entry | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    since: int = 0
    opened: int = 0

    def moved(self, handoff: Entry, index: int) -> "Matter":
        """The matter in the hands of the one it was handed to; what was known of it stays known."""
        opened = index if "request" in handoff.facts or self.handoff is None else self.opened
        return Matter(handoff.to or "", handoff, {**self.facts, **handoff.facts}, index, opened)


@dataclass(frozen=True)
class Flow:
    """`next_speaker(transcript, live)` names an agent, the executor, the customer, or END.

    `reaches` lists to whom each agent may hand off; `closer` is the agent whose text is the case note, if any.
    """

    entry: str
    reaches: Mapping[str, tuple[str, ...]]
    next_speaker: Callable[[Sequence[Entry], bool], str]
    closer: str | None = None

    @property
    def members(self) -> tuple[str, ...]:
        """Every agent of the flow, in the order of its declaration."""
        ends = (self.closer,) if self.closer else ()
        return tuple(dict.fromkeys([self.entry, *self.reaches, *flatten(self.reaches.values()), *ends]))


def flatten(rows: Iterable[Iterable[str]]) -> list[str]:
    return [item for row in rows for item in row]


def open_matters(transcript: Sequence[Entry], entry: str) -> list[Matter]:
    """The matters that are not answered yet, in order; the first is the one being worked on.

    A handoff by the entry agent opens a matter, a later handoff moves it, a text that asks nothing answers it.
    """
    matters: list[Matter] = []
    for index, line in enumerate(transcript):
        if line.kind == "handoff" and line.to:
            if line.speaker != entry:
                held = matters.pop(0) if matters else Matter(line.speaker)
                matters.insert(0, held.moved(line, index))
                continue
            # A matter that came back to the entry agent is the one it now hands on; a new one waits its turn.
            came_back = bool(matters) and matters[0].agent == entry
            held = matters.pop(0) if came_back else Matter(entry)
            matters.insert(0 if came_back else len(matters), held.moved(line, index))
        elif line.kind == "message" and line.speaker != CUSTOMER and not line.asks and not line.is_meanwhile and matters:
            matters.pop(0)
    return matters


def latest(transcript: Sequence[Entry]) -> Entry:
    """The newest line that says whose turn it is; what only informs, or notes a decision for the record, does not."""
    return next(
        line
        for line in reversed(transcript)
        if not line.is_meanwhile and (line.kind != "decision" or line.speaker == CUSTOMER or line.to)
    )


def since_hand_back(transcript: Iterable[Entry]) -> list[Entry]:
    """What came after an operator last gave the case back to the agents; all of it where none did."""
    lines = list(transcript)
    return lines[max((i + 1 for i, line in enumerate(lines) if line.facts.get("handed_back")), default=0) :]


def is_with_a_human(transcript: Iterable[Entry]) -> bool:
    """Whether the case was handed to a human, and not handed back since."""
    return any(line.facts.get("ends") for line in since_hand_back(transcript))


def is_just_handed_back(transcript: Sequence[Entry]) -> bool:
    """Whether an operator gave the case back, and nobody has done anything since."""
    return bool(transcript) and not since_hand_back(transcript)


def after_hand_back(transcript: Sequence[Entry], holder: str | None, entry: str) -> str:
    """Who goes on after an operator gave the case back: the `holder` of a matter that was cut off, else `entry` with words
    that nobody has answered. A question that stands open waits for its answer.
    """
    spoken = [line for line in transcript if line.kind == "message" and not line.is_meanwhile]
    if spoken and spoken[-1].asks:
        return END
    return holder or (entry if spoken and spoken[-1].speaker == CUSTOMER else END)


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


def chain(*names: str) -> Flow:
    """A fixed line of agents: each hands its work to the next one, the last one's text goes to the customer."""
    if len(names) < 2 or len(set(names)) != len(names):
        raise DeclarationError("Flow chain needs two or more different agents.")
    reaches = {name: (following,) for name, following in pairwise(names)}

    def next_speaker(transcript: Sequence[Entry], live: bool) -> str:
        if is_just_handed_back(transcript):
            reached = [line.to for line in transcript if line.kind == "handoff" and line.to]
            return after_hand_back(transcript, None, reached[-1] if reached else names[0])
        forced = next_in_turn(transcript, live)
        if forced:
            return forced
        last = latest(transcript)
        if last.speaker == CUSTOMER:
            asked = [line.speaker for line in transcript if line.asks]
            return asked[-1] if last.kind == "message" and asked else names[0] if last.kind == "message" else END
        if last.kind == "handoff" and last.to:
            return last.to
        return END

    return Flow(names[0], reaches, next_speaker)


def next_in_turn(transcript: Sequence[Entry], live: bool) -> str | None:
    """What holds in every flow: calls go to the executor, results back to the caller, questions to the customer."""
    last = latest(transcript)
    if last.kind == "call":
        return EXECUTOR
    if last.kind == "result" and last.to:
        return END if last.status == "waiting" else last.to
    if last.kind == "decision" and last.to:
        return last.to
    if last.kind == "message" and last.asks:
        return CUSTOMER if live else END
    if last.kind == "message" and last.speaker == CUSTOMER:
        asked = [line for line in transcript if line.kind == "message" and line.speaker != CUSTOMER and not line.is_meanwhile]
        if asked and asked[-1].asks:
            return asked[-1].speaker
    return None
