"""An MCP server as a child process: a message per line on its pipes. It dies with its line, and all that it has started.

The SDK's own transport takes lines of any length, hands on more of our environment and prints what the child prints.
"""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchboard.characters import visible
from switchboard.events.masking import masked
from switchboard.toolsets.mcp.line import LARGEST, Line

if TYPE_CHECKING:
    from mcp.shared.message import SessionMessage

HANDED_ON = ("PATH", "HOME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "PATHEXT")
"""Variables of ours that a child gets. Any other may be a secret of the desk."""
CHUNK = 65_536
MOST_GARBAGE, MOST_LOGGED, LONGEST_LOGGED = 100, 200, 500
"""Lines on its output that are no messages, lines of its errors that are logged, and characters of one."""
GRACE_SECONDS, POLL_SECONDS = 2.0, 0.01
"""How long it may take to end once nobody writes to it any more, and once more when it is asked to."""
log = logging.getLogger("switchboard")


@contextlib.asynccontextmanager
async def child(
    name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path, line: Line
) -> AsyncIterator[tuple[Any, Any]]:
    """Start it and give the streams that a session reads and writes. Raises OSError where it cannot be started."""
    import anyio

    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**{one: os.environ[one] for one in HANDED_ON if one in os.environ}, **environment},
        cwd=folder,
        start_new_session=True,  # Ctrl-C is for us, and what it starts can be ended with it
    )
    received, reading = anyio.create_memory_object_stream[Any](0)
    writing, sent = anyio.create_memory_object_stream[Any](0)
    pumps = [
        asyncio.create_task(one)
        for one in (
            _read(name, process, received, line),
            _write(process, sent, line),
            _log(name, process),
            _ended(line, received),
        )
    ]
    try:
        yield reading, writing
    finally:
        line.end()
        try:
            await _stopped(process, 0 if line.fault else GRACE_SECONDS)
        finally:
            _kill(process)
            for pump in pumps:
                pump.cancel()
            for stream in (received, reading, writing, sent):
                stream.close()


async def _read(name: str, process: asyncio.subprocess.Process, received: Any, line: Line) -> None:
    """Hand on its messages until it ends, sends one that is too long, or too much that is none."""
    assert process.stdout
    buffer, garbage, fault = bytearray(), 0, "it ended"
    try:
        while not line.over.is_set() and (chunk := await process.stdout.read(CHUNK)):
            whole, newline, rest = chunk.rpartition(b"\n")
            for one in bytes(buffer + whole).split(b"\n") if newline else ():
                message = _message(one)
                if message is not None:
                    await received.send(message)
                elif one.strip() and garbage <= MOST_GARBAGE:
                    garbage += 1
                    log.info("[tools.%s] sent what is no message: %s", name, _shown(one))
            if newline:
                buffer.clear()
            buffer += rest
            if len(buffer) > LARGEST or garbage > MOST_GARBAGE:
                fault = f"it sent {f'more than {LARGEST:,} bytes' if len(buffer) > LARGEST else 'what is no message'}"
                break
    finally:
        line.end(fault)
        received.close()


def _message(text: bytes) -> "SessionMessage | None":
    from mcp.shared.message import SessionMessage
    from mcp_types import jsonrpc_message_adapter

    if len(text) > LARGEST:
        return None
    try:
        return SessionMessage(jsonrpc_message_adapter.validate_json(text, by_name=False))
    except (ValueError, RecursionError):
        return None


async def _write(process: asyncio.subprocess.Process, sent: Any, line: Line) -> None:
    assert process.stdin
    try:
        async for one in sent:
            text = one.message.model_dump_json(by_alias=True, exclude_unset=True)
            process.stdin.write(text.encode() + b"\n")
            await process.stdin.drain()
    except OSError:
        line.end("it reads no more")


async def _log(name: str, process: asyncio.subprocess.Process) -> None:
    """What it writes on its standard error goes to the log, the first of it."""
    assert process.stderr
    rest, logged = b"", 0
    while chunk := await process.stderr.read(CHUNK):
        if logged > MOST_LOGGED:
            continue  # read all the same, or it would wait for us
        *lines, rest = (rest + chunk).split(b"\n")
        rest = rest[:LONGEST_LOGGED]
        for one in lines[: MOST_LOGGED - logged + 1]:
            logged += 1
            log.info("[tools.%s] %s", name, _shown(one) if logged <= MOST_LOGGED else "writes more, which is left out")


async def _ended(line: Line, received: Any) -> None:
    """Who waits for an answer waits no longer than the line lasts."""
    await line.over.wait()
    received.close()


def _shown(text: bytes) -> str:
    return masked(visible(text[:LONGEST_LOGGED].decode("utf-8", "replace")))


async def _stopped(process: asyncio.subprocess.Process, grace: float) -> None:
    """It ends when it reads that nobody writes any more; else it is asked to, and then it is killed."""
    assert process.stdin
    process.stdin.close()
    await _gone(process, grace)
    _kill(process, signal.SIGTERM)
    await _gone(process, grace)
    _kill(process)
    await _gone(process, GRACE_SECONDS)


async def _gone(process: asyncio.subprocess.Process, seconds: float) -> None:
    """Not by `wait`, which waits for all that have its pipes."""
    until = asyncio.get_running_loop().time() + seconds
    while process.returncode is None and asyncio.get_running_loop().time() < until:
        await asyncio.sleep(POLL_SECONDS)


def _kill(process: asyncio.subprocess.Process, number: int = getattr(signal, "SIGKILL", signal.SIGTERM)) -> None:
    """It and what it has started, which may outlive it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.kill()
