"""Tools of other sides, whatever they speak: one operation and its facts become a tool like any other.

A source (`openapi/`, `mcp/`, `sql.py`) knows how to ask; what holds for all is here: who may see what, what is kept of an
answer, and how an effect is made once.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from switchboard.declare.play import fields_of
from switchboard.declare.tool import Context, Tool
from switchboard.errors import DeclarationError, Refused, ToolError
from switchboard.money import decimals_of
from switchboard.plays.slots import Template
from switchboard.toolsets.argument_types import argument_type
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.functions import plain

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_ARGUMENTS = 60


@dataclass(frozen=True)
class Operation:
    """What another side offers: `parameters` is the inlined JSON Schema of an object, whose properties are arguments;
    `declared` are the fields that it says an answer has (dotted paths), none where it does not say.
    """

    name: str
    about: str
    parameters: Mapping[str, Any]
    declared: tuple[str, ...] = ()


class MayBeDone(ToolError):
    """A refusal by a side that refuses in the same way what failed after it was done: it is looked up where that can be."""


class Ask(Protocol):
    """One try of one call, within `timeout` seconds and bounded in all else. What it gives is JSON data.

    Raises ToolError for what the other side refuses, Away where nothing came to it, NotKnown where no answer tells whether it
    was done, for a call that changes nothing, too.
    """

    def __call__(self, arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any: ...


class ToolSource(Protocol):
    """Where tools come from. `name` is that of its table `[tools.NAME]`."""

    name: str

    def operations(self) -> "Operations":
        """What is listed in the project's file, by the tools' names. Raises DeclarationError, OperatorError."""

    def problems(self) -> list[str]:
        """What is wrong with it now, in sentences for an operator: asked by `check` alone."""

    def close(self) -> None: ...


Operations = Mapping[str, tuple[Operation, Ask]]


def tools_from(operations: Operations, facts: Mapping[str, Facts], language: str = "en", currency: str = "") -> dict[str, Tool]:
    """The tools of a source, those first that others name in their facts; what they read back is in the team's `language`.

    Raises DeclarationError for facts that do not fit.
    """
    made: dict[str, Tool] = {}
    for name in sorted(facts, key=lambda name: facts[name].changes):
        operation, ask = operations[name]
        made[name] = _Remote(name, operation, ask, facts[name], made, language, currency).tool()
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
        named = {"amount": facts.amount, "of": facts.of, "customer": facts.customer}
        for fact, argument in [*named.items(), *(("fixed", one) for one in facts.fixed)]:
            if argument and argument not in known:
                raise DeclarationError(f"{self.name}: {fact} names {argument!r}; there is {', '.join(known) or 'no argument'}.")
        for fact, other in {"check": facts.check, "status_of": facts.status_of}.items():
            if other and (other not in self.others or self.others[other].changes):
                raise DeclarationError(f"{self.name}: {fact} names {other!r}, which is no call of this source that reads.")
        given = {name for name in known if name not in self.hidden} | ({"check"} if facts.check else set())
        for name in fields_of(facts.read_back or ""):
            if name.split(".")[0] not in given:
                raise DeclarationError(
                    f"{self.name}: read_back names {name!r}; there is {', '.join(sorted(given)) or 'nothing'}."
                )
        if len(known) > MOST_ARGUMENTS:
            raise DeclarationError(f"{self.name} takes {len(known)} arguments; {MOST_ARGUMENTS} is the most.")

    def tool(self) -> Tool:
        facts = self.facts
        return Tool(
            self._function(),
            facts.effect,
            amount=facts.amount,
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
        answer = self.ask(self._whole(ctx, given), key=None, timeout=self.facts.timeout)
        if self.facts.owner:
            owner = at(answer, self.facts.owner)
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
        except MayBeDone:
            found = self._look(ctx, intent) if self.facts.status_of else None
            if found is None:
                raise
            return found
        try:
            return plain(self._kept(answer))
        except ToolError:  # too long to be told; that it was done is
            return {"done": True}

    def _look(self, ctx: Context, intent: Mapping[str, Any]) -> Any:
        other = self.others[self.facts.status_of or ""]
        given = {**intent["arguments"], "key": ctx.key}
        known = {name: value for name, value in given.items() if name in other.arguments.model_fields}
        answer = other(ctx=ctx, **known)
        return answer if answer is not None and (not self.facts.found or at(answer, self.facts.found) is not None) else None

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


def at(value: Any, path: str) -> Any:
    """What stands at a path such as "customer.id"; None where nothing does, and where a list on the way has not just one."""
    for part in path.split("."):
        value = value[0] if isinstance(value, list) and len(value) == 1 else value
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def is_within(path: str, above: str) -> bool:
    """Whether a field is another one, or within it."""
    return path == above or path.startswith(f"{above}.")


def trimmed(value: Any, paths: list[list[str]]) -> Any:
    """A value with these fields alone, in each element of a list; nested lists are gone through."""
    if isinstance(value, list):
        return [trimmed(one, paths) for one in value]
    if not isinstance(value, Mapping) or not paths or not all(paths):
        return value
    kept: dict[str, Any] = {}
    for name in dict.fromkeys(path[0] for path in paths):
        if name in value:
            kept[name] = trimmed(value[name], [path[1:] for path in paths if path[0] == name])
    return kept
