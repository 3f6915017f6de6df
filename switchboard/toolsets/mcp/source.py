"""The listed tools of one MCP server, as they were described when they were first seen."""

import json
import keyword
import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter

from switchboard.errors import Away, DeclarationError, NotKnown, OperatorError, Problem, ToolError, about
from switchboard.toolsets.argument_types import LONGEST_ABOUT, argument_type, inlined
from switchboard.toolsets.environment import value_of, values_of
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.foreign import told
from switchboard.toolsets.pinned import Pinned, changed, told_changes
from switchboard.toolsets.remote import Ask, Operation, tools_from
from switchboard.toolsets.schemas import Leaf, leaf_of
from switchboard.toolsets.table import SourceTable

if TYPE_CHECKING:
    from switchboard.toolsets.mcp.server import Server, Tools

FIRST_SECONDS = 60.0
"""How long a server may take that is asked for its tools: it may have to be downloaded."""
LARGEST_SCHEMA = 20_000
"""Characters of what a tool takes, all of which a model reads."""
NO_NAME = re.compile(r"\W+")
log = logging.getLogger("switchboard")


class McpSource:
    """The tools that the project lists. Where they are pinned, the server is not started before one is called."""

    shows = "it lists its tools"

    def __init__(self, name: str, table: SourceTable, folder: Path) -> None:
        if find_spec("mcp") is None:
            raise OperatorError(f"[tools.{name}] speaks MCP, which is an extra: pip install 'switchboard-desk[mcp]'.")
        self.name, self._table, self._folder = name, table, folder
        self._pinned = Pinned(folder, name)
        self._held: Mapping[str, Any] = {}
        self._theirs = {ours: facts.operation or ours for ours, facts in table.calls.items()}
        self._server = self._opened()

    def operations(self) -> dict[str, tuple[Operation, Ask]]:
        self._held = self._pinned.read()
        if missing := set(self._theirs.values()) - set(self._held):
            self._held = self._pinned.add(self._offered(missing))
        return self._made_of(self._held)

    def _made_of(self, described: Mapping[str, Any]) -> dict[str, tuple[Operation, Ask]]:
        made = {}
        for ours, facts in self._table.calls.items():
            with about("calls", ours):
                try:
                    arguments = _Arguments(facts, described[self._theirs[ours]])
                    made[ours] = arguments.operation(ours), self._ask(ours, facts, arguments)
                except DeclarationError as error:
                    raise DeclarationError(f"calls.{ours}: {error}") from None
        return made

    def pin(self, *, keep: bool = True) -> list[str]:
        wanted = sorted(set(self._theirs.values()))
        seen = self._offered(wanted)
        made = self._made_of(seen)
        tools_from(made, self._table.calls)  # which refuses facts that no longer fit
        try:
            pinned = self._pinned.read()
        except OperatorError:  # it cannot be read, and is made anew
            pinned = {}
        found: list[str] = []
        for ours, facts in self._table.calls.items():
            theirs = self._theirs[ours]
            if theirs in pinned and not changed(pinned, seen, [theirs]):
                continue
            try:
                before = _Arguments(facts, pinned[theirs]).operation(ours)
            except (DeclarationError, KeyError):
                before = None
            found.append(f"tools.{self.name}.calls.{ours}: {told_changes(before, made[ours][0])}.")
        if keep:
            self._pinned.write(seen)
            self._held = seen
        return found

    def _offered(self, wanted: Iterable[str]) -> dict[str, Any]:
        """The wanted tools as the server describes them now. Raises DeclarationError, OperatorError."""
        seen = self._seen()
        if unknown := sorted(set(wanted) - set(seen)):
            ours = next(ours for ours, theirs in self._theirs.items() if theirs == unknown[0])
            with about("calls", ours, "operation"):
                raise DeclarationError(f"the server offers no tool {told(', '.join(unknown))}.")
        return {one: seen[one] for one in wanted}

    def problems(self) -> list[Problem]:
        try:
            found = changed(self._pinned.read(), self._seen(), dict.fromkeys(self._theirs.values()))
        except OperatorError as error:
            return [Problem(str(error), "mcp")]
        ours = {theirs: ours for ours, theirs in self._theirs.items()}
        said = {one: f"[tools.{self.name}] {told(one)} {how}. {self._remedy()}" for one, how in found.items()}
        return [Problem(sentence, "calls", ours[one]) for one, sentence in said.items()]

    def close(self) -> None:
        self._server.close()

    def _opened(self) -> "Server":
        """Imported here: the SDK takes a second, and nobody has asked for it who has none."""
        from switchboard.toolsets.mcp.server import Server

        where, speaks = f"[tools.{self.name}]", self._table.mcp
        wanted = set(self._theirs.values())
        if not isinstance(speaks, str):
            from switchboard.toolsets.mcp.stdio import child

            with about("headers"):
                if self._table.headers:
                    raise OperatorError(f"{where} headers are for a server that has an address.")
            with about("mcp"):
                command = [value_of(part, where) for part in speaks or ()]
            with about("environment"):
                environment = values_of(self._table.environment, where)
            return Server(self.name, lambda line: child(self.name, command, environment, self._folder, line), wanted)
        from switchboard.toolsets.mcp.http import over_http

        with about("headers"):
            headers = values_of(self._table.headers, where)
        with about("mcp"):
            address = value_of(speaks, where)
            if not address.startswith(("https://", "http://")):
                raise OperatorError(f'{where} mcp is an https address, or a command as a list: ["command", "argument"].')
        with about("environment"):
            if self._table.environment:
                raise OperatorError(f"{where} environment is for a server that is started by a command.")
        return Server(self.name, lambda line: over_http(address, headers, line), wanted)

    def _seen(self) -> "Tools":
        try:
            return self._server.tools(FIRST_SECONDS)
        except Away as error:
            raise OperatorError(f"[tools.{self.name}] {error}") from None

    def _ask(self, ours: str, facts: Facts, takes: "_Arguments") -> Ask:
        from switchboard.toolsets.mcp.answers import answer_of

        theirs, may = self._theirs[ours], self._may(ours)

        def ask(arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any:
            try:
                return tried(arguments, key, timeout)
            except ToolError as error:
                if facts.changes or error.code != ToolError.code:
                    raise
                raise ToolError(str(error), code="away") from None  # nobody has looked: it may be there

        def tried(arguments: Mapping[str, Any], key: str | None, timeout: float) -> Any:
            sent, until = takes.sent(arguments, key), time.monotonic() + timeout
            try:
                result = self._server.call(theirs, sent, timeout, may)
            except (Away, NotKnown) as error:
                left = until - time.monotonic()
                if facts.changes:
                    raise
                if left < timeout / 2:
                    raise ToolError(str(error), code="away") from None
                try:  # a connection that broke is begun anew, and to read twice does no harm
                    result = self._server.call(theirs, sent, left, may)
                except NotKnown as again:
                    raise ToolError(str(again), code="away") from None
            return answer_of(ours, result, facts.changes, takes.answers, facts.result or tuple(takes.leaves))

        return ask

    def _may(self, ours: str) -> "Callable[[Tools], None]":
        """What refuses a call of a tool that is not as it was when it was pinned."""
        theirs = self._theirs[ours]

        def may(tools: "Tools") -> None:
            if how := changed(self._held, tools, [theirs]).get(theirs):
                log.error("[tools.%s] %s %s, so it is not called. %s", self.name, theirs, how, self._remedy())
                raise ToolError(f"{ours} cannot be called: on the other side it {how}.", code="description_changed")

        return may

    def _remedy(self) -> str:
        return f"`switchboard pin {self.name}` tells what changed, and takes it over."


class _Arguments:
    """What a tool takes, by the names that arguments have here. The one for the key is nobody's to give."""

    def __init__(self, facts: Facts, described: Mapping[str, Any]) -> None:
        self._facts, self._described = facts, described
        schema = described.get("inputSchema")
        self._schema = inlined(_told(schema), _told(schema)) if isinstance(schema, Mapping) else {}
        theirs = self._schema.get("properties", {})
        named = {other: own for own, other in facts.names.items()}
        if unknown := sorted(set(named) - set(theirs)):
            raise DeclarationError(f"names gives a name to {', '.join(unknown)}, which the tool does not take.")
        self._ours = {other: named.get(other) or _our_name(other) for other in theirs}
        if len(set(self._ours.values())) < len(self._ours):
            raise DeclarationError("two arguments would have the same name: give one to each in `names`.")
        self._key = next((other for other, own in self._ours.items() if facts.key in (own, other)), None)
        if facts.key and not self._key:
            raise DeclarationError(f"key names {facts.key!r}, and the tool takes {', '.join(theirs) or 'nothing'}.")

    def operation(self, name: str) -> Operation:
        properties = {self._ours[one]: part for one, part in self._schema.get("properties", {}).items() if one != self._key}
        wanted = [self._ours[one] for one in self._schema.get("required", ()) if one != self._key]
        parameters = {"type": "object", "properties": properties, "required": wanted}
        if len(json.dumps(parameters)) > LARGEST_SCHEMA:
            raise DeclarationError(f"what it takes is told in more than {LARGEST_SCHEMA:,} characters.")
        for one, part in properties.items():
            try:
                TypeAdapter(argument_type(part, one)).json_schema()
            except Exception as error:  # noqa: BLE001 - pydantic raises many kinds
                raise DeclarationError(f"the schema of its argument {one} is none ({type(error).__name__}).") from None
        about = self._described.get("description")
        about = told(str(about), LONGEST_ABOUT) if about else ""
        return Operation(name, about, parameters, tuple(self.leaves), leaves=self.leaves)

    def sent(self, given: Mapping[str, Any], key: str | None) -> dict[str, Any]:
        """The arguments as the other side takes them."""
        theirs = {own: other for other, own in self._ours.items()}
        return {theirs.get(one, one): value for one, value in given.items()} | ({self._key: key} if self._key and key else {})

    @property
    def answers(self) -> Mapping[str, Any] | None:
        """The schema of its answer, where it says one."""
        schema = self._described.get("outputSchema")
        return schema if isinstance(schema, Mapping) else None

    @cached_property
    def leaves(self) -> Mapping[str, Leaf]:
        """The fields that its answer has by that, where those can be named."""
        schema = self.answers or {}
        found = schema.get("properties")
        named = found.items() if isinstance(found, Mapping) else ()
        return {str(one): leaf_of(part, schema) for one, part in named if "." not in str(one)}


def _our_name(theirs: str) -> str:
    """An argument's name as Python takes it."""
    name = NO_NAME.sub("_", theirs).strip("_")[:60] or "argument"
    is_taken = keyword.iskeyword(name) or name in ("ctx", "self") or name[0].isdigit() or hasattr(BaseModel, name)
    return f"its_{name}" if is_taken else name


def _told(schema: Any) -> Any:
    """A schema whose descriptions hold nothing that cannot be seen."""
    if isinstance(schema, Mapping):
        return {
            name: told(part, LONGEST_ABOUT) if name == "description" and isinstance(part, str) else _told(part)
            for name, part in schema.items()
        }
    return [_told(part) for part in schema] if isinstance(schema, list) else schema
