"""`[prices]` of a project's file: what models cost that no list knows, or that one has another price for."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

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
