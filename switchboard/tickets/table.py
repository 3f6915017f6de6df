"""`[tickets]` of a project's file: until when a person has answered a ticket, and settled it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from switchboard.tickets.kinds import Urgency

Hours = Annotated[float, Field(gt=0, le=10_000)]


class DeadlinesTable(BaseModel):
    """Hours from a ticket to a deadline, by its urgency. They count while people answer (`hours`), where the file says when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    critical: Hours
    """Hours for what is critical."""
    high: Hours
    """Hours for what is high."""
    medium: Hours
    """Hours for what is medium, or normal."""
    low: Hours
    """Hours for what is low."""

    def of(self, urgency: Urgency) -> float:
        hours: float = getattr(self, urgency)
        return hours


class TicketsTable(BaseModel):
    """Until when a person has answered a ticket, and settled it; who is notified (`notifications`) hears of what is late.

    ```toml
    [tickets]
    at_risk = 0.8

    [tickets.answer]
    critical = 0.5
    high = 2
    medium = 8
    low = 16
    ```
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: DeadlinesTable = DeadlinesTable(critical=1, high=4, medium=8, low=16)
    """Hours until a person has answered first."""
    resolution: DeadlinesTable = DeadlinesTable(critical=8, high=24, medium=40, low=80)
    """Hours until it is closed."""
    at_risk: float = Field(default=0.75, gt=0, lt=1)
    """From which share of the time on a deadline is at risk."""
    always: list[Urgency] = ["critical"]
    """Urgencies whose hours count day and night, since somebody is on call."""
