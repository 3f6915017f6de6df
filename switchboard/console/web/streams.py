"""Streams of events to pages: each entry once, and no more streams at a time than a process can bear."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from switchboard.console.web.live import Live
from switchboard.service.watching.changes import LineAt

ALIVE_SECONDS, AGAIN_MS = 15.0, 1000
MOST_STREAMS, MOST_OF_ONE = 500, 40
"""How many streams there are at a time in a process, and for one account."""
RETRY_SECONDS = 30


class NoRoom(Exception):
    """There are as many streams as there may be: of one, or in all."""

    def __init__(self, *, of_one: bool) -> None:
        super().__init__("of one" if of_one else "in all")
        self.of_one = of_one


class Room:
    """How many streams are open, and whose."""

    def __init__(self, most: int = MOST_STREAMS) -> None:
        self._most, self._open, self._of = most, 0, Counter[str]()

    @contextmanager
    def for_one_more(self, bounds: dict[str, int]) -> Iterator[None]:
        """While a stream is open; `bounds` says how many each of those may have for whom it counts. Raises NoRoom."""
        if any(self._of[whose] >= most for whose, most in bounds.items()):
            raise NoRoom(of_one=True)
        if self._open >= self._most:
            raise NoRoom(of_one=False)
        self._open += 1
        self._of.update(bounds.keys())
        try:
            yield
        finally:
            self._open -= 1
            self._of.subtract(bounds.keys())
            self._of += Counter()  # without those that have none left


@dataclass(frozen=True)
class Audience:
    """Who hears a stream: whose it is counted for, and whether they may still be told what is new, asked once for a `key`."""

    bounds: dict[str, int]
    key: str
    is_let: Callable[[], bool]


@dataclass
class Page:
    """What a page has seen of a topic: its mark, and up to which entry. `drawn` says how a line is sent, "" for not at all, and
    `alike` for whom it is drawn alike; `changed` is the name of the event that tells of another mark, and says `stand`, else
    the mark itself. `noted` gives the notes after the one with a number as events, with the number of the newest.
    """

    topic: str
    mark: str
    number: int = 0
    drawn: Callable[[LineAt], str] = lambda _: ""
    alike: str = ""
    changed: str = "state"
    stand: Callable[[], str] | None = None
    note: int = 0
    noted: Callable[[int], tuple[list[str], int]] | None = None


class Streamed:
    """The events of a topic, for as long as the page is there and may hear them: those that it has missed at once.

    Where there is no room the answer says when there may be; until then a page is looked at again.
    """

    def __init__(self, live: Live, room: Room, to: Audience, page: Page) -> None:
        self._live, self._room, self._to, self._page = live, room, to, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._room.for_one_more(self._to.bounds):
                headers = {"x-accel-buffering": "no"}
                await StreamingResponse(self._events(), media_type="text/event-stream", headers=headers)(scope, receive, send)
        except NoRoom as error:
            status, headers = 429 if error.of_one else 503, {"retry-after": str(RETRY_SECONDS)}
            await PlainTextResponse("Too many pages are open. Reload to see what is new.\n", status, headers)(
                scope, receive, send
            )

    async def _events(self) -> AsyncIterator[str]:
        live, page = self._live, self._page
        yield f"retry: {AGAIN_MS}\n\n"
        with live.waiting_for(page.topic) as changed:
            while not live.is_over() and await live.is_let(self._to.key, self._to.is_let):
                changed.clear()
                for told in await self._new():
                    yield told
                try:
                    await asyncio.wait_for(changed.wait(), ALIVE_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"

    async def _new(self) -> list[str]:
        page = self._page
        news = await self._live.news(page.topic, page.number)
        told = []
        for line in news.lines:
            if line.number > page.number:
                key = page.alike, line.number
                if key not in news.drawn:
                    news.drawn[key] = page.drawn(line)
                told.append(news.drawn[key])
        if page.noted and news.note > page.note:
            notes, page.note = await run_in_threadpool(page.noted, page.note)
            told += notes
        if news.mark != page.mark:
            told.append(event(page.changed, await run_in_threadpool(page.stand) if page.stand else news.mark))
        page.mark, page.number = news.mark, max(page.number, news.upto)
        return [one for one in told if one]


Answered = Response | Streamed
"""What a request is answered with."""


def event(name: str, data: str, number: int | None = None) -> str:
    """An event as it is sent; one with a number is what the browser says it has seen last."""
    lines = [f"event: {name}", *(f"data: {line}" for line in data.splitlines() or [""])]
    return "\n".join([*([f"id: {number}"] if number is not None else []), *lines, "", ""])


def seen_last(headers_id: str | None, given: str) -> int:
    """The entry that a page says it has seen last: when it comes again by a header, else by its address."""
    last = headers_id or given
    return int(last) if last.isascii() and last.isdecimal() and len(last) < 12 else 0
