"""Agents: inert declarations. One file in a roster folder declares one agent, and its name is the file's."""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from switchboard.declare.moves import Call, HandOff, Move, Say, Unsure
from switchboard.declare.play import Play
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import View
from switchboard.errors import DeclarationError, kind_of

Twin = Callable[[View], Move | Unsure]
SUGGESTS = "suggest_answer"
"""The tool (`switchboard/toolsets/built_in/drafts.py`) that leaves an answer to a person: no agent leaves a case with it."""


@dataclass(frozen=True)
class AgentSpec:
    """An agent. `without_model` is its rule-based twin: a pure function of its view to its move. One that has none answers
    by the play of `plays` that a message surely is, or from an article that surely fits, where it holds a tool that searches
    them; else it asks once, then hands over.

    `routes` says of words whose they surely are, by the name of an agent that it reaches, or "".

    With `rules_first` the twin is asked before the model, and the model only where the twin answers `Unsure`.
    `allows` says of a write that a model calls why it may not be made yet (the customer did not ask for it), or None; it is not
    asked about what the customer has to confirm.
    `drafts` are the answers that a person edits and sends: all of them, those of a model, or those that are less sure than a
    number of 100; it then holds `suggest_answer`.
    `reasons` are those that its model may give for a handoff, out of the project's list; what tells them apart is in `prompt`.
    `output` makes the model answer in that structure; `read` turns the answer (that structure, or text) into a move.
    `suggests` is the answer for the customer that such a handoff of a model's holds, if it does, and the passages that it
    `rests_on`: it passes on only where these carry it.
    """

    name: str
    description: str
    prompt: str
    without_model: Twin | None = None
    tools: tuple[Tool, ...] = ()
    plays: tuple[Play, ...] = ()
    model: Literal["fast", "strong"] = "fast"
    temperature: float = 0.2
    output: type[BaseModel] | None = None
    read: Callable[[Any, View], Move] | None = None
    rules_first: bool = False
    allows: Callable[[View, Call], str | None] | None = None
    reasons: tuple[str, ...] = ()
    routes: Callable[[str], str] | None = None
    drafts: Literal["", "model", "all"] | int = ""
    suggests: Callable[[HandOff], Say | None] | None = None

    def __post_init__(self) -> None:
        if self.output is not None and self.read is None:
            raise DeclarationError(f"Agent {self.name}: an `output` needs `read`, which turns it into a move.")
        for tool in self.tools if isinstance(self.tools, tuple | list) else [self.tools]:
            if not isinstance(tool, Tool):
                why = f"its tools are a tuple of functions with @tool above them, and {kind_of(tool)} is none"
                raise DeclarationError(f"Agent {self.name}: {why}.")
        held = [tool.name for tool in self.tools]
        if self.drafts and SUGGESTS not in held:
            why = f"its `drafts` are left to a person by the tool {SUGGESTS}, which it does not hold; add it to its tools"
            raise DeclarationError(f"Agent {self.name}: {why} (from switchboard.toolsets.built_in.drafts).")
        for play in self.plays:
            missing = [name for name in play.process.tools if name not in held] if play.process else []
            if missing:
                raise DeclarationError(f"Agent {self.name}: the play {play.name} calls {missing[0]}, which it does not hold.")
            for step in play.process.steps if play.process else ():
                takes = self.tools[held.index(step.tool)].arguments.model_fields
                if wrong := [argument for argument in step.arguments if argument not in takes]:
                    there = f"it takes {', '.join(takes) or 'nothing'}"
                    why = f"the play {play.name} gives {step.tool} the argument {wrong[0]!r}; {there}"
                    raise DeclarationError(f"Agent {self.name}: {why}.")
        if isinstance(self.drafts, bool) or (isinstance(self.drafts, int) and not 1 <= self.drafts <= 100):
            why = f'`drafts` is "all", "model" or a number from 1 to 100, and not {self.drafts}'
            raise DeclarationError(f"Agent {self.name}: {why}.")
        for reason in self.reasons:
            HandOff("", "", reason=reason)  # which says what is wrong with one
        if not 0 <= self.temperature <= 2:
            raise DeclarationError(f"Agent {self.name}: the temperature {self.temperature} is not within 0 and 2.")

    @property
    def escalation(self) -> Tool | None:
        """The tool by which this agent leaves a case to a human."""
        return next((t for t in self.tools if t.ends and t.name != SUGGESTS), None)

    @property
    def endings(self) -> tuple[str, ...]:
        """The tools by which the case goes to a human."""
        return tuple(t.name for t in self.tools if t.ends)

    def tool(self, name: str) -> Tool | None:
        return next((t for t in self.tools if t.name == name), None)


def roster(package: str) -> dict[str, AgentSpec]:
    """The agents of one folder, by name, in alphabetical order: every module that holds a value called `agent`."""
    folder = Path(str(import_module(package).__file__)).parent
    found: dict[str, AgentSpec] = {}
    for module in sorted(pkgutil.iter_modules([str(folder)]), key=lambda m: m.name):
        spec = getattr(import_module(f"{package}.{module.name}"), "agent", None)
        if spec is None:
            continue
        if spec.name != module.name:
            raise DeclarationError(f"{package}/{module.name}.py declares an agent called {spec.name!r}.")
        found[spec.name] = spec
    return found
