"""Named states and the transitions that are allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from switchboard.declare.flow import Next, Over, Speaker
from switchboard.declare.transcript import Entry
from switchboard.errors import DeclarationError
from switchboard.flows.inner.board import Board, check_count, check_names, handed


@dataclass(frozen=True)
class State:
    """What a case can be in: `agent` works on it, and hands it on to that of one of the states `to`. One without is a last
    one, in which the agent answers.
    """

    agent: str
    to: tuple[str, ...] = ()


def states(start: str, named: Mapping[str, State], most: int = 12) -> "States":
    """A finite state machine (StateFlow, allowed speaker transitions): each state has an agent of its own, who hands the case
    on to the agent of a state that may follow. Nobody else can be reached, whatever a model says.

    For a process that an auditor would draw, with ways back. Not for a plain line (`chain`), and not where the matter decides
    who is needed (`hub`). Every state must be reached from the first, and reach a last one. After `most` transitions the run
    ends at its limit; it fails where an agent answers in a state that is none of the last.
    """
    check_names("states", *(state.agent for state in named.values()))
    check_count("states", "transitions", most)
    for name, state in {"": State("", (start,)), **named}.items():
        unknown = next((to for to in state.to if to not in named), None)
        if unknown is not None:
            raise DeclarationError(f"Flow states: {f'from {name!r}' if name else 'it'} goes to {unknown!r}, which is no state.")
    reached = _reached({start}, {name: state.to for name, state in named.items()})
    if left := [name for name in named if name not in reached]:
        raise DeclarationError(f"Flow states: nothing leads to {left[0]!r}.")
    back = {name: [other for other, state in named.items() if name in state.to] for name in named}
    ending = _reached({name for name, state in named.items() if not state.to}, back)
    if left := [name for name in named if name not in ending]:
        raise DeclarationError(f"Flow states: from {left[0]!r} no way leads to a last state, which has no `to`.")
    reaches = {state.agent: tuple(named[to].agent for to in state.to) for state in named.values() if state.to}
    return States(named[start].agent, reaches, None, {state.agent: name for name, state in named.items()}, most)


@dataclass(frozen=True)
class States(Board):
    """The agent of the state that the case is in. `names` are the states by their agents."""

    names: Mapping[str, str] = field(default_factory=dict)
    most: int = 12

    def following(self, lines: Sequence[Entry]) -> Next:
        said = handed(lines)
        if len(said) > self.most:
            return Over("limit", f"The case went through {self.most} transitions and is {self.names[said[-1].to]!r} again.")
        return Speaker(said[-1].to if said else self.entry)

    def after_answer(self, speaker: str, lines: Sequence[Entry]) -> Over:
        if speaker not in self.reaches:
            return Over()
        return Over("failed", f"{speaker} answered while the case was {self.names[speaker]!r}, which is no last state.")


def _reached(names: set[str], edges: Mapping[str, Sequence[str]]) -> set[str]:
    """All that can be come to from some names."""
    found: set[str] = set()
    while new := names - found:
        found |= new
        names = {to for name in new for to in edges[name]}
    return found
