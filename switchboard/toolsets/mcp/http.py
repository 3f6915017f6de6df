"""An MCP server over streamable HTTP: no redirect is followed, no answer is read beyond its bound, and what went wrong is told
by whether the call can have come to the other side.
"""

import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
from mcp.client.streamable_http import streamable_http_client

from switchboard.toolsets.mcp.line import LARGEST, Line

NOT_SENT, NOT_HEARD = 1, 2
"""Codes of errors that are ours: nothing came to the other side, or no answer came from it. The protocol's own are negative."""
CONNECT_SECONDS, READ_SECONDS = 5.0, 150.0
"""Seconds; a call is bounded by its own timeout, and what it can be is less than the second."""
NEVER_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
)
UNTOUCHED = (400, 401, 403, 404, 405, 406, 410, 411, 413, 414, 415, 429)
"""Statuses of what turned a request away before anything was done."""


@contextlib.asynccontextmanager
async def over_http(address: str, headers: Mapping[str, str], line: Line) -> AsyncIterator[tuple[Any, Any]]:
    """The streams that a session reads and writes."""
    timeout = httpx2.Timeout(CONNECT_SECONDS, read=READ_SECONDS)
    given = {**headers, "Accept-Encoding": "identity"}
    async with (
        httpx2.AsyncClient(transport=_Guarded(), headers=given, timeout=timeout) as client,
        streamable_http_client(address, http_client=client, max_sse_event_size=LARGEST) as streams,
    ):
        try:
            yield streams
        finally:
            line.end()


class _Guarded(httpx2.AsyncBaseTransport):
    """What the SDK would take for an answer, follow or wait for becomes an error of ours."""

    def __init__(self) -> None:
        self._inner = httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            response = await self._inner.handle_async_request(request)
        except httpx2.TransportError as error:
            if request.method != "POST":
                raise
            never = isinstance(error, NEVER_SENT)
            return _error(NOT_SENT if never else NOT_HEARD, "it does not answer" if never else "its answer did not come")
        wrong = _wrong_with(request, response)
        if wrong:
            await response.aclose()
            return wrong
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        return httpx2.Response(response.status_code, headers=response.headers, stream=_Bounded(response.stream))

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Bounded(httpx2.AsyncByteStream):
    """A body up to its bound. What ends it is of the kind that the SDK takes for the end of one answer."""

    def __init__(self, inner: httpx2.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        try:
            async for chunk in self._inner:
                size += len(chunk)
                if size > LARGEST:
                    raise httpx2.StreamError(f"more than {LARGEST:,} bytes")
                yield chunk
        except httpx2.TransportError as error:
            raise httpx2.StreamError(type(error).__name__) from error

    async def aclose(self) -> None:
        await self._inner.aclose()


def _wrong_with(request: httpx2.Request, response: httpx2.Response) -> httpx2.Response | None:
    """What stands for an answer that is none."""
    status, kind = response.status_code, response.headers.get("content-type", "").lower()
    is_json = kind.startswith("application/json")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        return _error(NOT_HEARD, "it answers in an encoding that was not asked for")
    if response.is_redirect:
        return _error(NOT_HEARD, "it sends us on to another address, where we do not go")
    if request.method == "POST" and status in (401, 403):
        return _error(NOT_SENT, f"it does not let this desk in (status {status}); look at its headers in the project's file")
    if request.method != "POST" or (status >= 400 and is_json) or (status == 202 and not _waits(request)):
        return None
    if status >= 400:
        return _error(NOT_SENT if status in UNTOUCHED else NOT_HEARD, f"it answers with the status {status}")
    if not is_json and not kind.startswith("text/event-stream") and _waits(request):
        return _error(NOT_HEARD, "it answers with what is no message")
    return None


def _waits(request: httpx2.Request) -> bool:
    """Whether a message is one that has an answer."""
    try:
        message = json.loads(request.content)
    except (ValueError, httpx2.RequestNotRead):
        return True
    return isinstance(message, dict) and "id" in message and "method" in message


def _error(code: int, why: str) -> httpx2.Response:
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": why}}
    return httpx2.Response(502, json=body)
