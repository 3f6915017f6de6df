"""Sites of the web on this machine, under names that a resolver of the test's own gives; and a fetcher that may ask them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from support.other_side import Asked, OtherSide, said
from switchboard.search.web.table import WebTable
from switchboard.search.web.web import Web

HTML = "text/html; charset=utf-8"
Page = bytes | Callable[[Asked], Iterable[bytes | float]]


def page(title: str, *paragraphs: str, kind: str = HTML, **headers: str) -> bytes:
    """A whole answer with a page of HTML."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    whole = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    return said(whole, kind=kind, **headers)


def moved(where: str, status: str = "302 Found") -> bytes:
    return said(b"", status, HTML, Location=where)


class Site(OtherSide):
    """A server of some pages by their paths; what it has not is 404. It has no robots.txt unless that is one of them."""

    def __init__(self, pages: Mapping[str, Page]) -> None:
        super().__init__(self._page)
        self.pages = dict(pages)

    def _page(self, asked: Asked) -> Iterable[bytes | float]:
        found = self.pages.get(asked.target.partition("?")[0], said("Not here.", "404 Not Found", "text/plain"))
        return [found] if isinstance(found, bytes) else found(asked)

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    def url(self, path: str = "/", host: str = "docs.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def table(self, **facts: Any) -> WebTable:
        """A project's `[web]` by which this site may be read under the name `docs.example`."""
        given = {"search": "ddgs", "allow": [f"docs.example:{self.port}"], "allow_private": [f"127.0.0.1:{self.port}"], **facts}
        return WebTable.model_validate(given)

    def web(self, resolve: Callable[[str, int], list[str]] | None = None, **facts: Any) -> Web:
        return Web(self.table(**facts), resolve or (lambda host, port: ["127.0.0.1"]))

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [one.target for one in self.asked]
