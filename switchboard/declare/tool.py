"""Tools: typed functions, declared once, with the facts that decisions are made on."""

import inspect
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from switchboard.declare.moves import HAND_OFF, LONGEST_TOLD, as_told
from switchboard.declare.play import check_called
from switchboard.errors import DeclarationError, Refused, ToolError
from switchboard.money import is_number

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ReadBack = Callable[[Mapping[str, Any], Any], str]
"""What a call would do, in one sentence for the customer: made from its arguments, and from what a rehearsal of it gave."""
OnFile = Callable[["Session", str, Mapping[str, Any]], str]
"""The e-mail address on file of a customer, by their id and the arguments of the call that found them."""
Effect = Literal["read", "write", "send", "compute"]
CALLED = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
"""What models take as a name of a tool."""
AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,6})?")
"""An amount as another side writes it: none that is below zero."""


@dataclass
class Context:
    """What the executor hands to a tool beside its arguments; the model never sees it.

    `session` is one database transaction: the executor commits it when the tool returns and rolls it back when it raises.
    """

    case_id: str
    call_id: str
    agent: str
    session: "Session"
    customer_id: str | None = None
    folder: Path | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    """What is known of the writer beside the words, such as the `email` of the channel."""
    services: Mapping[str, Any] = field(default_factory=dict)
    """What the composition root hands to tools by name, such as the client of another service."""
    case: str = ""
    """The whole case in words, for a tool that hands it to a human."""

    @property
    def key(self) -> str:
        """The idempotency key of this call's effect."""
        return f"{self.case_id}:{self.call_id}"

    def verify(self, customer_id: str) -> None:
        """Bind the case to one customer: a second one is refused."""
        if self.customer_id not in (None, customer_id):
            why = "Another customer is already verified in this conversation; it can serve only that one."
            raise Refused(why, code="other_customer")
        self.customer_id = customer_id


@dataclass(frozen=True)
class Tool:
    """A declared tool. Calling it calls the function, so tests and other code use it as one.

    One that is `remote` asks another side and no rows of ours. What `outside` does there is done once by the key of the call;
    where the other side is not `keyed` it is sent once. `look` finds what came of one that has no answer, or gives None.
    `per_unit` are the cents of one unit of its amount, which is an argument or, as `amount_read`, a field of what another tool
    read before ("get_order.total"). One that `runs_code` asks no rows either, is offered only where a case may run code, and is
    let pass only by a rule that names it. One that asks the `web` is offered only where a case may, and holds no transaction.
    """

    function: Callable[..., Any]
    effect: Effect
    amount: str | None = None
    moves: str | None = None
    about: str | None = None
    public: bool = False
    verifies: bool = False
    address: "OnFile | None" = None
    ends: Literal["escalated"] | None = None
    check: "Tool | None" = None
    outside: Callable[[Context, Any], Any] | None = None
    timeout: float = 30.0
    called: str = ""
    read_back: ReadBack | None = None
    due: str | None = None
    per_unit: int = 1
    remote: bool = False
    keyed: bool = True
    look: Callable[[Context, Any], Any] | None = None
    amount_read: str | None = None
    runs_code: bool = False
    finds: str | None = None
    web: bool = False
    name: str = field(init=False)
    description: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.function.__name__)
        text = inspect.cleandoc(self.function.__doc__ or "").split("\n\n")[0]
        object.__setattr__(self, "description", " ".join(text.split()))
        if self.name == HAND_OFF:
            raise DeclarationError(f"Tool {self.name}: {HAND_OFF!r} is what a handoff is called. Call the tool something else.")
        if not CALLED.fullmatch(self.name):
            raise DeclarationError(f"{self.name!r} is no name for a tool: up to 64 letters of a to z, digits and _.")
        if not self.description:
            raise DeclarationError(f"Tool {self.name} has no docstring; its first paragraph is what the model reads.")
        if self.effect not in get_args(Effect):  # rules that approve by effect, and care for writes, would miss it
            raise DeclarationError(f"Tool {self.name}: the effect {self.effect!r} is none of {', '.join(get_args(Effect))}.")
        parameters = {p.name: p for p in inspect.signature(self.function).parameters.values() if p.name != "ctx"}
        for parameter in parameters.values():
            if parameter.annotation is inspect.Parameter.empty:
                raise DeclarationError(f"Tool {self.name}: argument {parameter.name!r} has no type.")
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
                raise DeclarationError(f"Tool {self.name}: argument {parameter.name!r} must be one that is given by its name.")
        if self.ends and len(parameters) != 1:
            raise DeclarationError(f"Tool {self.name} ends a run, so it takes one text: what a human must know.")
        if (self.web or self.runs_code) and self.changes:
            raise DeclarationError(f"Tool {self.name} asks the web or runs code: it can only compute or read.")
        if self.address and not self.verifies:
            raise DeclarationError(f"Tool {self.name} has an address on file, but does not say that it verifies anybody.")
        if self.amount and self.amount not in parameters:
            raise DeclarationError(f"Tool {self.name} names {self.amount!r} as its amount, but has no such argument.")
        check_called(self.name, self.called, [*parameters])
        if self.due and not self.check:
            raise DeclarationError(f"Tool {self.name}: `due` is a field of what its `check` finds, and it has none.")
        if self.remote and self.changes and not self.outside:
            raise DeclarationError(f"Tool {self.name} changes something on another side, so `outside` does it.")
        if self.about and self.about not in parameters:
            raise DeclarationError(f"Tool {self.name} is about {self.about!r}, but has no such argument.")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    @property
    def changes(self) -> bool:
        """Whether it does more than to read and compute."""
        return self.effect in ("write", "send")

    def named(self, arguments: Mapping[str, Any]) -> str:
        """What people hear a call called: what was agreed to, whatever is answered; its plain name where that cannot be said.
        It never raises, as it stands between what was done and those who are to hear of it.
        """
        with suppress(Exception):
            if self.called and self.takes(arguments):
                return self.called.format_map(arguments)
        return self.name.replace("_", " ")

    @property
    def has_amount(self) -> bool:
        return bool(self.amount or self.amount_read)

    def moved(self, arguments: Mapping[str, Any], result: Any) -> int:
        """The cents that a done call moved."""
        if self.amount:
            return self.cents_given(arguments) or 0
        found = result.get(self.moves) if self.moves and isinstance(result, Mapping) else 0
        return found if isinstance(found, int) else 0

    def cents(self, amount: Any) -> int:
        """An amount as its argument gives it, in cents. A float counts as what it is written as: 0.29 units are 29 cents."""
        return amount if isinstance(amount, int) and self.per_unit == 1 else round(Decimal(str(amount)) * self.per_unit)

    def cents_given(self, arguments: Mapping[str, Any]) -> int | None:
        """The amount among arguments, in cents; None where there is none."""
        given = arguments.get(self.amount or "")
        return self.cents(given) if is_number(given) else None

    def cents_read(self, result: Any) -> int | None:
        """The amount in what was read before, in cents; None where it holds none. Whole cents have no decimals."""
        found = at(result, (self.amount_read or "").partition(".")[2])
        is_amount = isinstance(found, int | float | str) and not isinstance(found, bool) and AMOUNT.fullmatch(str(found))
        return self.cents(found) if is_amount and (self.per_unit > 1 or "." not in str(found)) else None

    def is_due(self, looked: Any) -> bool:
        """Whether its `check` found that the rows bear the call out."""
        return isinstance(looked, Mapping) and self.due is not None and looked.get(self.due) is True

    @property
    def asks_rows(self) -> bool:
        """Whether it is made in a transaction on our rows; none is held open for what waits for another side, or for code."""
        return self.takes_context and not (self.runs_code or self.web) and (self.changes or not self.remote)

    @property
    def rehearses(self) -> bool:
        """Whether it can be tried on our rows, which are then undone."""
        return self.takes_context and not self.remote

    @cached_property
    def takes_context(self) -> bool:
        return "ctx" in inspect.signature(self.function).parameters

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """The pydantic model that every call's arguments are validated by."""
        hints = get_type_hints(self.function, include_extras=True)
        fields: dict[str, Any] = {}
        for name, parameter in inspect.signature(self.function).parameters.items():
            if name == "ctx":
                continue
            default = ... if parameter.default is inspect.Parameter.empty else parameter.default
            fields[name] = (hints[name], default)
        return create_model(f"{self.name}_arguments", __config__=ConfigDict(extra="forbid"), **fields)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The OpenAI function schema, without the titles that pydantic adds."""
        parameters = as_told(self.arguments.model_json_schema())
        return {
            "type": "function",
            "function": {"name": self.name, "description": self.description, "parameters": parameters},
        }

    def takes(self, raw: Mapping[str, Any]) -> bool:
        """Whether these arguments would be valid."""
        try:
            self.validated(raw)
        except ToolError:
            return False
        return True

    def validated(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments as the function takes them. Raises ToolError with one line per wrong argument."""
        try:
            model = self.arguments.model_validate(raw)
        except ValidationError as error:
            lines = [f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['msg']}" for e in error.errors()]
            names = [str(e["loc"][0]) for e in error.errors() if e["loc"]]
            why = f"{self.name} was not run. Wrong arguments: {'; '.join(lines)}."
            raise ToolError(why, code="wrong_arguments", arguments=list(dict.fromkeys(names))) from error
        given = {name: getattr(model, name) for name in type(model).model_fields}
        amount = given.get(self.amount or "")
        if amount is not None and not is_number(amount):
            why = f"{self.name} was not run. Wrong arguments: {self.amount}: {str(amount)[:LONGEST_TOLD]!r} is no amount."
            raise ToolError(why, code="wrong_arguments", arguments=[self.amount])
        return given


def at(value: Any, path: str) -> Any:
    """What stands at a path such as "customer.id"; None where nothing does, and where a list on the way has not just one."""
    for part in path.split("."):
        value = value[0] if isinstance(value, list) and len(value) == 1 else value
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def tool(
    *,
    effect: Effect,
    amount: str | None = None,
    moves: str | None = None,
    about: str | None = None,
    public: bool = False,
    verifies: bool = False,
    address: OnFile | None = None,
    ends: Literal["escalated"] | None = None,
    check: Tool | None = None,
    outside: Callable[[Context, Any], Any] | None = None,
    timeout: float = 30.0,
    called: str = "",
    read_back: ReadBack | None = None,
    due: str | None = None,
    runs_code: bool = False,
    finds: str | None = None,
    web: bool = False,
) -> Callable[[Callable[..., Any]], Tool]:
    """Declare a function as a tool.

    `amount` names the argument in integer cents that approval rules look at, with what was moved before for the same customer;
    `moves` names the field of the result, in cents, that counts as such a move where no argument does; `about` names the
    argument that says what a call is about, such as an order, so that what an operator refused about it stays refused;
    `public` tools answer before a customer is verified; a tool that `verifies` finds out who the customer is, and
    `address(session, customer_id, arguments)` gives the e-mail address on file for them, where a code is sent to that; `ends`
    names the end of a run in which the tool was done; `check` is a reading tool that refuses what this one would refuse, and
    is asked before a human is, and `due` names the field of its result that is true where the rows bear out that the customer
    is owed just this; `timeout` is in seconds; `called` is what a customer hears it called, with arguments in braces, such as
    "the booking of room {room}"; `runs_code` says that an argument is a program, which is run in a sandbox; `finds` names the
    field of the result that is false where nothing was found, which ends a run `not_found` where nothing else does; `web` says
    that it asks the web, in a case begun with `--web`.

    `read_back(arguments, result)` is what the customer says yes to where a rule has them confirm: all that the call would do,
    in words. `result` is what the tool gave in a rehearsal, whose rows were undone. Without it all arguments are listed.

    `outside(ctx, result)` makes the effect outside our database, after the tool's rows are committed, and returns the
    result as it shall be told. It is called again with the same `ctx.key` when a crash left open whether it was made, and
    its transactions are its own: it must not hold one while it waits for the other side. ToolError refuses the call; the
    function has undone the rows before.
    """

    def declare(function: Callable[..., Any]) -> Tool:
        facts = (amount, moves, about, public, verifies, address, ends, check, outside, timeout, called, read_back, due)
        return Tool(function, effect, *facts, runs_code=runs_code, finds=finds, web=web)

    return declare
