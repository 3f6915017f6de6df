"""A planner, workers side by side, a writer and a critic, and one who tells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from switchboard.declare.flow import Branch, Branches, Next, Sight, Speaker
from switchboard.declare.transcript import Entry
from switchboard.flows.inner.board import Board, check_count, check_names
from switchboard.flows.loop import PASSES, Loop
from switchboard.flows.matters import after_last_answer


def researched(
    planner: str, worker: str, writer: str, critic: str, teller: str, revisions: int = 2, unsettled: str | None = None
) -> "Researched":
    """A planner splits a question into tasks, the worker does each in a child run of its own, side by side (orchestrator and
    workers); the writer drafts from what they came to, the critic hands the draft back with a verdict (evaluator-optimizer), at
    most `revisions` times, and the teller tells the customer the one that passed.

    For a report from many sources. Not where the parts are always the same (`fan_out`), nor where work shows only on the way
    (`supervisor`). None that passes ends the run at its limit, or goes to `unsettled`.
    """
    check_names("researched", planner, worker, writer, critic, teller, unsettled)
    check_count("researched", "revisions", revisions, least=0)
    reaches = {planner: (worker,), writer: (critic, teller), critic: (writer,)}
    return Researched(planner, reaches, None, worker, writer, critic, teller, revisions, unsettled=unsettled)


@dataclass(frozen=True)
class Researched(Board):
    """The planner speaks until it has handed tasks out; then the writer and the critic, as in `loop`; a draft that passed is
    the teller's to tell, and so is what the writer hands there itself.
    """

    worker: str = ""
    writer: str = ""
    critic: str = ""
    teller: str = ""
    revisions: int = 2

    def following(self, lines: Sequence[Entry]) -> Next:
        since = [*takewhile(lambda line: line.kind != "branch", reversed(lines))][::-1]
        if len(since) == len(lines):
            tasks = [line for line in lines if line.kind == "handoff" and line.to == self.worker]
            branches = tuple(Branch(line.to, line.text) for line in tasks)
            return Branches(branches) if branches else Speaker(self.entry)
        drafts = [line for line in since if line.kind == "handoff"]
        if drafts and (drafts[-1].to == self.teller or drafts[-1].reason == PASSES):
            return Speaker(self.teller)
        return Loop(self.writer, {self.writer: (self.critic,)}, None, self.revisions).following(since)

    def sees(self, agent: str, transcript: Sequence[Entry]) -> Sight:
        """As on every board; the writer, and not the planner, sees what the workers came to."""
        seen = super().sees(agent, transcript)
        lines = [placed for placed in seen.lines if placed[1].kind != "branch"]
        if agent == self.writer:
            begun = after_last_answer(transcript)
            lines += [(n, line) for n, line in enumerate(transcript) if n >= begun and line.kind == "branch"]
        return replace(seen, lines=tuple(sorted(lines, key=lambda placed: placed[0])))
