"""What happens, as it happens: one look at the rows for all open pages of this process, which is handed on to each of them.

A stream ends when this process is told to stop; the browser asks again, and says which entry it has seen last.
"""

import asyncio
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool

from switchboard.console.web.desk import Desk
from switchboard.service.watching.changes import LineAt, lines_after, mark_of_queue, marks_of

QUEUE = ""
"""The topic of the queue; those of cases are their ids."""
LOOK_SECONDS = 0.15
LOOKS_PER_QUEUE = 4
"""How many looks at cases come to one at the queue, which takes longer."""
HELD = 100
"""How many of a case's newest lines are held: a page that is further behind reads the rows itself."""
LET_SECONDS = 1.0
"""How long it holds for all pages of a session that it may be told what is new."""


class Mark(NamedTuple):
    """A mark as a short text that is the same for the same rows, with the numbers of a case's newest entry and note."""

    short: str
    newest: int = 0
    note: int = 0


@dataclass(frozen=True)
class News:
    """How a topic stood when it was looked at: its mark, its lines after entry `since` and up to `upto`, and the number of
    its newest note. What pages draw of the lines in the same way is drawn once.
    """

    mark: str
    since: int = 0
    upto: int = 0
    note: int = 0
    lines: tuple[LineAt, ...] = ()
    drawn: dict[Hashable, str] = field(default_factory=dict)

    def and_then(self, mark: "Mark", fresh: Collection[LineAt]) -> "News":
        """What stands so now, with lines that are new."""
        lines = (*self.lines, *fresh)
        dropped = lines[: max(0, len(lines) - HELD)]
        upto = max(mark.newest, *(line.number for line in lines[-1:]), self.upto)
        since = dropped[-1].number if dropped else self.since
        return News(mark.short, since, upto, mark.note, lines[len(dropped) :])


class Live:
    """Who waits for what. All of it happens in the event loop but `wake`, which any thread may call."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.is_over: Callable[[], bool] = lambda: False
        self._waiting: dict[str, list[asyncio.Event]] = {}
        self._news: dict[str, News] = {}
        self._let: dict[str, tuple[float, asyncio.Future[bool]]] = {}
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def look(self) -> None:
        """Look at the rows for as long as pages are served, while somebody waits."""
        self._loop = asyncio.get_running_loop()
        leave = self.desk.environment.stream.listen(lambda _: self.wake())
        try:
            for number in range(2**62):
                if self._waiting:
                    with suppress(Exception):  # a database that is away comes back, and its pages go on
                        await self._compare(with_queue=number % LOOKS_PER_QUEUE == 0)
                if self.is_over():
                    self._tell(*self._waiting)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)
                    await asyncio.sleep(LOOK_SECONDS / 3)  # what is told comes before it is in the rows
                self._woken.clear()
        finally:
            leave()

    def wake(self) -> None:
        if self._loop:
            with suppress(RuntimeError):  # it is closed
                self._loop.call_soon_threadsafe(self._woken.set)

    @contextmanager
    def waiting_for(self, topic: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever what one waits for has changed."""
        event = asyncio.Event()
        self._waiting.setdefault(topic, []).append(event)
        try:
            yield event
        finally:
            self._waiting[topic].remove(event)
            if not self._waiting[topic]:
                del self._waiting[topic]
                self._news.pop(topic, None)

    async def news(self, topic: str, number: int) -> News:
        """How a topic stands, with the lines after an entry: as it was looked at for all, else from the rows."""
        held = self._news.get(topic)
        return held if held and number >= held.since else await run_in_threadpool(_news_of, self.desk, topic, number)

    async def is_let(self, key: str, ask: Callable[[], bool]) -> bool:
        """Whether pages of a session may be told what is new: asked once for all of them."""
        now = asyncio.get_running_loop().time()
        at, found = self._let.get(key, (0.0, None))
        if found is None or now - at > LET_SECONDS:
            self._let = {one: let for one, let in self._let.items() if now - let[0] <= LET_SECONDS}
            found = asyncio.ensure_future(run_in_threadpool(ask))
            self._let[key] = now, found
        return await asyncio.shield(found)

    async def _compare(self, *, with_queue: bool) -> None:
        topics = [topic for topic in self._waiting if topic != QUEUE or with_queue]
        changed = await run_in_threadpool(_changed, self.desk, {topic: self._news.get(topic) for topic in topics})
        self._news |= {topic: news for topic, news in changed.items() if topic in self._waiting}
        self._tell(*changed)

    def _tell(self, *topics: str) -> None:
        for topic in topics:
            for event in self._waiting.get(topic, ()):
                event.set()


def marks(desk: Desk, topics: Collection[str]) -> dict[str, str]:
    """The marks of topics, as short texts that are the same for the same rows."""
    return {topic: mark.short for topic, mark in _marks(desk, topics).items()}


def _marks(desk: Desk, topics: Collection[str]) -> dict[str, Mark]:
    cases = marks_of(desk.engine, [topic for topic in topics if topic != QUEUE])
    found = {topic: Mark(short(mark), mark.newest or 0, mark.note or 0) for topic, mark in cases.items()}
    return found | ({QUEUE: Mark(short(mark_of_queue(desk.engine)))} if QUEUE in topics else {})


def _changed(desk: Desk, topics: dict[str, News | None]) -> dict[str, News]:
    """Those of topics that stand otherwise than before, with what lines are new; of one that is first looked at, none."""
    found: dict[str, News] = {}
    for topic, mark in _marks(desk, topics).items():
        before = topics[topic]
        if before is None:
            found[topic] = News(mark.short, mark.newest, mark.newest, mark.note)
        elif before.mark != mark.short:
            fresh = lines_after(desk.engine, topic, before.upto) if mark.newest > before.upto else ()
            found[topic] = before.and_then(mark, fresh)
    return found


def _news_of(desk: Desk, topic: str, number: int) -> News:
    mark = _marks(desk, [topic])[topic]  # before the lines are read: what comes between is told once more
    return News("", number, number).and_then(mark, lines_after(desk.engine, topic, number) if topic != QUEUE else ())


def short(mark: object) -> str:
    """A mark as a text of a few letters."""
    return sha256(repr(mark).encode()).hexdigest()[:16]
