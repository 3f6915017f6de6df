"""One other side over HTTP: its address, its credentials, and one try of one call, page by page where it has pages."""

import logging
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from switchboard.declare.tool import at
from switchboard.errors import Away, OperatorError, ToolError, about
from switchboard.events.masking import masked
from switchboard.toolsets.environment import VARIABLE, values_of
from switchboard.toolsets.facts import Pages
from switchboard.toolsets.openapi.answers import broken, result_of, unreadable
from switchboard.toolsets.openapi.connection import MOST_BYTES, Broken, Connections, NotSent, TooLong, Unanswered
from switchboard.toolsets.openapi.operations import Call
from switchboard.toolsets.openapi.places import is_header
from switchboard.toolsets.openapi.requests import request_of

MOST_PAGES, MOST_ITEMS = 10, 1_000
TOLD_AGAIN = 60.0
"""Seconds in which operators are told but once that a server does not answer, however often it is tried."""
SHORTEST_SECRET = 8
SENT = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "switchboard"}
log = logging.getLogger("switchboard")


class Client:
    """What asks one server. `headers` are as the project's file has them, with variables in place of secrets."""

    def __init__(self, name: str, server: str, headers: Mapping[str, str]) -> None:
        self.name, self.server = name, server.rstrip("/")
        self._given, self._connections = headers, Connections()
        self._told = -math.inf

    def headers(self) -> dict[str, str]:
        """Those that go with each request. Raises OperatorError where a variable is not set or cannot stand in a header."""
        with about("headers"):
            filled = values_of(self._given, f"tools.{self.name}")
        for name, value in filled.items():
            if not is_header(name) or not value.isascii() or not value.isprintable():
                raise OperatorError(f"tools.{self.name}: {name!r:.80} is no header that can be sent, or its value is none.")
        return filled

    def ask(self, call: Call, arguments: Mapping[str, Any], key: str | None, timeout: float) -> Any:
        """One try, of one page. Raises ToolError, Away, NotKnown."""
        request = request_of(call, arguments)
        try:
            ours = self.headers()
        except OperatorError as error:
            log.error("%s", error)
            raise ToolError(f"{call.name} cannot be done as this desk is set up.", code="not_allowed_there") from None
        secrets = [
            part for name, value in ours.items() if VARIABLE.search(self._given[name]) for part in [value, *value.split()]
        ]
        secrets = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
        headers = {**SENT, **request.headers, **ours}
        cookies = [one[name] for one in (request.headers, ours) for name in one if name.lower() == "cookie"]
        headers |= {"Cookie": "; ".join(cookies)} if cookies else {}
        if key is not None and call.facts.key:
            headers[call.facts.key] = key
        try:
            url = self.server + request.target
            answer = self._connections.ask(call.method, url, headers, request.body, timeout, MOST_BYTES)
        except NotSent as error:
            self._tell(call, error)
            raise Away(f"{call.name} was not sent: {error}.") from None
        except Broken as error:
            self._tell(call, error)
            raise broken(call, str(error)) from None
        except TooLong as error:
            raise unreadable(call, str(error)) from None
        return result_of(call, answer, secrets, keyed=key is not None)

    def _tell(self, call: Call, error: Unanswered) -> None:
        """Tell operators which server does not answer, and why: once in a while, and not for each try."""
        if (now := time.monotonic()) - self._told < TOLD_AGAIN:
            return
        self._told = now
        where, why = urlsplit(self.server).netloc, f"{error} ({error.detail})" if error.detail else str(error)
        log.warning("[tools.%s] %s has no answer from %s: %s.", self.name, call.name, where, masked(why))

    def close(self) -> None:
        self._connections.close()


@dataclass(frozen=True)
class Asking:
    """A listed call as its tool asks it."""

    client: Client
    call: Call

    def __call__(self, arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any:
        if self.call.facts.pages:
            return self._paged(self.call.facts.pages, arguments, timeout)
        return self.client.ask(self.call, arguments, key, timeout)

    def _paged(self, pages: Pages, arguments: Mapping[str, Any], timeout: float) -> Any:
        """The first answer, with the items of all pages."""
        until = time.monotonic() + timeout
        first: Any = None
        items: list[Any] = []
        last: list[Any] = []
        turned: Any = None if pages.next else pages.first
        seen: set[str] = set()
        for number in range(MOST_PAGES):
            given = arguments if turned is None else {**arguments, pages.argument: turned}
            if (left := until - time.monotonic()) <= 0:
                raise broken(self.call, "its pages took too long")
            answer = self.client.ask(self.call, given, None, left)
            part = at(answer, pages.items) if pages.items else answer
            part = [] if part is None else part
            if not isinstance(part, list):
                raise unreadable(self.call, "its items are no list")
            first = answer if number == 0 else first
            if len(items) + len(part) > MOST_ITEMS:
                break
            if not pages.next and part and part == last:
                raise unreadable(self.call, "its pages repeat")
            items, last = [*items, *part], part
            turned = self._next(pages, answer) if pages.next else pages.first + number + 1
            if turned is None or (not part and not pages.next):
                return _with_items(first, pages.items, items)
            if str(turned) in seen:
                raise unreadable(self.call, "its pages go in a circle")
            seen.add(str(turned))
        raise ToolError(f"{self.call.name} finds too much to be shown. Ask for less of it.", code="result_too_long")

    def _next(self, pages: Pages, answer: Any) -> str | int | None:
        """What the argument is given for the next page: a cursor, or what an address has for it, which is not asked itself."""
        found = at(answer, pages.next or "")
        if found is None or found == "" or found is False:
            return None
        if isinstance(found, bool) or not isinstance(found, str | int) or len(str(found)) > 2_000:
            raise unreadable(self.call, "its next page is no text and no number")
        if isinstance(found, str) and found.startswith(("http://", "https://", "/", "?")):
            theirs = next(place.name for place in self.call.places if place.argument == pages.argument)
            named = parse_qs(urlsplit(found).query).get(theirs)
            if not named:
                raise unreadable(self.call, "the address of its next page does not say which that is")
            return named[0]
        return found


def _with_items(answer: Any, path: str | None, items: list[Any]) -> Any:
    if path is None:
        return items
    if not isinstance(answer, dict):
        return answer
    name, _, rest = path.partition(".")
    return {**answer, name: _with_items(answer.get(name), rest or None, items)}
