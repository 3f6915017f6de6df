"""Tools of other sides, whatever they speak: one operation and its facts become a tool like any other.

A source (`openapi/`, `mcp/`, `sql.py`) knows how to ask; what holds for all is here: who may see what, what is kept of an
answer, and how an effect is made once.
"""

import inspect
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from switchboard.declare.play import check_called, fields_of
from switchboard.declare.tool import Context, Tool, at
from switchboard.errors import DeclarationError, NotKnown, Problem, Refused, ToolError, about, did_you_mean
from switchboard.money import decimals_of
from switchboard.plays.slots import Template
from switchboard.toolsets.argument_types import argument_type, why_none
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.functions import plain
from switchboard.toolsets.same_record import another, other_amount
from switchboard.toolsets.schemas import Leaf, trimmed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_ARGUMENTS = 60
log = logging.getLogger("switchboard")


@dataclass(frozen=True)
class Operation:
    """What another side offers: `parameters` is the inlined JSON Schema of an object, whose properties are arguments;
    `declared` are the fields that it says an answer has (dotted paths), none where it does not say.
    """

    name: str
    about: str
    parameters: Mapping[str, Any]
    declared: tuple[str, ...] = ()
    method: str = ""
    """The method of HTTP that it is asked by, where it is."""
    path: tuple[str, ...] = ()
    """The arguments that stand in the path of its address, and below the one that it ends in, which is the record asked for."""
    record: str = ""
    leaves: Mapping[str, Leaf] = field(default_factory=dict)
    """What is declared of those fields, as far as it is."""


class MayBeDone(ToolError):
    """An answer that is no success, by a side that answers so, too, what failed after it was done. A change counts as not
    known then, as where no answer came.
    """


class Ask(Protocol):
    """One try of one call, within `timeout` seconds and bounded in all else. What it gives is JSON data.

    Raises ToolError for what the other side refuses, Away where nothing came to it, NotKnown where no answer tells whether it
    was done, for a call that changes nothing, too.
    """

    def __call__(self, arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any: ...


class ToolSource(Protocol):
    """Where tools come from. `name` is that of its table `[tools.NAME]`."""

    name: str
    shows: str
    """What it shows where it has no problems: that it lets this desk in, in a few words; none where that shows nothing."""

    def operations(self) -> "Operations":
        """What is listed in the project's file, by the tools' names. Raises DeclarationError, OperatorError."""

    def problems(self) -> Sequence[Problem]:
        """What is wrong with it now, in sentences for an operator: asked by `check` alone."""

    def pin(self, *, keep: bool = True) -> list[str]:
        """What it says of the listed calls otherwise than it is pinned, in sentences; that is pinned where `keep`.

        Raises DeclarationError, OperatorError.
        """

    def close(self) -> None: ...


Operations = Mapping[str, tuple[Operation, Ask]]


def tools_from(operations: Operations, facts: Mapping[str, Facts], language: str = "en", currency: str = "") -> dict[str, Tool]:
    """The tools of a source, those first that others name in their facts; what they read back is in the team's `language`.

    Raises DeclarationError for facts that do not fit.
    """
    made: dict[str, Tool] = {}
    for name in sorted(facts, key=lambda name: facts[name].changes):
        with about("calls", name):
            made[name] = _Remote(name, *operations[name], facts[name], made, language, currency).tool()
    return made


@dataclass(frozen=True)
class _Remote:
    """One call of another side, as its tool makes it."""

    name: str
    operation: Operation
    ask: Ask
    facts: Facts
    others: Mapping[str, Tool]
    language: str
    currency: str
    hidden: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        facts = self.facts
        object.__setattr__(self, "hidden", frozenset(facts.fixed) | ({facts.customer} if facts.customer else set()))
        known = self.operation.parameters.get("properties", {})
        amount = None if self._amount_read else facts.amount
        named = [("amount", amount), ("of", facts.of), ("customer", facts.customer)]
        for fact, argument in [*named, *(("fixed", one) for one in facts.fixed), *(("matches", one) for one in facts.matches)]:
            with about(fact):
                if argument and argument not in known:
                    raise DeclarationError(f"{self.name}: {fact} names {argument!r}; {did_you_mean(argument, known)}.")
        for name, value in facts.fixed.items():
            with about("fixed"):
                if wrong := why_none(known[name], name, value):
                    raise DeclarationError(f"{self.name}: fixed gives what the other side does not take: {wrong}.")
        read = (facts.amount or "").partition(".")[0] if self._amount_read else None
        for fact, other in {"check": facts.check, "status_of": facts.status_of, "amount": read}.items():
            with about(fact):
                if other and (other not in self.others or self.others[other].changes):
                    raise DeclarationError(f"{self.name}: {fact} names {other!r}, which is no call of this source that reads.")
        given = {name for name in known if name not in self.hidden}
        with about("called"):
            check_called(self.name, facts.called or "", sorted(given))
        given |= {"check"} if facts.check else set()
        for name in fields_of(facts.read_back or ""):
            with about("read_back"):
                if name.split(".")[0] not in given:
                    raise DeclarationError(f"{self.name}: read_back names {name!r}; {did_you_mean(name, sorted(given))}.")
        if len(known) > MOST_ARGUMENTS:
            raise DeclarationError(f"{self.name} takes {len(known)} arguments; {MOST_ARGUMENTS} is the most.")

    def tool(self) -> Tool:
        facts = self.facts
        return Tool(
            self._function(),
            facts.effect,
            amount=None if self._amount_read else facts.amount,
            amount_read=facts.amount if self._amount_read else None,
            about=facts.of,
            public=facts.public or bool(facts.verifies),
            verifies=bool(facts.verifies),
            address=self._address if facts.email else None,
            check=self.others[facts.check] if facts.check else None,
            due=facts.due,
            outside=self._made if facts.changes else None,
            timeout=facts.timeout + 1,  # the try ends first, with a sentence of its own
            called=facts.called or "",
            read_back=self._read_back if facts.read_back else None,
            per_unit=10 ** decimals_of(self.currency) if facts.unit == "units" else 1,
            remote=True,
            keyed=bool(facts.key),
            look=self._look if facts.status_of else None,
        )

    @property
    def _amount_read(self) -> bool:
        """Whether its amount is what another call read, and no argument."""
        return "." in (self.facts.amount or "")

    def _function(self) -> Callable[..., Any]:
        """A function with the operation's arguments, but for those that nobody gives."""
        wanted = self.operation.parameters.get("required", ())
        parts = self.operation.parameters.get("properties", {})
        parameters = [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=inspect.Parameter.empty if name in wanted else None,
                annotation=argument_type(part, name),
            )
            for name, part in parts.items()
            if name not in self.hidden
        ]

        def operation(ctx: Context, **given: Any) -> Any:
            return self._intent(ctx, given) if self.facts.changes else self._read(ctx, given)

        context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Context)
        operation.__name__ = self.name
        operation.__doc__ = self.facts.about or self.operation.about or self.name.replace("_", " ")
        operation.__signature__ = inspect.Signature([context, *parameters])  # type: ignore[attr-defined]
        operation.__annotations__ = {one.name: one.annotation for one in [context, *parameters]}
        return operation

    def _whole(self, ctx: Context, given: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments that are sent: what was given, what is fixed, and who the customer is."""
        whole = {**{name: value for name, value in given.items() if value is not None}, **self.facts.fixed}
        if self.facts.customer:
            if ctx.customer_id is None:
                raise Refused(f"{self.name} needs a verified customer.", code="not_verified")
            whole[self.facts.customer] = ctx.customer_id
        return whole

    def _read(self, ctx: Context, given: Mapping[str, Any]) -> Any:
        asked = self._whole(ctx, given)
        answer = self.ask(asked, key=None, timeout=self.facts.timeout)
        if self._is_another(asked, answer):
            why = f"The other side answered {self.name} with another record than it was asked for."
            raise ToolError(why, code="wrong_answer")
        if self.facts.owner:
            owner = at(answer, self.facts.owner)
            if owner is None and answer and isinstance(answer, Mapping):
                log.error("%s was answered without the field %s, which says whose it is", self.name, self.facts.owner)
                raise ToolError(f"The other side did not tell {self.name} whose it is.", code="wrong_answer")
            if ctx.customer_id is None or str(owner) != ctx.customer_id:  # the same as for what there is not
                raise ToolError(f"{self.name} found nothing of this customer.", code="not_found")
        if self.facts.verifies:
            found = at(answer, self.facts.verifies)
            if not isinstance(found, str | int) or isinstance(found, bool) or found == "":
                raise ToolError(f"{self.name} found no customer.", code="not_found")
            if not self._is_whom(answer, given):
                raise ToolError(f"{self.name} found somebody else.", code="not_found")
            ctx.verify(str(found))
        return self._kept(answer)

    def _is_another(self, asked: Mapping[str, Any], answer: Any) -> bool:
        """Whether an answer is on another record than it was asked for. What it holds is in no log."""
        argument = another(self.operation, self.facts, asked, answer, self.currency)
        if argument:
            log.error("%s was answered with another %s than it was asked for", self.name, argument)
        return bool(argument)

    def _is_whom(self, answer: Any, given: Mapping[str, Any]) -> bool:
        """Whether who was found by an address has that one on file: a search may give the nearest that it has."""
        asked = [value.casefold() for value in given.values() if isinstance(value, str) and "@" in value]
        if not self.facts.email or not asked:
            return True
        return str(at(answer, self.facts.email)).casefold() in asked

    def _address(self, session: "Session", customer_id: str, arguments: Mapping[str, Any]) -> str:
        """The address on file of the customer whom these arguments find, asked anew; "" where they find another by now."""
        answer = self.ask({**arguments, **self.facts.fixed}, key=None, timeout=self.facts.timeout)
        found = at(answer, self.facts.email or "")
        is_theirs = str(at(answer, self.facts.verifies or "")) == customer_id
        return found if is_theirs and isinstance(found, str) else ""

    def _intent(self, ctx: Context, given: Mapping[str, Any]) -> dict[str, Any]:
        return {"arguments": self._whole(ctx, given)}

    def _made(self, ctx: Context, intent: Mapping[str, Any]) -> Any:
        try:
            answer = self.ask(intent["arguments"], key=ctx.key if self.facts.key else None, timeout=self.facts.timeout)
        except MayBeDone as error:
            if "error" in self.facts.not_done_on:
                raise
            raise NotKnown(str(error)) from None
        if self._is_another(intent["arguments"], answer):
            raise NotKnown(f"{self.name} was sent, and the answer is on another record, or of another amount.")
        try:
            return plain(self._kept(answer))
        except ToolError:  # too long to be told; that it was done is
            return {"done": True}

    def _look(self, ctx: Context, intent: Mapping[str, Any]) -> Any:
        other = self.others[self.facts.status_of or ""]
        given = {**intent["arguments"], "key": ctx.key}
        known = {name: value for name, value in given.items() if name in other.arguments.model_fields}
        answer = other(ctx=ctx, **known)
        is_there = answer is not None and (not self.facts.found or at(answer, self.facts.found) is not None)
        return answer if is_there and not other_amount(self.facts, intent["arguments"], answer, self.currency) else None

    def _read_back(self, arguments: Mapping[str, Any], looked: Any) -> str:
        return _Words(self.language, self.currency).vformat(self.facts.read_back or "", (), {**arguments, "check": looked})

    def _kept(self, answer: Any) -> Any:
        """The fields of an answer that are kept."""
        paths = self.facts.result or self.operation.declared
        return trimmed(answer, [path.split(".") for path in paths]) if paths else answer


class _Words(Template):
    """What is read back: all of it, or nothing is asked. Nobody says yes to an amount that is not known."""

    def format_field(self, value: Any, format_spec: str) -> str:
        told = super().format_field(value, format_spec)
        if not told:
            raise ToolError("What this would do cannot be told whole, so nobody can say yes to it.", code="cannot_be_read_back")
        return told
