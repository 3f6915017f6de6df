"""What cases came to, counted: by day, by department, by agent or by model, and all together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

By = Literal["day", "agent", "department", "model"]
GO_ON = ("working", "awaiting_customer", "awaiting_approval")
"""Of cases that are not over: how they stand."""
NO_MATTER = "ignored"
"""The end of what no person wrote."""


@dataclass(frozen=True)
class Percentiles:
    """In seconds, by nearest rank; None where nothing was measured."""

    p50: float | None = None
    p95: float | None = None


@dataclass(frozen=True)
class Figures:
    """`name` is a day (UTC), on which cases began, a department, an agent, whose cases are those that it spoke in, or a model,
    whose cases are those in which it answered (`none` of calls that nobody answered).

    `ends` counts how the cases stand; of one that is worked on it is `working`. `outcomes` counts what became of
    them, `because` why persons have, or had, some of them, and `thumbs` what customers thought; an agent has the first alone, a
    model none of these.
    `escalated` are those that agents, or this
    agent, handed to a person; `deflected` those that were resolved and that no person had to do with. `known_usd` sums what
    is known of money, of the case's whole or of the agent's calls, and `unpriced` counts the cases, or the calls, of which it
    is not known.
    """

    name: str
    ends: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    because: Mapping[str, int] = field(default_factory=dict)
    thumbs: Mapping[str, int] = field(default_factory=dict)
    escalated: int = 0
    deflected: int = 0
    model_calls: int = 0
    tokens: int = 0
    known_usd: float = 0.0
    unpriced: int = 0
    model_call: Percentiles = Percentiles()
    first_answer: Percentiles = Percentiles()

    @property
    def cases(self) -> int:
        return sum(self.ends.values())

    @property
    def over(self) -> int:
        """Cases of people that do not go on."""
        return sum(count for end, count in self.ends.items() if end not in (*GO_ON, NO_MATTER))

    @property
    def deflection(self) -> float | None:
        """The share of the cases that are over that was resolved without a person."""
        return self.deflected / self.over if self.over else None

    @property
    def cost_usd(self) -> float | None:
        """What was spent; None where the price of some of it is not known."""
        return None if self.unpriced else self.known_usd

    def as_data(self) -> dict[str, Any]:
        data = {"name": self.name, "cases": self.cases, "over": self.over, "ends": dict(self.ends)}
        data |= {name: dict(getattr(self, name)) for name in ("outcomes", "because", "thumbs")}
        data |= {"escalated": self.escalated, "deflected": self.deflected, "deflection": self.deflection}
        data |= {"model_calls": self.model_calls, "tokens": self.tokens, "cost_usd": self.cost_usd}
        data |= {"known_usd": self.known_usd, "unpriced": self.unpriced}
        return data | {"model_call_seconds": vars(self.model_call), "first_answer_seconds": vars(self.first_answer)}


@dataclass(frozen=True)
class Stats:
    """All cases since a day (or since ever), and the same in groups, in order."""

    since: str | None
    all: Figures
    groups: Mapping[By, tuple[Figures, ...]]

    def as_data(self) -> dict[str, Any]:
        groups = {by: [one.as_data() for one in rows] for by, rows in self.groups.items()}
        return {"since": self.since, "all": self.all.as_data(), "by": groups}
