"""`[prices]` and `[budgets]` of a project's file: what models cost, and what all of them may take."""

from itertools import product
from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field

from switchboard.models.money.budgets import Budget, Period, Unit
from switchboard.models.money.prices import Price

Dollars = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False, strict=False)]


class PriceTable(BaseModel):
    """What a model costs, in US dollars per million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    input: Dollars
    """Of what is sent to it."""
    output: Dollars
    """Of what it answers, and thinks for that."""
    cached_input: Dollars | None = None
    """Of what is sent to it and it has in its cache already; else that costs as all input does."""

    def made(self) -> Price:
        return Price(self.input, self.output, self.cached_input)


class AmountsTable(BaseModel):
    """What all models may take together in one period; what is left out has no bound."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    tokens: int | None = Field(default=None, ge=1)
    """Tokens of prompts and answers."""
    cost_usd: float | None = Field(default=None, gt=0, le=1e9, allow_inf_nan=False, strict=False)
    """US dollars, as far as prices are known: calls of unknown price are told beside, and not counted."""


class BudgetsTable(BaseModel):
    """What all models of the project may take, on all of its processes together. At 80 % that is told, once; at 100 % no
    model is asked any more, and the rules do all the work, as when none answers. Who is notified hears of both.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    day: AmountsTable | None = None
    """In a day of the project's `time_zone`, or of UTC."""
    month: AmountsTable | None = None
    """In a month of it."""
    project: AmountsTable | None = None
    """In all, since the database counts it."""

    def made(self) -> tuple[Budget, ...]:
        return tuple(
            Budget(period, unit, most)
            for period, unit in product(get_args(Period), get_args(Unit))
            if (table := getattr(self, period)) and (most := getattr(table, unit)) is not None
        )
