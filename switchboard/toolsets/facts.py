"""What a project says of one call of another side, as `[tools.SOURCE.calls.NAME]` gives it: what the executor decides by."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from switchboard.declare.tool import CALLED, Effect

LONGEST_TIMEOUT = 120.0

Argument = Annotated[str, Field(pattern=r"^[A-Za-z_]\w{0,63}$")]
Path = Annotated[str, Field(pattern=r"^[A-Za-z_$][\w$-]*(\.[A-Za-z_$][\w$-]*){0,7}$", max_length=200)]
"""A field of a result, such as "customer.id"."""
Status = Annotated[int, Field(ge=400, le=599)]
Sentence = Annotated[str, Field(min_length=1, max_length=1000)]


TABLE = ConfigDict(extra="forbid", frozen=True, strict=True)


class Pages(BaseModel):
    """How a long answer goes on; all of its pages are one answer.

    ```toml
    [tools.office]
    openapi = "office.json"

    [tools.office.calls.list_orders]
    effect = "read"
    customer = "customerId"
    pages = { argument = "cursor", next = "page.next", items = "data" }
    ```
    """

    model_config = TABLE

    argument: Argument
    """The argument that turns pages. Nobody else gives it."""
    next: Path | None = None
    """The field that holds what the argument is given to get the next page: a cursor, or an address that has it. Without
    `next` the argument counts pages."""
    items: Path | None = None
    """The field that is the list, such as "data"; without it the answer itself is the list."""
    first: int = Field(default=1, ge=0, le=1)
    """The number of the first page, where pages are counted."""


class Facts(BaseModel):
    """The facts of one call, which is a tool of this name. Nothing of them is guessed: without an `effect` there is no tool.

    ```toml
    [tools.office]
    openapi = "office.json"

    [tools.office.calls.get_order]
    operation = "GET /orders/{id}"
    effect = "read"
    owner = "customer.id"
    result = ["state", "lines.name"]

    [tools.office.calls.cancel_order]
    operation = "cancelOrder"
    effect = "write"
    of = "id"
    key = "Idempotency-Key"
    check = "get_order"
    called = "the cancellation of order {id}"
    read_back = "Cancel order {id}, which is {check.state}."
    ```
    """

    model_config = TABLE

    effect: Effect
    """What it does: `read` and `compute` change nothing, `write` changes something, `send` tells somebody something."""
    operation: str | None = Field(default=None, min_length=1, max_length=300)
    """What the other side calls it: an operationId, "GET /orders/{id}", or a tool of an MCP server. Without it, the tool's
    own name."""
    query: str | None = Field(default=None, min_length=1, max_length=8000)
    """The statement of a SQL source. Its bound parameters (":customer") are the arguments."""
    arguments: dict[Argument, Literal["string", "integer", "number", "boolean"]] = Field(default_factory=dict, max_length=60)
    """The kinds of the arguments of a query that are no text."""
    one: bool = False
    """Whether a query gives the one row that it finds, and no list of rows."""
    about: Sentence | None = None
    """The description that models read, in place of the other side's."""
    called: Sentence | None = None
    """What customers hear it named, such as "the cancellation of order {orderRef}", with arguments in braces, as they agreed to
    them, whatever the answer has under the same name."""
    read_back: Sentence | None = None
    """What customers say yes to, where a rule has them confirm it. Begin with the verb that they would use. It has arguments in
    braces, and fields of what `check` found, such as "{check.day:date}" (`:weekday`, `:time`, `:money` for cents and `:units`
    spell them in the language of the project)."""
    amount: Path | None = None
    """What is money, by which rules with `up_to` and `above` go: an argument, or a field that another call of this source read
    before, as in "get_order.total", of the record with the same arguments (or `of`). Where that was not read, or is another
    by now, no rule with `up_to` matches, and one with `above` that asks, confirms or rejects does."""
    unit: Literal["cents", "units"] = "cents"
    """How the amount counts: in whole cents, or in units of the currency with decimals."""
    of: Argument | None = None
    """The argument that says what it is about, such as an order: what was paid about one thing counts together."""
    public: bool = False
    """Whether it answers before the customer is known."""
    verifies: Path | None = None
    """The field of the result that is the customer's id: who is found by it is the customer. A path goes through a list that
    holds just one; where it holds several, nobody is found."""
    email: Path | None = None
    """The field of the result that is their address on file: to it codes go, and who was looked for by another is not found."""
    customer: Argument | None = None
    """The argument that is the verified customer's id. Nobody else fills it in."""
    owner: Path | Literal[False] | None = None
    """The field of the result that must be the verified customer's id; else nothing of the result is told. What writes or sends
    is tied to its customer by the `owner` of its `check`, or by `customer`; `owner = false` says of it that it is nobody's."""
    fixed: dict[Argument, Any] = Field(default_factory=dict, max_length=20)
    """Arguments that are always these, as in `{ reason = { code = "CUSTOMER" } }`."""
    names: dict[Argument, str] = Field(default_factory=dict, max_length=60)
    """What the other side calls an argument, by the name that it has here."""
    matches: dict[Argument, Path | Literal[False]] = Field(default_factory=dict, max_length=20)
    """The field of the result that must hold the value of an argument, as in `{ orderRef = "number" }`; else it is another
    record, and nothing of it is told. An argument that names a record and a field that is called like it go together without
    this, where an answer has that field: null is another record, too. `{ orderRef = false }` says that they do not. The
    `amount` of what writes goes together with a field that is called like it: where the answer has another amount, or one that
    cannot be read, nobody is told that it was done, and a person looks."""
    result: tuple[Path, ...] = Field(default=(), max_length=60, strict=False)
    """The fields that are kept of an answer; without it those that the description declares. Where one of them is of another
    type than declared, or is none of the values of its `enum`, nothing is told or done by the answer, and a person has it: so
    name those that are needed. (`anyOf` of an enum and a plain string declares values to which others may be added.)"""
    key: str | None = Field(default=None, pattern=r"^[A-Za-z_][\w-]{0,63}$")
    """Where the other side takes the key of a call, and does but once what has the same key: a header of an API, or an argument
    of an MCP server. Without it a call is sent once, and needs the yes of an operator."""
    status_of: str | None = Field(default=None, pattern=CALLED.pattern)
    """The call that tells what came of this one, where no answer came. It is asked with those of the arguments that it takes,
    and the `key`."""
    found: Path | None = None
    """The field of that call's answer which shows that it was done; without it, any answer does."""
    not_done_on: tuple[Status | Literal["error"], ...] = Field(default=(), max_length=40, strict=False)
    """Answers that surely mean "not done" on this side, beside those that do in HTTP (400, 401, 403, 404, 422 and the like):
    statuses such as 409, or "error" for the error of an MCP tool. After any other that is no success nobody knows."""
    check: str | None = Field(default=None, pattern=CALLED.pattern)
    """The call that looks before this one is asked for, with those of the arguments that it takes."""
    due: Path | None = None
    """The field of what `check` finds that is true where the customer is owed this."""
    safe: bool = False
    """Whether a POST that is to read, such as a search, surely changes nothing; else `check` warns of it."""
    pages: Pages | None = None
    """How an answer goes on that comes in pages."""
    timeout: float = Field(default=10.0, gt=0, le=LONGEST_TIMEOUT, strict=False)
    """Seconds for one try."""

    @model_validator(mode="after")
    def _fit(self) -> "Facts":
        if self.changes and (self.verifies or self.public):
            raise ValueError("what changes something verifies nobody, and is never public")
        if not self.changes and (self.key or self.status_of or self.read_back or self.check):
            raise ValueError("key, status_of, check and read_back are for what writes or sends")
        if not self.changes and self.not_done_on:
            raise ValueError("not_done_on is for what writes or sends")
        if self.changes and self.safe:
            raise ValueError("safe is for what reads")
        if self.changes and self.owner:
            raise ValueError("owner is for what reads; have `check` name a call whose owner is looked at before")
        if not self.changes and self.owner is False:
            raise ValueError("owner = false is for what writes or sends; what reads and is nobody's is public")
        if self.owner is False and self.customer:
            raise ValueError("owner = false says that it is nobody's, and customer whose it is")
        if self.changes and self.pages:
            raise ValueError("pages are of what reads")
        if self.due and not self.check:
            raise ValueError("due is a field of what check finds, and there is none")
        if self.email and not self.verifies:
            raise ValueError("email is the address of the customer whom the call verifies; it has no `verifies`")
        if (self.arguments or self.one) and not self.query:
            raise ValueError("arguments and one are for a query")
        if self.query and not self.one and (self.verifies or self.owner):
            raise ValueError("verifies and owner are fields of one row: write one = true, or bind the customer (`customer`)")
        both = {self.customer} & set(self.fixed)
        if both:
            raise ValueError(f"{both.pop()} is the customer's id, and fixed as well")
        return self

    @property
    def changes(self) -> bool:
        return self.effect in ("write", "send")
