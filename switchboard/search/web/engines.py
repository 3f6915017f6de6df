"""What searches the web, behind one protocol: the package ddgs, the service Tavily, a SearxNG server of one's own."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel

from switchboard.errors import Away, OperatorError, Refused, ToolError
from switchboard.search.web.table import WebTable
from switchboard.search.web.urls import target_of
from switchboard.toolsets.environment import values_of
from switchboard.toolsets.openapi.connection import Broken, Connections, NotSent, TooLong

INSTALL = "pip install 'switchboard-desk[web]'"
TAVILY = "https://api.tavily.com"
SECONDS = 20.0
MOST_BYTES = 2_000_000
LONGEST_TITLE, LONGEST_TEXT, LONGEST_URL = 300, 600, 2_000
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "switchboard"}
NOTHING_FOUND = "No results found."
"""What ddgs raises where the engines answered and had nothing."""


class Hit(BaseModel):
    """A page that a search found: its address, and a few words that the search has on it."""

    title: str
    url: str
    text: str


class WebSearch(Protocol):
    def search(self, query: str, most: int) -> list[Hit]:
        """The pages on a query, best first; [] where there are none. Raises ToolError, Away where it cannot be searched."""


def search_of(table: WebTable) -> WebSearch:
    """The search that a project's file names. Raises OperatorError where it cannot be used as it is set up."""
    match table.search:
        case "ddgs":
            if find_spec("ddgs") is None:
                raise OperatorError(f'[web] search = "ddgs" needs a package that is not installed: {INSTALL}')
            return Ddgs()
        case "tavily":
            key = values_of({"api_key": table.key}, "[web]")["api_key"]
            address = table.address or TAVILY
            if not address.startswith("https://") and urlsplit(address).hostname not in ("127.0.0.1", "localhost", "::1"):
                raise OperatorError(f"[web] address: the key is sent there, so it must begin with https://, unlike {address}.")
            return Tavily(key, address)
        case "searxng":
            return SearxNG(table.address or "")


class Ddgs:
    """Public search engines, asked by the package ddgs, which is imported when something is searched."""

    def __init__(self, made: Callable[[], Any] | None = None) -> None:
        self._made = made or (lambda: import_module("ddgs").DDGS(timeout=10))

    def search(self, query: str, most: int) -> list[Hit]:
        try:
            found = self._made().text(query, max_results=most)
        except Exception as error:  # noqa: BLE001 - its engines raise whatever they like; a search that fails ends no run
            if str(error) == NOTHING_FOUND:
                return []
            raise Away(f"The web could not be searched: ddgs has no answer ({type(error).__name__}).") from None
        return _hits(found, "href", "body", most)


@dataclass(frozen=True)
class Tavily:
    """`POST /search` of Tavily: https://docs.tavily.com/documentation/api-reference/endpoint/search."""

    key: str
    address: str = TAVILY

    def search(self, query: str, most: int) -> list[Hit]:
        body = json.dumps({"query": query, "max_results": most, "search_depth": "basic"}).encode()
        headers = {**HEADERS, "Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}
        why = {401: "it does not know the key", 403: "it refuses the key", 429: "it takes no more requests now"}
        why |= {432: "the plan's requests are used up", 433: "the requests that were paid for are used up"}
        found = _answer("Tavily", "POST", f"{self.address.rstrip('/')}/search", headers, body, why)
        return _hits(found, "url", "content", most)


@dataclass(frozen=True)
class SearxNG:
    """`GET /search` of a SearxNG server: https://docs.searxng.org/dev/search_api.html."""

    address: str

    def search(self, query: str, most: int) -> list[Hit]:
        url = f"{self.address.rstrip('/')}/search?{urlencode({'q': query, 'format': 'json'}, errors='replace')}"
        why = {403: "it gives no JSON, which `search.formats` in its settings.yml must have", 429: "its limiter turns us away"}
        return _hits(_answer("SearxNG", "GET", url, HEADERS, None, why), "url", "content", most)


def _answer(
    name: str, method: str, url: str, headers: Mapping[str, str], body: bytes | None, why: Mapping[int, str]
) -> list[Any]:
    """The results in an answer of a search, which is asked at the address that the project's file has."""
    connections = Connections()
    try:
        answer = connections.ask(method, url, headers, body, SECONDS, MOST_BYTES)
        if answer.status != 200:
            raise Away(f"{name} did not search: {why.get(answer.status, f'it answered {answer.status}')}.")
        results = json.loads(answer.body)["results"]
        if not isinstance(results, list):
            raise TypeError
        return results
    except (NotSent, Broken, TooLong) as error:
        raise Away(f"{name} did not search: {error}.") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ToolError(f"{name} answered with something else than results.", code="wrong_answer") from None
    finally:
        connections.close()


def _hits(found: Iterable[Any], url: str, text: str, most: int) -> list[Hit]:
    """The results that lead to a page, each once."""
    hits: dict[str, Hit] = {}
    for one in found:
        where = one.get(url) if isinstance(one, Mapping) else None
        if not isinstance(where, str) or not _leads_to_a_page(where):
            continue
        title, words = (" ".join(str(one.get(name) or "").split()) for name in ("title", text))
        hits.setdefault(where, Hit(title=title[:LONGEST_TITLE], url=where, text=words[:LONGEST_TEXT]))
    return list(hits.values())[:most]


def _leads_to_a_page(where: str) -> bool:
    """Whether an address could be read: it is short, of the web, and holds no password, which no report is to repeat."""
    try:
        return where.startswith(("http://", "https://")) and len(where) <= LONGEST_URL and bool(target_of(where))
    except Refused:
        return False
