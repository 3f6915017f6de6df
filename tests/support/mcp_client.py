"""The client of MCP's own library, as tests ask a desk by it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from mcp import Client
from mcp.client.session import ElicitationFnT
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult


@asynccontextmanager
async def client(
    address: str, token: str = "whole", mode: str = "auto", asks_user: ElicitationFnT | None = None
) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{address}/mcp", http_client=http)
        async with Client(transport, mode=mode, read_timeout_seconds=60, elicitation_callback=asks_user) as found:
            yield found


def talk(with_: Callable[[], Any], says: Callable[[Client], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        async with with_() as found:
            return await says(found)

    return asyncio.run(whole())


def content(result: Any) -> Any:
    assert isinstance(result, CallToolResult) and not result.is_error, result
    assert json.loads(result.content[0].text) == result.structured_content  # type: ignore[union-attr]
    return result.structured_content


def refusal(result: Any) -> str:
    assert isinstance(result, CallToolResult) and result.is_error, result
    text: str = result.content[0].text  # type: ignore[union-attr]
    assert "Traceback" not in text
    return text
