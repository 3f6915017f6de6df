"""A house with rooms: a team whose tools are an MCP server's, for tests of that server's death and of ours."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.ports import free_port
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Move, Say, call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Tool, tool
from switchboard.declare.transcript import View
from switchboard.flows.hub import hub
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import tools_from
from switchboard.toolsets.table import SourceTable

SERVER = Path(__file__).with_name("mcp_server.py")
LEFT = Call("call_the_office", {"summary": "It was not finished."})
CALLS = {
    "find_member": Facts(effect="read", verifies="member.id"),
    "reserve": Facts(effect="write", operation="reserve_room", customer="member", key="request", called="a room on {day}"),
    "ring": Facts(effect="send", operation="ring_the_bell", customer="member", called="the bell"),
}


def house(folder: Path, address: str = "", **calls: Facts) -> Any:
    """The source of its tools, over pipes or at an address."""
    from switchboard.toolsets.mcp.source import McpSource

    command: Any = address or [sys.executable, str(SERVER), str(folder)]
    return McpSource("house", SourceTable(mcp=command, calls={**CALLS, **calls}), folder)


def tools_of(source: Any, **calls: Facts) -> dict[str, Tool]:
    return tools_from(source.operations(), {**CALLS, **calls})


def team_of(tools: dict[str, Tool], wanted: str = "reserve") -> TeamSpec:
    """A member who is known by their address gets a room on Monday, or hears the bell, which an operator is asked about."""

    @tool(effect="send", public=True, ends="escalated")
    def call_the_office(summary: str) -> str:
        """Hand over to the office."""
        return "The office writes to you."

    def rules(view: View) -> Move:
        if not view.customer_id:
            return call("find_member", email="ada@example.com")
        did = view.last(wanted)
        if did is None:
            return call("reserve", day="Monday") if wanted == "reserve" else call("ring")
        return Say(f"Done: {did.result['number']}." if did.done else f"Not done: {did.code}.")

    every = (*tools.values(), call_the_office)
    members = {
        "desk": AgentSpec("desk", "Rooms.", "You look after rooms.", tools=every, without_model=rules),
        "closer": AgentSpec("closer", "Notes.", "You note.", without_model=lambda _: Say("Noted.")),
    }
    passes = tuple(Rule("approve", effect=effect) for effect in ("read", "send", "write"))  # type: ignore[arg-type]
    return TeamSpec("house", "", members, hub("desk", {}, "closer"), (Rule("ask", tool="ring"), *passes), rescue=lambda _: LEFT)


def done(folder: Path) -> list[dict[str, Any]]:
    """What the house did, in order."""
    path = folder / "done"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def pids(folder: Path) -> list[int]:
    path = folder / "pids"
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


def all_gone(folder: Path, seconds: float = 10) -> bool:
    """Whether each server that was ever started ends by then."""
    until = time.monotonic() + seconds
    while any(is_running(pid) for pid in pids(folder)):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def over_http(folder: Path, port: int = 0) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The house at an address on this machine."""
    port = port or free_port()
    process = subprocess.Popen([sys.executable, str(SERVER), str(folder), str(port)], stderr=subprocess.DEVNULL, env=os.environ)
    try:
        until = time.monotonic() + 30
        while not answers(port):
            assert process.poll() is None and time.monotonic() < until
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/mcp", process
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
