"""A planner, workers side by side, a writer and a critic, and one who tells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from switchboard.declare.flow import Branch, Branches, Next, Sight, Speaker
from switchboard.declare.transcript import Entry
from switchboard.flows.inner.board import Board, check_count, check_names, handed
from switchboard.flows.loop import PASSES, Loop
from switchboard.flows.matters import after_last_answer


def researched(
    planner: str,
    worker: str,
    writer: str,
    critic: str,
    teller: str,
    revisions: int = 2,
    unsettled: str | None = None,
    analyst: str | None = None,
) -> "Researched":
    """A planner splits a question into tasks, the worker does each in a child run of its own, side by side (orchestrator and
    workers); the writer drafts from what they came to, the critic hands the draft back with a verdict (evaluator-optimizer), at
    most `revisions` times, and the teller tells the customer the one that passed. Where the planner hands something to the
    `analyst`, that one computes it from what the workers came to, and hands it to the writer before its first draft.

    For a report from many sources. Not where the parts are always the same (`fan_out`), nor where work shows only on the way
    (`supervisor`). None that passes ends the run at its limit, or goes to `unsettled`.
    """
    check_names("researched", planner, worker, writer, critic, teller, unsettled, analyst)
    check_count("researched", "revisions", revisions, least=0)
    reaches = {planner: (worker,), writer: (critic, teller), critic: (writer,)}
    if analyst:
        reaches |= {planner: (worker, analyst), analyst: (writer,)}
    return Researched(planner, reaches, None, worker, writer, critic, teller, revisions, analyst, unsettled=unsettled)


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
    analyst: str | None = None

    def following(self, lines: Sequence[Entry]) -> Next:
        since = [*takewhile(lambda line: line.kind != "branch", reversed(lines))][::-1]
        tasks = [line for line in handed(lines) if line.to == self.worker]
        if tasks and len(since) == len(lines):
            return Branches(tuple(Branch(line.to, line.text) for line in tasks))
        to_compute = any(line.to == self.analyst for line in handed(lines))
        if not tasks and not to_compute:
            return Speaker(self.entry)
        if self.analyst and to_compute and not any(line.speaker == self.analyst for line in handed(since)):
            return Speaker(self.analyst)
        drafts = [line for line in handed(since) if self.analyst not in (line.speaker, line.to)]
        if drafts and (drafts[-1].to == self.teller or drafts[-1].reason == PASSES):
            return Speaker(self.teller)
        return Loop(self.writer, {self.writer: (self.critic,)}, None, self.revisions).following(drafts)

    def sees(self, agent: str, transcript: Sequence[Entry]) -> Sight:
        """As on every board; the writer and the analyst, and not the planner, see what the workers came to."""
        seen = super().sees(agent, transcript)
        lines = [placed for placed in seen.lines if placed[1].kind != "branch"]
        if agent in (self.writer, self.analyst):
            begun = after_last_answer(transcript)
            lines += [(n, line) for n, line in enumerate(transcript) if n >= begun and line.kind == "branch"]
        return replace(seen, lines=tuple(sorted(lines, key=lambda placed: placed[0])))
