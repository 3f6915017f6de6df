"""What happens, as it happens: one look at the rows for all open pages, and a stream of events to each of them.

A stream ends when this process is told to stop; the browser asks again, and says which entry it has seen last.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from switchboard.console.web.desk import Desk
from switchboard.service.watching.changes import mark_of_queue, marks_of

QUEUE = ""
"""The topic of the queue; those of cases are their ids."""
LOOK_SECONDS, ALIVE_SECONDS, AGAIN_MS = 0.2, 15.0, 1000
LOOKS_PER_QUEUE = 3
"""How many looks at cases come to one at the queue, which takes longer."""


class Live:
    """Who waits for what. All of it happens in the event loop but `wake`, which any thread may call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: dict[str, list[asyncio.Event]] = {}
        self._marks: dict[str, str] = {}
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_over: Callable[[], bool] = lambda: False

    async def look(self) -> None:
        """Look at the rows for as long as pages are served, while somebody waits."""
        self._loop = asyncio.get_running_loop()
        leave = self._desk.environment.stream.listen(lambda _: self.wake())
        try:
            for number in range(2**62):
                if self._waiting:
                    with suppress(Exception):  # a database that is away comes back, and its pages go on
                        await self._compare(with_queue=number % LOOKS_PER_QUEUE == 0)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)
                    await asyncio.sleep(LOOK_SECONDS / 4)  # what is told comes before it is in the rows
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
                self._marks.pop(topic, None)

    async def _compare(self, *, with_queue: bool) -> None:
        topics = [topic for topic in self._waiting if topic != QUEUE or with_queue]
        found = await run_in_threadpool(marks, self._desk, topics)
        for topic, mark in found.items():
            if self._marks.get(topic) != mark:
                self._marks[topic] = mark
                for event in self._waiting.get(topic, ()):
                    event.set()


def marks(desk: Desk, topics: list[str]) -> dict[str, str]:
    """The marks of topics, as short texts that are the same for the same rows."""
    found = {topic: _short(mark) for topic, mark in marks_of(desk.engine, [t for t in topics if t != QUEUE]).items()}
    return found | ({QUEUE: _short(mark_of_queue(desk.engine))} if QUEUE in topics else {})


def _short(mark: object) -> str:
    return sha256(repr(mark).encode()).hexdigest()[:16]


Read = Callable[[str], tuple[list[str], str]]
"""Takes a mark, and gives the events since the last time, and the mark of how things stand now."""


def streamed(live: Live, topic: str, mark: str, read: Read, is_let: Callable[[], bool]) -> StreamingResponse:
    """The events of a topic, for as long as the page is there and is let hear them: those that it has missed at once."""

    async def events() -> AsyncIterator[str]:
        seen = mark
        yield f"retry: {AGAIN_MS}\n\n"
        with live.waiting_for(topic) as changed:
            while not live.is_over() and await run_in_threadpool(is_let):
                changed.clear()
                told, seen = await run_in_threadpool(read, seen)
                for event in told:
                    yield event
                waited = 0.0
                while not changed.is_set() and not live.is_over() and waited < ALIVE_SECONDS:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(changed.wait(), 1.0)
                    waited += 1.0
                if waited >= ALIVE_SECONDS:
                    yield ": still here\n\n"

    return StreamingResponse(events(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})


def event(name: str, data: str, number: int | None = None) -> str:
    """An event as it is sent; one with a number is what the browser says it has seen last."""
    lines = [f"event: {name}", *(f"data: {line}" for line in data.splitlines() or [""])]
    return "\n".join([*([f"id: {number}"] if number is not None else []), *lines, "", ""])
