"""A page of the web as bytes: of an allowed host, with its robots' leave, bounded in bytes, seconds and redirects."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message

from switchboard.errors import Away, Refused, ToolError
from switchboard.search.web.addresses import PublicNetwork
from switchboard.search.web.robots import AGENT, MOST_BYTES, Robots
from switchboard.search.web.urls import Target, is_allowed, target_of
from switchboard.toolsets.openapi.connection import Answer, Broken, Connections, NotSent, TooLong

MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
READABLE = {
    "text/html": "page.html",
    "application/xhtml+xml": "page.html",
    "text/plain": "page.txt",
    "text/markdown": "page.md",
    "application/pdf": "page.pdf",
}
"""Types of what is read, and the name by which an extractor knows each."""
SENT = {"Accept": ", ".join(READABLE), "Accept-Encoding": "identity", "User-Agent": AGENT}
"""All that a request says of us: no cookie, no referrer, no credentials."""


@dataclass(frozen=True)
class Fetched:
    """A page as it came. `url` is where it was in the end; `name` ends in the kind that it is said to be."""

    url: str
    name: str
    charset: str
    content: bytes


class Fetcher:
    """Fetches pages of the hosts that the patterns `allow`; each redirect is checked like the first address."""

    def __init__(self, network: PublicNetwork, allow: Sequence[str], most: int, seconds: float) -> None:
        self._connections = Connections(network)
        self._allow, self._most, self._seconds = allow, most, seconds
        self._robots = Robots(self._robots_of)

    def allows(self, url: str) -> bool:
        """Whether a page is on an allowed host; nobody is asked for it."""
        try:
            return is_allowed(target_of(url), self._allow)
        except ToolError:
            return False

    def fetch(self, run: str, url: str) -> Fetched:
        """The page at an address. What a site's robots may read is asked once for each `run`.

        Raises Refused for a page that is not to be read, and Away where none came, each with a clause that says why.
        """
        until = time.monotonic() + self._seconds
        target = self._allowed(target_of(url))
        for _ in range(MOST_REDIRECTS + 1):
            if not self._robots.allow(run, target, until):
                raise Refused("its site's robots.txt does not let programs read it", code="robots")
            answer = self._asked(target, until, self._most)
            if answer.status not in REDIRECTS:
                return _fetched(target, answer)
            target = self._allowed(_next(target, answer))
        raise Refused(f"it leads from one address to the next, more than {MOST_REDIRECTS} times", code="redirects")

    def _allowed(self, target: Target) -> Target:
        if not is_allowed(target, self._allow):
            shown = target.origin.partition("://")[2]
            raise Refused(f"{shown} is no host that this project allows", code="host_not_allowed")
        return target

    def _asked(self, target: Target, until: float, most: int) -> Answer:
        left = until - time.monotonic()
        if left <= 0:
            raise Away(f"it did not come within {self._seconds:g} seconds", code="too_slow")
        try:
            return self._connections.ask("GET", target.url, SENT, None, left, most)
        except TooLong as error:
            whole = f"it has more than {most / 1_000_000:g} MB" if "bytes" in str(error) else str(error)
            raise Refused(whole, code="too_large") from None
        except (NotSent, Broken) as error:
            if until - time.monotonic() <= 0:
                raise Away(f"it did not come within {self._seconds:g} seconds", code="too_slow") from None
            raise Away(f"it cannot be reached: {error}") from None

    def _robots_of(self, page: Target, until: float) -> Answer | None:
        """The robots.txt of a page's site, on an allowed host like the page; None where it cannot be had."""
        target = target_of("/robots.txt", page)
        for _ in range(MOST_REDIRECTS + 1):
            try:
                answer = self._asked(target, until, MOST_BYTES)
                if answer.status not in REDIRECTS:
                    return answer
                target = self._allowed(_next(target, answer))
            except ToolError as error:
                if target.origin == page.origin and (isinstance(error, Away) or error.code == "private_address"):
                    raise  # and so would be the page
                return None
        return None


def _next(target: Target, answer: Answer) -> Target:
    where = answer.headers.get("location", "")
    if not where:
        raise Refused("it leads elsewhere, and does not say where", code="redirects")
    return target_of(where, target)


def _fetched(target: Target, answer: Answer) -> Fetched:
    if answer.status != 200:
        raise Refused(f"its server answered {answer.status}", code="not_found" if answer.status in (404, 410) else "no_page")
    head = Message()
    head["content-type"] = answer.headers.get("content-type", "")
    kind = head["content-type"].partition(";")[0].strip().lower()
    if kind not in READABLE:
        said = f"is {kind}" if kind and kind.isascii() and kind.isprintable() else "does not say what it is"
        raise Refused(f"it {said[:80]}, and HTML, text and PDF are read", code="kind_not_read")
    return Fetched(target.url, READABLE[kind], str(head.get_param("charset") or ""), answer.body)
