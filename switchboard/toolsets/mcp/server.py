"""One MCP server, asked from any thread: connected when first asked, looked at again, and connected anew when it is gone.

A thread of its own has the loop, and in it one task keeps the connection from its first message to its last.
"""

import asyncio
import atexit
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Collection, Coroutine, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from mcp import CallToolRequest, Client, Implementation, MCPError
from mcp.client import IncomingMessage, Transport
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    InputRequiredResult,
    PaginatedRequestParams,
    ToolListChangedNotification,
)
from pydantic import TypeAdapter

from switchboard.errors import Away, NotKnown, SwitchboardError
from switchboard.toolsets.foreign import told_error
from switchboard.toolsets.mcp.answers import refusal_of
from switchboard.toolsets.mcp.line import Line

Result = CallToolResult | InputRequiredResult
RESULT: TypeAdapter[Result] = TypeAdapter(Result)
Tools = Mapping[str, dict[str, Any]]
"""The wanted tools that a server lists, as it describes them."""
MOST_PAGES, FIELDS = 100, ("name", "description", "inputSchema", "outputSchema")
START_SECONDS, LOOK_SECONDS, LOOKED_AGAIN, CLOSE_SECONDS = 15.0, 5.0, 300.0, 8.0
"""Seconds for each message of a start, for a look at the tools, between two of them, and for an end."""
GRACE_SECONDS, LAST_SECONDS, MOST_SILENT = 0.3, 0.05, 3
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds until a server that cannot be reached is tried anew, twice as long each time."""
TURNS = 3
"""Of the loop, in which a death that has been told to it is seen before anything is sent."""
QUIET = ("mcp", "client")
"""Loggers of the SDK, which quote what servers send."""
log = logging.getLogger("switchboard")
T = TypeVar("T")


@dataclass
class Live:
    """A connection as it stands: what it lists, and when that was last seen."""

    client: Client
    line: Line
    tools: Tools
    seen: float
    in_doubt: bool = False
    """It said that its tools changed, or an answer did not come: it is looked at before it is asked again."""
    silent: int = 0
    """How often it was looked at, and did not answer."""


class Server:
    """`speak` makes the transport of one connection; `wanted` are the tools that are looked for."""

    def __init__(self, name: str, speak: Callable[[Line], Transport], wanted: Collection[str]) -> None:
        self.name, self._speak, self._wanted = name, speak, frozenset(wanted)
        self._guard = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._asking = asyncio.Lock()
        self._now: Live | None = None
        self._beginning: asyncio.Future[Live] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._line: Line | None = None
        self._failures, self._not_before = 0, 0.0

    def call(self, tool: str, arguments: Mapping[str, Any], timeout: float, may: Callable[[Tools], None]) -> Result:
        """One try of one call, which `may` refuses by what the server lists. Raises Away, NotKnown, ToolError."""
        sent = threading.Event()
        try:
            return self._run(self._call(tool, dict(arguments), time.monotonic() + timeout, may, sent), timeout)
        except TimeoutError:
            kind = NotKnown if sent.is_set() else Away
            raise kind(f"{self.name} did not answer within {timeout:g} seconds.") from None

    def tools(self, timeout: float) -> Tools:
        """What it lists of what is wanted. Raises Away."""
        try:
            return self._run(self._listed(), timeout)
        except TimeoutError:
            raise Away(f"{self.name} did not answer within {timeout:g} seconds.") from None

    def close(self) -> None:
        """End the connection and the thread. It can be asked again, and connects anew."""
        with self._guard:
            loop, self._loop = self._loop, None
        atexit.unregister(self.close)
        if loop is None or self._thread is None:
            return
        with contextlib.suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._end(), loop).result(CLOSE_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join(GRACE_SECONDS)

    def _run(self, work: Coroutine[Any, Any, T], timeout: float) -> T:
        """Have the loop do it, for so long. Raises TimeoutError."""
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._running())
        try:
            return future.result(timeout + GRACE_SECONDS)
        finally:
            future.cancel()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._guard:
            if self._loop is None:
                for name in QUIET:
                    logging.getLogger(name).addHandler(logging.NullHandler())
                    logging.getLogger(name).propagate = False
                self._loop = asyncio.new_event_loop()
                self._loop.set_exception_handler(lambda _, told: log.debug("[tools.%s] %s", self.name, told.get("message")))
                self._asking, self._beginning, self._now = asyncio.Lock(), None, None
                self._thread = threading.Thread(target=_turn, args=(self._loop,), daemon=True, name=f"mcp {self.name}")
                self._thread.start()
                atexit.register(self.close)
            return self._loop

    async def _call(
        self, tool: str, arguments: dict[str, Any], until: float, may: Callable[[Tools], None], sent: threading.Event
    ) -> Result:
        async with asyncio.timeout(until - time.monotonic()):
            live = await self._connected()
        may(live.tools)
        request = CallToolRequest(params=CallToolRequestParams(name=tool, arguments=arguments))
        left, heard = max(GRACE_SECONDS, until - time.monotonic()), False
        sent.set()
        try:  # past call_tool, which checks answers with the server's own schemas, and fails what was done
            result = await live.client.session.send_request(request, RESULT, request_read_timeout_seconds=left)
            heard = True
        except MCPError as error:
            refusal = refusal_of(tool, error)
            heard = not isinstance(refusal, NotKnown)
            if isinstance(refusal, Away):
                live.line.end()  # its session is gone, or it is: what comes next connects anew
            raise refusal from None
        except Exception as error:  # noqa: BLE001 - of whatever kind, the call may have been done
            raise NotKnown(f"{tool} gave no answer that can be read ({type(error).__name__}).") from None
        finally:
            live.in_doubt = live.in_doubt or not heard
        self._failures = 0
        return result

    async def _listed(self) -> Tools:
        live = await self._connected()
        if time.monotonic() - live.seen > 1:
            live.in_doubt = True
            live = await self._connected()
        return live.tools

    async def _connected(self) -> Live:
        """The connection, looked at where that is due, and begun where there is none. Raises Away."""
        for _ in range(TURNS):
            await asyncio.sleep(0)
        async with self._asking:
            live = self._now
            if live and not live.line.over.is_set() and await self._still(live):
                return live
            return await self._begun()

    async def _still(self, live: Live) -> bool:
        """Whether it answers, with its tools as they are now. Raises Away for one that may be busy with another call."""
        if not live.in_doubt and time.monotonic() - live.seen < LOOKED_AGAIN:
            return True
        live.in_doubt = False
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                live.tools, live.seen, live.silent = await self._look(live.client), time.monotonic(), 0
            return True
        except Exception as error:  # noqa: BLE001 - of whatever kind, it does not answer
            live.in_doubt, live.silent = True, live.silent + 1
            if isinstance(error, TimeoutError) and live.silent < MOST_SILENT:
                raise Away(f"{self.name} does not answer now.") from None
            live.line.end(f"it does not say what it offers ({type(error).__name__})")
            return False

    async def _begun(self) -> Live:
        if self._beginning is None:
            if time.monotonic() < self._not_before:
                raise Away(f"{self.name} could not be reached a moment ago.")
            if self._keeper and not self._keeper.done():  # the one before is still ending
                await asyncio.wait([self._keeper])
            self._beginning = asyncio.get_running_loop().create_future()
            self._beginning.add_done_callback(lambda begun: begun.cancelled() or begun.exception())
            self._keeper = asyncio.create_task(self._keep(self._beginning))
        return await asyncio.shield(self._beginning)  # who cannot wait so long leaves it to begin

    async def _keep(self, begun: "asyncio.Future[Live]") -> None:
        """One connection from its first message to its last."""
        line, why = Line(), ""
        self._line = line
        info = Implementation(name="switchboard", version="1")
        try:
            async with Client(
                self._speak(line),
                cache=None,
                read_timeout_seconds=START_SECONDS,
                message_handler=self._heard,
                client_info=info,
            ) as client:
                live = Live(client, line, await self._look(client), time.monotonic())
                self._now, self._beginning = live, None
                begun.set_result(live)
                await line.over.wait()
        except BaseException as error:  # noqa: BLE001 - whoever asks is told, or the log
            why = _why(error)
        finally:
            self._now = self._beginning = None
            pause = FIRST_PAUSE * 2 ** (self._failures - 1) if self._failures else 0.0
            self._failures = min(self._failures + 1, 20)
            self._not_before = time.monotonic() + min(pause, LONGEST_PAUSE)
            why = line.fault or why
            if why:
                log.warning("[tools.%s] the MCP server is gone: %s", self.name, why)
            if not begun.done():
                begun.set_exception(Away(f"{self.name} cannot be reached: {why or 'it ended'}."))

    async def _look(self, client: Client) -> Tools:
        """What it lists, page by page, until all that is wanted is found."""
        found: dict[str, dict[str, Any]] = {}
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = await client.session.list_tools(params=PaginatedRequestParams(cursor=cursor))
            for one in page.tools:
                if one.name in self._wanted and one.name not in found:
                    whole = one.model_dump(mode="json", by_alias=True, exclude_none=True)
                    found[one.name] = {name: whole[name] for name in FIELDS if name in whole}
            cursor = page.next_cursor
            if cursor is None or len(found) == len(self._wanted):
                break
        return found

    async def _heard(self, message: IncomingMessage) -> None:
        if isinstance(message, ToolListChangedNotification) and self._now:
            self._now.in_doubt = True

    async def _end(self) -> None:
        if self._line:
            self._line.end()
        if self._keeper:
            await asyncio.wait([self._keeper], timeout=CLOSE_SECONDS - 2)
            self._keeper.cancel()
            await asyncio.wait([self._keeper], timeout=1)


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(LAST_SECONDS))  # in which pipes are closed
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _why(error: BaseException) -> str:
    """What went wrong, in a few words, out of what several tasks raised."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, MCPError | SwitchboardError):
        return told_error(str(error))
    return told_error(f"{type(error).__name__}: {error.strerror}" if isinstance(error, OSError) else type(error).__name__)
