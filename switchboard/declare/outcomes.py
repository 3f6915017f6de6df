"""What a step of a run gave, as the loop has it and as the journal keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self, get_args

from switchboard.declare.human import Approval, Review
from switchboard.declare.transcript import BranchEntry, Status, entry_from

Outcome = dict[str, Any]
"""What a step gave as the journal keeps it: plain JSON data, which `as_data` below wrote."""


@dataclass(frozen=True)
class ModelCall:
    """A tool call as the model wrote it; `arguments` is meant to be JSON and may be broken.

    `fields` is what else the provider wrote beside it and may want back, such as a signature.
    """

    id: str
    name: str
    arguments: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Wasted:
    """What answers cost that could not be used: their number, their tokens, and US dollars as far as prices are known; of
    `unpriced` of them none is.
    """

    answers: int = 0
    tokens: int = 0
    cost_usd: float = 0.0
    unpriced: int = 0

    def __add__(self, other: "Wasted") -> "Wasted":
        sums = self.answers + other.answers, self.tokens + other.tokens, self.cost_usd + other.cost_usd
        return Wasted(*sums, self.unpriced + other.unpriced)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """From what was written down; before it counted those without a price, it said whether there was none."""
        given = dict(data)
        all_priced = given.pop("priced", True)
        return cls(**{"unpriced": 0 if all_priced else given.get("answers", 0), **given})


@dataclass(frozen=True)
class Answer:
    """`endpoint` is the index in the gateway's list. `counted` is False when the tokens are our estimate, `priced` is
    False when no price is known and `cost_usd` is therefore 0. `wasted` went to answers before it, which were billed too;
    `after` says what went wrong before it came. Of the prompt's tokens `cached_tokens` came out of the provider's cache, None
    where it does not say. `provider` and `requested` are who was asked and for which model, as traces call them.
    """

    text: str
    calls: tuple[ModelCall, ...]
    model: str
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float
    endpoint: int
    counted: bool = True
    priced: bool = True
    wasted: Wasted = Wasted()
    after: str = ""
    cached_tokens: int | None = None
    provider: str = ""
    requested: str = ""


HumanAnswer = str | Review | Approval | None
"""The customer's next words (None where there will be none), the review of a move, or the answer to an approval."""


@dataclass(frozen=True)
class Kept:
    """What a step gave, as far as the journal is concerned."""

    def as_data(self) -> Outcome:
        """The outcome as JSON data."""
        return dict(vars(self))

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The outcome that `as_data` wrote down, by this version or 0.2.0, in which it did not say its kind."""
        return cls(**{f.name: data[f.name] for f in fields(cls) if f.name in data and f.name != "kind"})


@dataclass(frozen=True, kw_only=True)
class Heard(Kept):
    """What came in from outside while a step was made: `stopped` by hand here, or what an operator elsewhere `wanted`."""

    stopped: str | None = None
    wanted: str | None = None


@dataclass(frozen=True, kw_only=True)
class ModelOutcome(Heard):
    """An answer, or the `error` why there is none, and what was `wasted` on it. `asked` is the hash of what was asked for;
    `seconds` its duration; `day` the one that it is counted to, where somebody counts.
    """

    answer: Answer | None
    error: str
    seconds: float
    asked: str
    wasted: Wasted = Wasted()
    day: str = ""
    kind: Literal["model"] = "model"

    def as_data(self) -> Outcome:
        return {**vars(self), "answer": asdict(self.answer) if self.answer else None, "wasted": asdict(self.wasted)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        given = data["answer"]
        answer = None
        if given:
            calls = tuple(ModelCall(**call) for call in given["calls"])
            answer = Answer(**{**given, "calls": calls, "wasted": Wasted.from_data(given.get("wasted", {}))})
        return super().from_data({**data, "answer": answer, "wasted": Wasted.from_data(data.get("wasted", {}))})

    @property
    def took(self) -> Wasted:
        """What all answers took, the one that can be used among them."""
        if (one := self.answer) is None:
            return self.wasted
        return one.wasted + Wasted(1, one.prompt_tokens + one.completion_tokens, one.cost_usd, 0 if one.priced else 1)


@dataclass(frozen=True, kw_only=True)
class HumanOutcome(Heard):
    """What a human answered."""

    answer: HumanAnswer
    kind: Literal["human"] = "human"

    def as_data(self) -> Outcome:
        match self.answer:
            case Review():
                return {**vars(self), "answer": self.answer.data()}
            case Approval():
                return {**vars(self), "answer": asdict(self.answer)}
            case _:
                return super().as_data()

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        match data["answer"]:
            case {"action": _} as review:
                return super().from_data({**data, "answer": Review.from_data(review)})
            case {"by": _} as approval:
                return super().from_data({**data, "answer": Approval.from_data(approval)})
            case _:
                return super().from_data(data)


@dataclass(frozen=True, kw_only=True)
class ToolOutcome(Heard):
    """What a tool gave; `text` is the refusal or failure, `code` and `data` what rules know it by, `customer_id` who is
    verified after it.

    `name` of the step, `agent`, `arguments` and `asked` (their hash) say which call it was; they are empty for one that
    gave up, and for its effect outside, whose step follows that of the call: where one is to follow, it is not `done` yet.
    """

    status: Status
    result: Any = None
    text: str = ""
    code: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    seconds: float
    customer_id: str | None
    unforeseen: bool = False
    name: str = ""
    agent: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    asked: str = ""
    outside: bool = False
    kind: Literal["tool"] = "tool"


@dataclass(frozen=True)
class RunBegun(Kept):
    """Whether the process that began a run has a model."""

    asks_model: bool
    kind: Literal["run begun"] = "run begun"


@dataclass(frozen=True, kw_only=True)
class MovedBefore(Heard):
    """The cents that were moved for a customer before a call, which approval rules count beside its own; and when and where
    such a call was sent in other cases, of which nobody knows what came.
    """

    cents: int
    unknown: Sequence[str] = ()
    kind: Literal["moved before"] = "moved before"


@dataclass(frozen=True)
class RunEnded(Kept):
    """How a run ended, and the number of the run that follows at once. Of a suggestion, `counts_in` is the newest run of its
    case: what the suggestion took counts behind how that one began.
    """

    end: str | None
    next: int | None = None
    counts_in: int | None = None
    kind: Literal["run ended"] = "run ended"


@dataclass(frozen=True, kw_only=True)
class BranchEnded(Kept):
    """What a branch came to, as its entry in the parent's transcript says it; `used` is what its run has used."""

    entry: BranchEntry
    used: Mapping[str, Any]
    kind: Literal["branch ended"] = "branch ended"

    def as_data(self) -> Outcome:
        return {**vars(self), "entry": self.entry.document()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return super().from_data({**data, "entry": entry_from(data["entry"])})


@dataclass(frozen=True, kw_only=True)
class Joined(Heard):
    """What the branches of a run came to, in their declared order."""

    branches: tuple[BranchEnded, ...]
    kind: Literal["joined"] = "joined"

    def as_data(self) -> Outcome:
        return {**vars(self), "branches": [branch.as_data() for branch in self.branches]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return super().from_data({**data, "branches": tuple(map(BranchEnded.from_data, data["branches"]))})


@dataclass(frozen=True)
class GivenUp(Kept):
    """A step that ended in an error: the journal has its words alone."""

    gave_up: str
    kind: Literal["given up"] = "given up"


StepOutcome = ModelOutcome | HumanOutcome | ToolOutcome | Joined | MovedBefore | RunBegun | RunEnded | BranchEnded | GivenUp
"""What a step gave: an effect of the loop, or the step that begins or ends a run or a branch."""

KINDS: dict[str, type[StepOutcome]] = {outcome.kind: outcome for outcome in get_args(StepOutcome)}
TELLING = {"gave_up": "given up", "status": "tool", "error": "model", "asks_model": "run begun", "next": "run ended"}
"""By a field that no other has: the kind of an outcome that does not say it."""


def outcome_from(data: Mapping[str, Any]) -> StepOutcome:
    """The outcome that `as_data` wrote down, whichever it is."""
    kind = data.get("kind") or next((kind for name, kind in TELLING.items() if name in data), "human")
    return KINDS[kind].from_data(data)
