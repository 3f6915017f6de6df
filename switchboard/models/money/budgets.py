"""Budgets of a project: what its models may take in a day, a month, and in all, and who counts it for the gateway."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Literal, NamedTuple, Protocol

from switchboard.declare.outcomes import Answer, Wasted
from switchboard.models.money.prices import of_unknown_price

Period = Literal["day", "month", "project"]
Unit = Literal["tokens", "cost_usd"]
WARNED_AT = 0.8
"""The share of a budget at which it is told that it runs out."""
MOST_PLACES, TENTH = 9, Decimal("0.1")
OF = {"day": "of the day", "month": "of the month", "project": "of the project"}


@dataclass(frozen=True)
class Budget:
    """The most that all models may take in a period, on all processes of a project."""

    period: Period
    unit: Unit
    most: float


class Stand(NamedTuple):
    """How a budget stands: what is `used` of it, and what is `held` for calls that are under way. Of `unpriced` calls nobody
    knows what they cost.
    """

    budget: Budget
    used: float
    held: float
    unpriced: int

    @property
    def is_used_up(self) -> bool:
        return self.used >= self.budget.most

    @property
    def is_short(self) -> bool:
        """Whether it is time to tell of it."""
        return self.used >= WARNED_AT * self.budget.most

    @property
    def is_held(self) -> bool:
        """Whether nothing would be left of it if each call that is under way took what is held for it."""
        return self.used + self.held >= self.budget.most

    @property
    def told(self) -> str:
        """It in words, such as "12.10 of 20.00 US dollars of the day"."""
        budget = self.budget
        told = f"{amount(self.used, budget.unit)} of {shown(budget)}"
        return f"{told} (beside {of_unknown_price(self.unpriced)})" if self.unpriced and budget.unit == "cost_usd" else told


class Estimate(NamedTuple):
    """What a call takes at most, as far as that can be told before; and for how many seconds it may be under way."""

    tokens: int
    cost_usd: float
    seconds: float


class Begun(NamedTuple):
    """Whether a call may be made: not where it is `refused`, for that reason. `day` is what it is counted to; `warnings` are
    told to nobody else.
    """

    day: str = ""
    refused: str = ""
    warnings: Sequence[str] = ()


class Asked(NamedTuple):
    """What came of a call within the budgets: an answer, or the `error` why there is none, and what was `wasted` on it."""

    answer: Answer | None
    error: str = ""
    wasted: Wasted = Wasted()
    day: str = ""
    warnings: Sequence[str] = ()


class Spending(Protocol):
    """Who counts what models take, for all processes of a project."""

    def begin(self, case_id: str, estimate: Callable[[], Estimate]) -> Begun:
        """Hold what a call of a case may take, before it is made; its record settles that."""

    def settle(self, case_id: str, day: str, took: Wasted) -> None:
        """Count what a call took that no journal records."""


def shown(budget: Budget) -> str:
    return f"{amount(budget.most, budget.unit)} {'tokens' if budget.unit == 'tokens' else 'US dollars'} {OF[budget.period]}"


def amount(value: float, unit: Unit) -> str:
    """So many in words. Dollars are cut to cents, and below a tenth to the third digit that counts, so that no budget seems
    used up before it is.
    """
    if unit == "tokens":
        return f"{int(value):,}"
    exact = Decimal(str(round(value, MOST_PLACES)))
    places = 2 if exact >= TENTH or not exact else min(2 - exact.adjusted(), MOST_PLACES)
    return f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_DOWN):,f}"


def refusal(stand: Stand) -> str:
    """Why no model is asked."""
    if stand.is_used_up:
        then = {"day": " until tomorrow", "month": " until the next month", "project": ""}[stand.budget.period]
        return f"The budget is used up ({stand.told}), so no model is asked{then}."
    return f"What is left of the budget ({stand.told}) is held by calls that are under way, so this one was not made."
