"""A lead and its workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Any

from pydantic import BaseModel, Field, create_model

from switchboard.declare.flow import Branch, Branches, Next, Over, Speaker
from switchboard.declare.moves import HandOff, HandOffs
from switchboard.declare.transcript import Entry, View
from switchboard.errors import DeclarationError
from switchboard.flows.inner.board import Board, check_count, check_names

MOST_TASKS = 8
"""That a model assigns at a time."""


def supervisor(lead: str, workers: Sequence[str], most: int = 3, unsettled: str | None = None) -> "Supervisor":
    """A lead who assigns work (orchestrator and workers, agents as tools): what it hands to workers is their task, in its
    words; those of one turn are done side by side, each in a child run, and what they came to comes back to the lead, who
    assigns more or answers.

    For work whose parts show only on the way. Not where the parts are known before (`fan_out`, `chain`), and not for what
    changes something or asks the customer, which no branch may: the lead does that itself, or it is a `hub`. A lead who has
    assigned work `most` times and assigns more ends the run at its limit, or `unsettled` gets it.
    """
    check_names("supervisor", lead, *workers, unsettled)
    check_count("supervisor", "times to assign work", most)
    if not workers:
        raise DeclarationError("Flow supervisor needs one or more workers.")
    return Supervisor(lead, {lead: tuple(workers)}, None, most, unsettled=unsettled)


@dataclass(frozen=True)
class Supervisor(Board):
    """The lead, and where it has just handed out work, branches for that."""

    most: int = 3

    def following(self, lines: Sequence[Entry]) -> Next:
        out = [*takewhile(lambda line: line.kind == "handoff", reversed(lines))][::-1]
        if not out:
            return Speaker(self.entry)
        times = sum(line.kind == "handoff" and (i == 0 or lines[i - 1].kind != "handoff") for i, line in enumerate(lines))
        if times > self.most:
            return Over("limit", f"{self.entry} assigned work {self.most} times and would assign more.")
        return Branches(tuple(Branch(line.to, line.text) for line in out if line.kind == "handoff"))


def plan_of(workers: type[StrEnum]) -> type[BaseModel]:
    """The structure in which a lead's model assigns work: its `output`. It can name no other worker."""
    task: Any = create_model("Task", worker=(workers, ...), task=(str, Field(max_length=4_000)))
    tasks: Any = (list[task], Field(min_length=1, max_length=MOST_TASKS))
    return create_model("Plan", tasks=tasks)


def assigned(plan: Any, view: View) -> HandOffs:
    """What turns such a plan into a move: the lead's `read`."""
    return HandOffs(tuple(HandOff(one.worker.value, one.task) for one in plan.tasks), are_tasks=True)
