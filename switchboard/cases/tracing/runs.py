"""A run's entries as a span: the turns of agents, with the calls, branches and waits in them.

The journal tells when a step was recorded and how long it took, so it began so many seconds before; a turn begins where what
was before it ended. Of a run whose steps were deleted the lines tell who did what, and no tokens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from switchboard.cases.entries import STEP
from switchboard.declare.flow import CUSTOMER, EXECUTOR, OPERATOR
from switchboard.declare.human import Approval
from switchboard.declare.outcomes import GivenUp, HumanOutcome, Joined, ModelOutcome, ToolOutcome, Wasted, outcome_from
from switchboard.declare.transcript import (
    CallEntry,
    Entry,
    HandoffEntry,
    MessageEntry,
    NoteEntry,
    ResultEntry,
    as_json,
    entry_from,
)
from switchboard.events.tracing.span import Span, Usage, usage_of
from switchboard.loop.journal import OUTSIDE, SENT

NO_AGENTS = (CUSTOMER, EXECUTOR, OPERATOR)
MOST_SAID = 100
"""Of a result's list, the first so many are looked at."""


class Written(NamedTuple):
    """An entry with the moment at which it was written, in seconds since the epoch."""

    n: int
    kind: str
    name: str
    data: Mapping[str, Any]
    at: float


@dataclass(frozen=True)
class RunFacts:
    """What the rows say of a run beside its entries. `started` is when it was begun, in seconds since the epoch; the entries up
    to `copied` are those of the case that this one was forked from, and nothing was spent on them again.
    """

    case_id: str
    number: int
    team: str
    began_with: str
    started: float
    end: str | None
    version: str = ""
    attempts: int = 0
    words: str = ""
    copied: int = 0


@dataclass
class _Turn:
    """An agent's turn as far as it has come."""

    agent: str
    n: int
    start: float
    end: float
    made: list[Span] = field(default_factory=list)
    did: list[str] = field(default_factory=list)
    answered: bool | None = None
    by: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def moved_by(self) -> str:
        """Who made its moves, as its lines say; of a turn without one, whether a model answered."""
        if self.by:
            return "model" if "model" in self.by else self.by[0]
        return "" if self.answered is None else "model" if self.answered else "rules"


class _Reading:
    """The entries of one run, read in their order."""

    def __init__(self, facts: RunFacts, branches: Mapping[str, Span]) -> None:
        self.facts, self.branches = facts, dict(branches)
        self.at = facts.started
        self.spans: list[Span] = []
        self.callers: dict[str, str] = {}
        self.calls: dict[str, tuple[_Turn, int]] = {}
        self.turn: _Turn | None = None
        self.replies: list[str] = []

    def read(self, entry: Written) -> None:
        if entry.kind == STEP:
            self._step(entry)
        else:
            self._line(entry, entry_from(entry.data))
        self.at = max(self.at, entry.at)

    def close(self) -> list[Span]:
        """The spans in their order; branches that have not been joined come last."""
        self._end_turn()
        return [*self.spans, *self.branches.values()]

    def _step(self, entry: Written) -> None:
        outcome, (first, _, rest) = outcome_from(entry.data), entry.name.partition(" ")
        match outcome:
            case ModelOutcome():
                turn = self._turn_of(rest, entry)
                turn.answered = turn.answered or bool(outcome.answer)
                turn.made.append(self._model(entry, rest, outcome))
            case ToolOutcome() if entry.name.endswith(SENT):
                pass
            case ToolOutcome() if entry.name.endswith(OUTSIDE):
                self._outside(entry, first, outcome)
            case ToolOutcome():
                self._tool(entry, first, rest, outcome)
            case GivenUp():
                self._tool(entry, first, rest, ToolOutcome(status="failed", code="gave_up", seconds=0.0, customer_id=None))
            case HumanOutcome(answer=None) | HumanOutcome(answer=Approval(answer=None)):
                pass  # nobody sat there, so nobody was waited for
            case HumanOutcome():
                self._wait(entry, rest)
            case Joined():
                self._join(outcome)

    def _line(self, entry: Written, line: Entry) -> None:
        match line:
            case ResultEntry():
                if line.call_id not in self.calls:  # it was refused before it was made, or its step was deleted
                    made = ToolOutcome(status=line.status, seconds=0.0, customer_id=None, agent=line.to)
                    told = {"code": line.code, "result": line.result, "text": line.text, "arguments": line.arguments}
                    self._tool(entry, line.call_id, line.tool, replace(made, **told))
                return
            case CallEntry():
                self.callers[line.call_id] = line.speaker
                self._turn_of(line.speaker, entry).by.append(line.by)
                return
            case MessageEntry() if line.speaker == CUSTOMER:
                self._end_turn()
                return
            case MessageEntry() | NoteEntry() | HandoffEntry():
                pass
            case _:
                return
        if line.speaker in NO_AGENTS or (isinstance(line, MessageEntry) and line.operator):
            return
        turn = self._turn_of(line.speaker, entry)
        turn.by.append(line.by)
        turn.said.append(line.text)
        if isinstance(line, HandoffEntry):
            turn.did.append(f"hands over to {line.to}")
        elif isinstance(line, NoteEntry):
            turn.did.append("notes")
        else:
            turn.did.append("asks" if line.asks else "says")
            self.replies.append(line.text)

    def _turn_of(self, agent: str, entry: Written) -> _Turn:
        """The turn of an agent, which goes on where nobody else spoke since."""
        if self.turn is None or self.turn.agent != agent:
            self._end_turn()
            self.turn = _Turn(agent, entry.n, self.at, entry.at)
        self.turn.end = max(self.turn.end, entry.at)
        return self.turn

    def _end_turn(self) -> None:
        if self.turn:
            turn, self.turn = self.turn, None
            made = tuple(turn.made)
            place = {"agent": turn.agent, **self._place(turn.n)}
            facts = {"by": turn.moved_by, "did": ", ".join(dict.fromkeys(turn.did))}
            span = Span(kind="turn", name=turn.agent, start=turn.start, end=turn.end, facts=facts, **place)
            self.spans.append(replace(span, children=made, usage=usage_of(made), gave="\n".join(turn.said)))

    def _place(self, n: int) -> dict[str, Any]:
        return {"case_id": self.facts.case_id, "run": self.facts.number, "n": n}

    def _model(self, entry: Written, agent: str, outcome: ModelOutcome) -> Span:
        answer = outcome.answer
        facts: dict[str, Any] = {}
        usage = _spent(outcome.wasted)
        if answer:
            facts = {"provider": answer.provider, "requested": answer.requested, "counted": answer.counted}
            cost = answer.cost_usd if answer.priced else None
            used = Usage(0, answer.prompt_tokens, answer.completion_tokens, answer.cached_tokens, 0, cost)
            usage = used + _spent(answer.wasted)
        is_copy = entry.n <= self.facts.copied
        return Span(
            kind="model",
            name=answer.model if answer else "",
            agent=agent,
            start=entry.at - outcome.seconds,
            end=entry.at,
            status="answered" if answer else "not answered",
            error="" if answer else "no_answer",
            facts=facts,
            usage=Usage() if is_copy else replace(usage, model_calls=1),
            gave=answer.text if answer else outcome.error,
            **self._place(entry.n),
        )

    def _tool(self, entry: Written, call_id: str, tool: str, outcome: ToolOutcome) -> None:
        made_for, _, why = call_id.partition(".")  # a rehearsal, or what is looked at before the call itself
        agent = outcome.agent or self.callers.get(made_for) or (self.turn.agent if self.turn else EXECUTOR)
        turn = self._turn_of(agent, entry)
        found = _retrieved(outcome.result)
        span = Span(
            kind="retrieval" if found is not None else "tool",
            name=tool,
            agent=agent,
            start=entry.at - outcome.seconds,
            end=entry.at,
            status=outcome.status,
            error=outcome.code if outcome.status != "done" else "",
            facts={"call_id": made_for, "before": why, "found": found},
            given=as_json(outcome.arguments),
            gave=as_json(outcome.result) if outcome.result is not None else outcome.text,
            **self._place(entry.n),
        )
        self.calls.setdefault(call_id, (turn, len(turn.made)))
        turn.made.append(span)

    def _outside(self, entry: Written, call_id: str, outcome: ToolOutcome) -> None:
        """A call's effect on the other side belongs to the call."""
        if call_id in self.calls:
            turn, at = self.calls[call_id]
            error = outcome.code if outcome.status != "done" else ""
            turn.made[at] = replace(turn.made[at], end=entry.at, status=outcome.status, error=error)
            turn.end = max(turn.end, entry.at)

    def _wait(self, entry: Written, what: str) -> None:
        """A person who sits at the process: the customer's next words, or the review or approval of an operator."""
        who = CUSTOMER if what == "words" else OPERATOR
        span = Span(kind="wait", name=who, start=self.at, end=entry.at, facts={"for": what}, **self._place(entry.n))
        if who == OPERATOR and self.turn:
            self.turn.made.append(span)
            self.turn.end = max(self.turn.end, entry.at)
        else:
            self._end_turn()
            self.spans.append(span)

    def _join(self, outcome: Joined) -> None:
        self._end_turn()
        for ended in outcome.branches:
            if span := self.branches.pop(ended.entry.case_id, None):
                self.spans.append(span)


def run_span(facts: RunFacts, entries: Sequence[Written], branches: Mapping[str, Span] | None = None) -> Span:
    """A run as a span, with the spans of its `branches` by their case's id."""
    reading = _Reading(facts, branches or {})
    for entry in entries:
        reading.read(entry)
    children = tuple(reading.close())
    queued = max(0.0, entries[0].at - facts.started) if entries else 0.0
    return Span(
        kind="run",
        name=facts.team,
        case_id=facts.case_id,
        run=facts.number,
        n=0,
        start=min(facts.started, reading.at),
        end=reading.at if facts.end else None,
        status=facts.end or "",
        error=facts.end if facts.end in ("failed", "limit", "loop") else "",
        facts={
            "began_with": facts.began_with,
            "queued_seconds": round(queued, 3),
            "restarts": facts.attempts,
            "version": facts.version,
        },
        usage=usage_of(children),
        children=children,
        given=facts.words,
        gave="\n".join(reading.replies),
    )


def _spent(wasted: Wasted) -> Usage:
    cost = wasted.cost_usd if not wasted.unpriced else None
    return Usage(wasted_tokens=wasted.tokens, cost_usd=cost)


def _retrieved(result: Any) -> int | None:
    """How many passages a call found; None where it is no search of sources, each of whose passages has its citation."""
    if isinstance(result, list) and result and all(isinstance(one, dict) and "citation" in one for one in result[:MOST_SAID]):
        return len(result)
    return None
