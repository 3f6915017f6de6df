"""The state of one run: its transcript, its verified customer, and what it has used."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Engine

from switchboard.characters import shown
from switchboard.consent.codes import Codes, asks_else, awaited, is_asked
from switchboard.consent.identity import Identity
from switchboard.consent.record import language_of_customer, to_read_again
from switchboard.consent.typed_codes import Hiding
from switchboard.declare.agent import SUGGESTS
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.human import Approval, Asked, Human
from switchboard.declare.moves import Call
from switchboard.declare.outcomes import Heard
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import CallResult, Entry, ResultEntry, View
from switchboard.events.stream import EntryAdded, Stream
from switchboard.loop.journal import Journal, Unrecorded

if TYPE_CHECKING:
    from switchboard.models.gateway import Gateway

End = Literal[
    "resolved",
    "escalated",
    "awaiting_customer",
    "awaiting_approval",
    "not_found",
    "limit",
    "loop",
    "cancelled",
    "failed",
    "ignored",
]


@dataclass
class Used:
    """What all runs of a case have used so far. `cost_usd` is what is known of it, `unpriced` how many calls have no known
    price. `seconds` is the sum of the recorded steps: a replay counts the same.
    """

    model_calls: int = 0
    tokens: int = 0
    cost_usd: float = 0.0
    unpriced: int = 0
    seconds: float = 0.0

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Used":
        """From what was written down; before it counted the calls without a price, it said whether there were any."""
        given = dict(data)
        all_priced = given.pop("cost_known", True)
        return cls(**{"unpriced": 0 if all_priced else given.get("model_calls", 0), **given})

    def add(self, other: "Used") -> None:
        self.model_calls += other.model_calls
        self.tokens += other.tokens
        self.cost_usd += other.cost_usd
        self.unpriced += other.unpriced
        self.seconds += other.seconds

    def since(self, before: "Used") -> "Used":
        """What was used after so much was."""
        return Used(*(now - then for now, then in zip(astuple(self), astuple(before), strict=True)))


@dataclass(frozen=True)
class Forked:
    """The case that an operator forked another one from, and the number of the last entry that both have."""

    case_id: str
    after: int


@dataclass
class Run:
    """One run of a team. Everything that flows, rules and limits decide on is in here, and nothing else is."""

    id: str
    """The case that it is a run of."""
    team: TeamSpec
    engine: Engine
    human: Human
    gateway: "Gateway | None" = None
    folder: Path | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, Any] = field(default_factory=dict)
    identity: Identity = "channel"
    """What verifies a customer, as the project says."""
    codes: Codes | None = None
    """What one-time codes need, where these verify a customer."""
    journal: Journal = None  # type: ignore[assignment]  # made below where none is given
    live: bool = False
    """Whether a customer can answer within the run. A resumed run keeps what it began with, as it keeps the next two."""
    reviewed: bool = False
    asks_model: bool | None = False
    allows_code: bool = False
    """Whether agents may run code in a sandbox, as whoever began the case said."""
    allows_web: bool = False
    """Whether agents may ask the web, as they said, too."""
    number: int = 1
    """Which run of its case it is."""
    parent: str | None = None
    """The case that it is a branch of, if it is one."""
    suggests_for: str | None = None
    """The case whose customer it suggests an answer for, which a person sends or does not, if that is all it does."""
    forked: "Forked | None" = None
    is_interrupted: Callable[[], bool] = bool
    """Whether the one at the keyboard, which a branch does not have, has stopped the parent."""
    answered: dict[str, Approval] = field(default_factory=dict)
    """Operators' answers to calls that waited, by call id."""
    ruled: dict[str, str] = field(default_factory=dict)
    """By which rule a call under way is decided on, in words, by its id."""
    asking: list[Asked] = field(default_factory=list)
    """The calls that wait for an operator when the run ends."""
    differences: list[tuple[int, str]] = field(default_factory=list)
    """Where a replay was asked for something else than what is recorded: behind which line, and what."""
    customer_id: str | None = None
    spent_codes: tuple[str, ...] = ()
    """The marks of the codes of this case, once one of them has verified the customer."""
    transcript: list[Entry] = field(default_factory=list)
    came_on: date | None = None
    """The day on which the words came that began this run, where the project is, as the run's row has it."""
    days: dict[int, date] = field(default_factory=dict)
    """The day on which each message of the customer came, by its place in the transcript."""
    pending: deque[tuple[str, Call]] = field(default_factory=deque)
    held: list[tuple[str, Call, str]] = field(default_factory=list)
    """Calls of this turn that the customer must say yes to, each with what is to be read back of it."""
    used: Used = field(default_factory=Used)
    end: End | None = None
    reason: str = ""
    speaker: str = CUSTOMER
    stream: Stream = field(default_factory=Stream)

    def __post_init__(self) -> None:
        self.journal = self.journal or Unrecorded(self.engine)
        self.live = self.live or self.human.live
        self.reviewed = self.reviewed or self.human.reviews
        self.asks_model = self.asks_model or self.gateway is not None

    def add(self, entry: Entry) -> None:
        if entry.kind == "message" and entry.speaker != CUSTOMER:
            entry = replace(entry, text=shown(entry.text))
        entry = self.journal.line(entry)
        self.transcript.append(entry)
        if self.stream.is_heard(self.id):
            number = self.journal.newest
            self.stream.tell(EntryAdded(case_id=self.id, run=self.number, number=number, entry=entry))

    def stop(self, end: End, reason: str) -> None:
        """Name the end of the run; the first one named stays."""
        if self.end is None:
            self.end, self.reason = end, reason

    def heard(self, outcome: Heard) -> None:
        """What came in from outside while an effect was made: Ctrl-C, or an operator elsewhere."""
        if outcome.stopped:
            self.stop("cancelled", outcome.stopped)
        if outcome.wanted == "cancel":
            self.stop("cancelled", "An operator cancelled the case.")
        elif outcome.wanted:
            self.stop("escalated", "An operator took the case over.")

    @property
    def under(self) -> str | None:
        """The case that it is a part of, as a branch or a suggestion. Such a run reads and changes nothing."""
        return self.parent or self.suggests_for

    @property
    def language(self) -> str:
        """That in which the customer is spoken to."""
        return language_of_customer(self.transcript, self.team.language)

    def hiding(self) -> Hiding:
        """Which numbers the customer's next words are kept without."""
        asked = awaited(self.transcript)
        open_else = bool(self.spent_codes) and asks_else(self.transcript)
        return Hiding(self.id, asked is not None, is_asked(self.transcript, asked), self.spent_codes, open_else)

    def next_call_id(self) -> str:
        """Call ids count up within a run: they are part of idempotency keys, so a replay must give the same ones."""
        return f"call_{sum(line.kind == 'call' for line in self.transcript) + 1}"

    def _in_form(self, result: ResultEntry) -> bool:
        """Whether rules can read a call: they made it, or its arguments are such as the tool takes. One that was not made
        because an operator took the case is as if it had never been asked for.
        """
        if result.dropped:
            return False
        call = next(e for e in self.transcript if e.kind == "call" and e.call_id == result.call_id)
        tool = self.team.tools.get(result.tool)
        return call.by == "rules" or (tool is not None and tool.takes(result.arguments))

    def view(self, agent: str) -> View:
        """What an agent's rules are given: what the flow lets it see, with what is known of the writer where it may be."""
        seen = self.team.flow.sees(agent, self.transcript)
        words, lines = [text for _, text in seen.words], [line for _, line in seen.lines]
        mine = seen.matter
        results = [place for place, e in seen.lines if e.kind == "result" and e.to == agent and not e.dropped]
        asked = [e.text for e in lines if e.kind == "message" and e.asks and e.speaker == agent]
        facts = {**(self.known if seen.whole else {}), **(mine.facts if mine else {})}
        return View(
            agent=agent,
            text="\n".join(words),
            latest=words[-1] if words else "",
            words=tuple(words),
            days=tuple(self.days.get(place) for place, _ in seen.words),
            answering=tuple(_question_before(place, seen.lines, agent) for place, _ in seen.words),
            note=mine.handoff.text if mine and mine.handoff else "",
            reason=mine.handoff.reason if mine and mine.handoff else "",
            facts=facts,
            customer_id=self.customer_id,
            calls=tuple(call_result(e) for e in lines if e.kind == "result" and e.to == agent and self._in_form(e)),
            unconfirmed=tuple(call_result(e) for e in lines if e.kind == "result" and e.to == agent and e.dropped and e.code),
            read_again=tuple(call_result(e) for e in to_read_again(self.transcript, agent)),
            case=tuple(self.transcript) if seen.whole else (),
            questions=len(asked),
            asked=asked[-1] if asked else "",
            wrote_since=bool(results) and max((place for place, _ in seen.words), default=-1) > results[-1],
            branches=tuple(e for e in lines if e.kind == "branch"),
            said=tuple(e for _, e in seen.said),
            language=self.language,
            team_language=self.team.language,
            currency=self.team.vocabulary.currency,
            web=self.allows_web,
        )


def _question_before(place: int, lines: Sequence[tuple[int, Entry]], agent: str) -> str:
    """What the agent asked before a message of the customer; empty where what it said last asks nothing."""
    said = [e for at, e in lines if at < place and e.kind == "message" and e.speaker in (agent, CUSTOMER)]
    return said[-1].text if said and said[-1].speaker == agent and said[-1].asks else ""


def call_result(entry: ResultEntry) -> CallResult:
    told = (entry.status, entry.result, entry.text, entry.refused_by, entry.code, entry.data)
    return CallResult(entry.tool, entry.arguments, *told)


def written(run: Run) -> list[ResultEntry]:
    """The results of calls that changed something for the customer, in order; the closer's note and drafts are operators'."""
    effects = {name: tool.effect for name, tool in run.team.tools.items()}
    return [
        e
        for e in run.transcript
        if e.kind == "result"
        and e.status == "done"
        and e.to != run.team.flow.closer
        and e.tool != SUGGESTS
        and effects.get(e.tool) in ("write", "send")
    ]
