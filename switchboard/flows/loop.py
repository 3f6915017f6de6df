"""A writer and an evaluator."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from switchboard.declare.flow import Next, Over, Speaker
from switchboard.declare.moves import HandOff
from switchboard.declare.transcript import Entry, View
from switchboard.flows.inner.board import Board, check_count, check_names, handed

PASSES, REVISE = "passes", "revise"
"""The reasons with which an evaluator hands a draft back."""
Grade = Field(ge=1, le=10)


class Verdict(BaseModel):
    """What an evaluator finds of a draft; `feedback` says what is to be changed. The grades are from 1 to 10."""

    clarity: int = Grade
    completeness: int = Grade
    accuracy: int = Grade
    passes: bool
    feedback: str = Field(default="", max_length=2000)


def verdict_to(writer: str) -> Callable[[Any, View], HandOff]:
    """What turns a `Verdict` into a move: the `read` of an evaluator whose `output` it is; its rules may use it too."""

    def read(verdict: Verdict, view: View) -> HandOff:
        grades = f"Clarity {verdict.clarity}, completeness {verdict.completeness}, accuracy {verdict.accuracy} of 10."
        note = f"{grades} {verdict.feedback}".strip()
        return HandOff(writer, note, verdict.model_dump(), reason=PASSES if verdict.passes else REVISE)

    return read


def loop(writer: str, evaluator: str, revisions: int = 2, unsettled: str | None = None) -> "Loop":
    """A writer and an evaluator (evaluator-optimizer, reflection): the writer hands a draft over, the evaluator hands it back
    with a verdict; the writer revises it, at most `revisions` times, and tells the customer the one that passed.

    For what gets better by criticism that can be said, such as a report or a translation. Not where the criticism is a rule
    that the writer can keep at once, nor where a draft has been sent before it is judged. None that passes ends the run at its
    limit, or goes to `unsettled`.
    """
    check_names("loop", writer, evaluator, unsettled)
    check_count("loop", "revisions", revisions, least=0)
    return Loop(writer, {writer: (evaluator,), evaluator: (writer,)}, None, revisions, unsettled=unsettled)


@dataclass(frozen=True)
class Loop(Board):
    """The writer speaks until it has handed a draft over, then the evaluator judges it; a draft that passed is the writer's to
    tell.
    """

    revisions: int = 2

    def following(self, lines: Sequence[Entry]) -> Next:
        said = handed(lines)
        if not said:
            return Speaker(self.entry)
        last, evaluator = said[-1], self.reaches[self.entry][0]
        drafts = sum(line.speaker == self.entry for line in said)
        if last.speaker == self.entry:
            over = Over("limit", f"{self.entry} handed in {drafts} drafts and told none of them.")
            return over if drafts > self.revisions + 1 else Speaker(evaluator)
        if last.reason != PASSES and drafts > self.revisions:
            return Over("limit", f"{evaluator} passed none of {drafts} drafts of {self.entry}.")
        return Speaker(self.entry)
