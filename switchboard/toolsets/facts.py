"""What a project says of one call of another side, as `[tools.SOURCE.calls.NAME]` gives it: what the executor decides by."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from switchboard.declare.tool import CALLED, Effect

LONGEST_TIMEOUT = 120.0

Argument = Annotated[str, Field(pattern=r"^[A-Za-z_]\w{0,63}$")]
Path = Annotated[str, Field(pattern=r"^[A-Za-z_$][\w$-]*(\.[A-Za-z_$][\w$-]*){0,7}$", max_length=200)]
"""A field of a result, such as "customer.id"."""
Sentence = Annotated[str, Field(min_length=1, max_length=1000)]


class Pages(BaseModel):
    """How a long answer goes on: `items` is its list, without it the answer is the list; `next` the field that holds what
    `argument` is given to get the next page, a cursor or an address. Without `next` the argument counts pages from `first`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    argument: Argument
    next: Path | None = None
    items: Path | None = None
    first: int = Field(default=1, ge=0, le=1)


class Facts(BaseModel):
    """The facts of one call. Nothing of them is guessed from a description: without an `effect` there is no tool.

    - `operation`: what the other side calls it, an operationId or "GET /orders/{id}", a tool of an MCP server; else its own
      name. `query`: the statement of a SQL source, with bound parameters (":customer"), which are its arguments; `arguments`:
      their types, where they are no text; `one`: it gives the one row that it finds, not a list of rows.
    - `about`: the description that models read, in place of the other side's. `called`: what customers hear a call named;
      `read_back`: what they say yes to, with arguments in braces, and with `check` its fields as well ("{check.day}").
    - `effect`: read, write, send or compute. `amount`: the argument that is money, in `unit`: whole "cents" or decimal
      "units". `of`: the argument that says what a call is about.
    - `public`: it answers before the customer is known. `verifies`: the field of the result that is the customer's id; `email`:
      the one that is their address on file, to which codes go. `customer`: the argument that is the verified customer's id,
      which nobody else fills in; `owner`: the field of the result that must be it, else nothing of the result is told.
    - `fixed`: arguments that are always these. `names`: argument -> what the other side calls it.
    - `result`: the fields that are kept of an answer; without it those that the description declares.
    - `key`: where the other side takes the key of a call, a header (OpenAPI) or an argument (MCP), and does once what has the
      same key. `status_of`: the call that tells what came of this one, asked with those of its arguments that it takes, and
      its `key`; it was
      done where the answer has the field `found`, or where there is an answer at all. `check`: the call that looks before this
      one is asked for; `due`: its field that says that it is owed.
    - `pages`: how an answer goes on that comes in pieces; all of them are one answer.
    - `timeout`: seconds for one try.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    effect: Effect
    operation: str | None = Field(default=None, min_length=1, max_length=300)
    query: str | None = Field(default=None, min_length=1, max_length=8000)
    arguments: dict[Argument, Literal["string", "integer", "number", "boolean"]] = Field(default_factory=dict, max_length=60)
    one: bool = False
    about: Sentence | None = None
    called: Sentence | None = None
    read_back: Sentence | None = None
    amount: Argument | None = None
    unit: Literal["cents", "units"] = "cents"
    of: Argument | None = None
    public: bool = False
    verifies: Path | None = None
    email: Path | None = None
    customer: Argument | None = None
    owner: Path | None = None
    fixed: dict[Argument, Any] = Field(default_factory=dict, max_length=20)
    names: dict[Argument, str] = Field(default_factory=dict, max_length=60)
    result: tuple[Path, ...] = Field(default=(), max_length=60, strict=False)
    key: str | None = Field(default=None, pattern=r"^[A-Za-z_][\w-]{0,63}$")
    status_of: str | None = Field(default=None, pattern=CALLED.pattern)
    found: Path | None = None
    check: str | None = Field(default=None, pattern=CALLED.pattern)
    due: Path | None = None
    pages: Pages | None = None
    timeout: float = Field(default=10.0, gt=0, le=LONGEST_TIMEOUT, strict=False)

    @model_validator(mode="after")
    def _fit(self) -> "Facts":
        if self.changes and (self.verifies or self.public):
            raise ValueError("what changes something verifies nobody, and is never public")
        if not self.changes and (self.key or self.status_of or self.read_back or self.check):
            raise ValueError("key, status_of, check and read_back are for what writes or sends")
        if self.changes and self.owner:
            raise ValueError("owner is for what reads; have `check` name a call whose owner is looked at before")
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
