"""A case as a tree of spans: its runs, the turns of agents in them, and what these did, each with its time and its cost.

Whoever draws a trace, or sends it elsewhere, takes these values; they are made of a case's rows (`cases/tracing/`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from hashlib import sha256
from typing import Any, Literal

Kind = Literal["case", "run", "turn", "model", "tool", "retrieval", "branch", "wait"]


@dataclass(frozen=True)
class Usage:
    """What calls of models took. `cost_usd` is None where a price is not known, `cached_tokens` (of the prompt's) where no
    provider said; `wasted_tokens` went to answers that could not be used.
    """

    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int | None = None
    wasted_tokens: int = 0
    cost_usd: float | None = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        cached = [one for one in (self.cached_tokens, other.cached_tokens) if one is not None]
        costs = (self.cost_usd, other.cost_usd)
        return Usage(
            self.model_calls + other.model_calls,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            sum(cached) if cached else None,
            self.wasted_tokens + other.wasted_tokens,
            None if None in costs else sum(cost for cost in costs if cost is not None),
        )

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens + self.wasted_tokens


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of a case. `n` is the number of the entry that it is of, which with `case_id`, `run` and `kind` names it:
    whoever makes the span anew from the same rows gives it the same name.

    `start` and `end` are in seconds since the epoch, by the clock of who wrote the rows; `end` is None of what goes on.
    `status` is a run's end, or what came of a call; `error` the code of what went wrong. `facts` are ids, names and numbers;
    `given` and `gave` what people, models and tools said, which is shown nowhere unless it is asked for.
    """

    kind: Kind
    name: str
    case_id: str
    run: int
    n: int
    start: float
    end: float | None
    agent: str = ""
    status: str = ""
    error: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    usage: Usage = Usage()
    children: tuple["Span", ...] = ()
    given: str = ""
    gave: str = ""

    @property
    def seconds(self) -> float | None:
        return None if self.end is None else max(0.0, self.end - self.start)

    @property
    def id(self) -> str:
        return span_id(self.case_id, self.run, self.kind, self.n)

    def walk(self) -> Iterator["Span"]:
        """This span and all within it, each before those within itself."""
        yield self
        for child in self.children:
            yield from child.walk()

    def as_data(self) -> dict[str, Any]:
        """The tree as JSON data, without what was said."""
        plain = {"kind": self.kind, "name": self.name, "case_id": self.case_id, "run": self.run, "n": self.n, "id": self.id}
        plain |= {"start": self.start, "end": self.end, "seconds": self.seconds}
        said = {"agent": self.agent, "status": self.status, "error": self.error, **self.facts}
        usage = {**vars(self.usage), "tokens": self.usage.tokens} if self.usage.model_calls else {}
        children = {"children": [child.as_data() for child in self.children]} if self.children else {}
        return {**plain, **{name: value for name, value in said.items() if value not in ("", None)}, **usage, **children}


def usage_of(spans: Iterable[Span]) -> Usage:
    """What several took together."""
    return reduce(Usage.__add__, (span.usage for span in spans), Usage())


def trace_id(case_id: str) -> str:
    """The one trace of a case, as 32 hexadecimal digits: whoever works on it, and whenever, gives it the same."""
    return sha256(f"switchboard:{case_id}".encode()).hexdigest()[:32]


def span_id(case_id: str, run: int, kind: Kind, n: int) -> str:
    """Sixteen hexadecimal digits, the same each time."""
    return sha256(f"{case_id}:{run}:{kind}:{n}".encode()).hexdigest()[:16]
