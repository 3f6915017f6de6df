"""`[[approvals]]` and `[limits]`: what passes, whom it asks, and where a run ends. Amounts are in units of the currency."""

from collections.abc import Sequence
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from switchboard.declare.team import Decision, Limits, Rule
from switchboard.declare.tool import CALLED, Effect
from switchboard.errors import DeclarationError

DEFAULT = (
    Rule("approve", effect="read"),
    Rule("approve", effect="compute"),
    Rule("approve", effect="send"),
    Rule("confirm", effect="write"),
    Rule("ask", effect="write", because="The project says nothing else about it."),
)
"""What holds where a project lists no approvals: nothing is changed without the customer's yes and an operator's."""


class RuleTable(BaseModel):
    """One rule. All that it names must fit a call; amounts are in units of the currency, as 49.99.

    ```toml
    [[approvals]]
    decision = "approve"
    effect = "read"

    [[approvals]]
    decision = "confirm"
    effect = "write"

    [[approvals]]
    decision = "approve"
    effect = "write"
    up_to = 50

    [[approvals]]
    decision = "ask"
    effect = "write"
    because = "Above 50 a person looks."
    ```
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    decision: Decision
    """`approve` lets a call pass. `confirm` has the customer say yes to the very call, and then the next rule that matches
    decides; where there is none, their yes is enough. `ask` has operators say yes. `reject` refuses it."""
    effect: Effect | None = None
    """Calls with this effect alone."""
    tool: str | None = Field(default=None, pattern=CALLED.pattern)
    """Calls of this tool alone."""
    up_to: float | None = Field(default=None, ge=0, le=1e12, allow_inf_nan=False)
    """Amounts up to this, with what the customer had before."""
    above: float | None = Field(default=None, ge=0, le=1e12, allow_inf_nan=False)
    """Amounts above this, with what the customer had before."""
    operators: int = Field(default=1, ge=1, le=9)
    """How many different operators must say yes to what it asks about."""
    unless_due: bool = False
    """`confirm` does not ask about what the tool's `check` says that the customer is owed."""
    because: str = Field(default="", max_length=300)
    """A sentence for the operators whom it asks."""

    @model_validator(mode="after")
    def _is_a_rule(self) -> "RuleTable":
        try:
            self.made(100)
        except DeclarationError as error:
            raise ValueError(str(error).rstrip(".")) from None
        return self

    def made(self, per_unit: int) -> Rule:
        """The rule, its amounts in cents, of which a unit has `per_unit`."""

        def cents(amount: float | None) -> int | None:
            return None if amount is None else round(Decimal(str(amount)) * per_unit)

        return Rule(
            self.decision,
            effect=self.effect,
            tool=self.tool,
            up_to=cents(self.up_to),
            above=cents(self.above),
            operators=self.operators,
            unless_due=self.unless_due,
            because=self.because,
        )


def rules_from(tables: Sequence[RuleTable], per_unit: int) -> tuple[Rule, ...]:
    """The rules of a project, in their order."""
    return tuple(table.made(per_unit) for table in tables) or DEFAULT


class LimitsTable(BaseModel):
    """What one case may use."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    customer_messages: int = Field(default=Limits.customer_messages, ge=1, le=1000)
    """Messages of the customer in a conversation."""
    turns: int = Field(default=Limits.turns, ge=2, le=1000)
    """Turns of agents after a message of the customer."""
    replies_in_a_row: int = Field(default=Limits.replies_in_a_row, ge=1, le=100)
    """Turns of one agent in a row."""
    tool_calls: int = Field(default=Limits.tool_calls, ge=1, le=1000)
    """Calls after a message of the customer."""
    same_call: int = Field(default=Limits.same_call, ge=2, le=20)
    """How often the same call may come; then the run ends as `loop`."""
    same_text: int = Field(default=Limits.same_text, ge=2, le=20)
    """How often the same text may come; then the run ends as `loop`."""
    handoffs_between_two: int = Field(default=Limits.handoffs_between_two, ge=1, le=50)
    """Handoffs between the same two agents after a message of the customer."""
    tokens: int = Field(default=Limits.tokens, ge=1)
    """Tokens of models in a case, of prompts and answers."""
    cost_usd: float = Field(default=Limits.cost_usd, gt=0, le=1e6, strict=False)
    """US dollars that models may cost in a case, as far as their prices are known."""
    seconds: float = Field(default=Limits.seconds, gt=0, le=86_400, strict=False)
    """Seconds that models and tools may take in a case."""

    def made(self) -> Limits:
        return Limits(**self.model_dump())
