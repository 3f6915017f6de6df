"""A source of tools that is described by OpenAPI: `[tools.NAME]` with `openapi`."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from switchboard.errors import DeclarationError, OperatorError, Problem, about
from switchboard.toolsets.environment import SECRET, value_of
from switchboard.toolsets.openapi.client import Asking, Client
from switchboard.toolsets.openapi.description import Description, fetched, from_file, is_address
from switchboard.toolsets.openapi.operations import Call, Found, call_of, found_in, misnamed, offered
from switchboard.toolsets.openapi.pinned import pin, read_pinned, same
from switchboard.toolsets.pinned import told_changes
from switchboard.toolsets.remote import Operation, Operations, tools_from
from switchboard.toolsets.table import SourceTable

CONNECT_SECONDS = 3.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class OpenApiSource:
    """One other side. What is wrong with its description is raised when its operations are first asked for; it is asked
    itself when a tool is called.
    """

    shows = ""

    def __init__(self, name: str, table: SourceTable, folder: Path) -> None:
        self.name, self._table, self._folder = name, table, folder
        self._where = f"tools.{name}"

    def operations(self) -> Operations:
        """The listed calls by their tools' names. Raises DeclarationError, OperatorError."""
        made: dict[str, tuple[Operation, Asking]] = {}
        for name, (found, call) in self._calls.items():
            made[name] = (offered(call, found), Asking(self._client, call))
        return made

    def problems(self) -> list[Problem]:
        """What an operator should know now: variables that are not set, a server that is away, a description that changed."""
        try:
            calls, client = self._calls, self._client
        except (DeclarationError, OperatorError) as error:
            return [_sentence(self._where, error)]
        found: list[Problem] = []
        for name, (_, call) in calls.items():
            if call.deprecated:
                found.append(self._of_call(name, f"{call.method} {call.path} is deprecated; it may be gone one day."))
            found += [self._of_call(name, sentence, *fact.split(".")) for fact, sentence in misnamed(call)]
            if call.left_out:
                found.append(self._of_call(name, f"{', '.join(call.left_out)[:300]} cannot be given, and is left out."))
        try:
            client.headers()
        except OperatorError as error:
            found.append(_sentence(self._where, error))
        where = "server" if self._table.server else "openapi"
        parts = urlsplit(client.server)
        if parts.scheme == "http" and parts.hostname not in LOOPBACK and any(map(SECRET.search, self._table.headers)):
            why = f"{parts.hostname} is asked over http, and its secrets can be read on the way. Use https."
            found.append(Problem(f"{self._where}: {why}", where))
        try:
            socket.create_connection((parts.hostname or "", parts.port or _port(parts.scheme)), CONNECT_SECONDS).close()
        except OSError:
            port = parts.port or _port(parts.scheme)
            found.append(Problem(f"{self._where}: no connection to {parts.hostname} (port {port}).", where))
        return [*found, *self._changed()]

    def _of_call(self, name: str, sentence: str, *fact: str) -> Problem:
        return Problem(f"{self._where}.calls.{name}: {sentence}", "calls", name, *fact)

    def pin(self, *, keep: bool = True) -> list[str]:
        """What the description says otherwise than it is pinned; it is pinned as it is now where `keep`.

        Raises DeclarationError, OperatorError.
        """
        if not is_address(self._address):
            return []
        new = fetched(self._address)
        found = self._found(new.document)
        unsent = Client(self.name, "", {})
        called = self._called(found, new.document)
        offers = {name: (offered(call, one), Asking(unsent, call)) for name, (one, call) in called.items()}
        tools_from(offers, self._table.calls)  # which refuses facts that no longer fit
        told = [*self._told(new, found, {name: one for name, (one, _) in offers.items()})]
        if keep:
            pin(self.name, self._written, new, found.values(), self._folder)
            for kept in ("_description", "_calls"):
                self.__dict__.pop(kept, None)
            self.close()
        return told

    def _told(self, new: Description, found: Mapping[str, Found], offers: Mapping[str, Operation]) -> Iterator[str]:
        """What is another than it is pinned, call by call."""
        try:
            old = read_pinned(self.name, self._written, self._address, self._folder)
        except DeclarationError:  # it was made from another address, or is none
            old = None
        were = _known(old.document, self._table) if old else {}
        for name, one in found.items():
            if old and name in were and same(old.document, new.document, were[name], one):
                continue
            before = None
            if old and name in were:
                with suppress(DeclarationError):  # the facts are of the new description, and need not fit the old one
                    ((_, call),) = self._called({name: were[name]}, old.document).values()
                    before = offered(call, were[name])
            yield f"{self._where}.calls.{name}: {told_changes(before, offers[name])}."
        if old and not self._table.server and old.document.get("servers") != new.document.get("servers"):
            yield f"{self._where}: the description names another server than it did."

    def close(self) -> None:
        client = self.__dict__.pop("_client", None)
        if client:
            client.close()

    @property
    def _written(self) -> str:
        """Where the description is, as the project's file has it: with variables, whatever they are set to."""
        return self._table.openapi or ""

    @cached_property
    def _address(self) -> str:
        with about("openapi"):
            return value_of(self._written, f"{self._where}.openapi")

    @cached_property
    def _description(self) -> Description:
        where = self._address
        if not is_address(where):
            return from_file(where, self._folder)
        pinned = read_pinned(self.name, self._written, where, self._folder)
        if pinned is None:
            new = fetched(where)
            return pin(self.name, self._written, new, self._found(new.document).values(), self._folder)
        listed = _known(pinned.document, self._table)
        if len(listed) == len(self._table.calls):
            return pinned
        new = fetched(where)
        now = self._found(new.document)
        for name, found in listed.items():  # more is listed now; of what was, nothing may be another for that
            if not same(pinned.document, new.document, found, now[name]):
                raise DeclarationError(f"calls.{name}: {self._is_another()}")
        return pin(self.name, self._written, new, now.values(), self._folder)

    @cached_property
    def _calls(self) -> Mapping[str, tuple[Found, Call]]:
        """Each listed call. Raises DeclarationError."""
        document = self._description.document
        return self._called(self._found(document), document)

    def _called(self, listed: Mapping[str, Found], document: Mapping[str, Any]) -> dict[str, tuple[Found, Call]]:
        facts, sent = self._table.calls, self._table.headers
        called = {}
        for name, found in listed.items():
            with about("calls", name):
                called[name] = found, call_of(found, document, name, facts[name], sent)
        return called

    @cached_property
    def _client(self) -> Client:
        return Client(self.name, self._server(), self._table.headers)

    def _found(self, document: Mapping[str, Any]) -> dict[str, Found]:
        found = {}
        for name, facts in self._table.calls.items():
            with about("calls", name, "operation"):
                found[name] = found_in(document, name, facts)
        return found

    def _server(self) -> str:
        """Where the calls are asked. Raises DeclarationError, OperatorError."""
        address = self._description.address
        if self._table.server:
            with about("server"):
                server = value_of(self._table.server, f"{self._where}.server")
        else:
            if any(found.item.get("servers") or found.operation.get("servers") for found, _ in self._calls.values()):
                raise DeclarationError("some of its calls have a server of their own; write which to ask as `server`")
            server = urljoin(address, _first_server(self._description.document))
            if address and urlsplit(server).netloc != urlsplit(address).netloc:
                raise DeclarationError(
                    f"its description names the server {server[:100]}; write it as `server` if that is right"
                )
        parts = urlsplit(server)
        whole = server.isascii() and server.isprintable() and not set(server) & set(" \\{}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or not whole:
            raise DeclarationError("it has no address of a server; write one such as https://api.example.com as `server`")
        if parts.username or parts.password:
            raise DeclarationError("the address of its server holds a name or a password; give them in `headers`")
        return server

    def _changed(self) -> list[Problem]:
        """What is no more as it is pinned, asked of where it is from."""
        old = self._description
        if not old.address:
            return []
        try:
            new = fetched(old.address)
        except (DeclarationError, OperatorError) as error:
            return [Problem(f"{_sentence(self._where, error)} What is pinned is used.", "openapi")]
        now = _known(new.document, self._table)
        changed = [
            self._of_call(name, self._is_another(name in now))
            for name, (found, _) in self._calls.items()
            if name not in now or not same(old.document, new.document, found, now[name])
        ]
        if not self._table.server and old.document.get("servers") != new.document.get("servers"):
            why = "the description names another server than it did; what is pinned is used."
            changed.append(Problem(f"{self._where}: {why}", "openapi"))
        return changed

    def _is_another(self, there: bool = True) -> str:
        what = "its description has changed" if there else "it is gone from its description"
        return f"{what}. What is pinned is used; `switchboard pin {self.name}` tells what changed, and takes it over."


def _known(document: Mapping[str, Any], table: SourceTable) -> dict[str, Found]:
    """Those of the listed calls that are in a document."""
    found: dict[str, Found] = {}
    for name, facts in table.calls.items():
        try:
            found[name] = found_in(document, name, facts)
        except DeclarationError:
            continue
    return found


def _first_server(document: Mapping[str, Any]) -> str:
    """The server that a description names first, with the defaults of its variables; where it names none, its own root."""
    servers = document.get("servers")
    first = servers[0] if isinstance(servers, list) and servers and isinstance(servers[0], Mapping) else {}
    url, variables = str(first.get("url") or "/"), first.get("variables")
    for name, variable in variables.items() if isinstance(variables, Mapping) else ():
        url = url.replace(f"{{{name}}}", str(variable.get("default", "")) if isinstance(variable, Mapping) else "")
    return url


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _sentence(where: str, error: DeclarationError | OperatorError) -> Problem:
    text = str(error)
    return Problem(text if text.startswith(where) else f"{where}: {text}", *error.at)
