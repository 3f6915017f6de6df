"""A real MCP server of a house with rooms, made with the official SDK: `mcp_server.py FOLDER` over its pipes, `FOLDER PORT`
over HTTP. What it did is a line each in FOLDER/done; FOLDER/behave says once how the next call goes.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

FOLDER = Path(sys.argv[1])
MEMBERS = {"ada@example.com": "M-7", "bo@example.com": "M-8"}
server = MCPServer("house")


def done() -> list[dict[str, Any]]:
    path = FOLDER / "done"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def behaves(when: str) -> None:
    """Do once what the test wants: die, or be silent, before or after a call is done."""
    path = FOLDER / "behave"
    wanted = path.read_text() if path.exists() else ""
    if wanted.startswith(when):
        path.unlink()
        if wanted.endswith("die"):
            os.kill(os.getpid(), signal.SIGKILL)
        if wanted.endswith("fail"):
            raise ToolError("The house is on fire.")
        time.sleep(3600 if wanted.endswith("silence") else 1.5)


def do(what: str, **told: Any) -> dict[str, Any]:
    behaves("before")
    before = [one for one in done() if told.get("key") and one.get("key") == told["key"]]
    number = before[0]["number"] if before else f"{what[0].upper()}-{len(done()) + 1}"
    if not before:
        with (FOLDER / "done").open("a") as file:
            file.write(json.dumps({"what": what, "number": number, **told}) + "\n")
            file.flush()
            os.fsync(file.fileno())
    behaves("after")
    return {"number": number}


@server.tool()
def find_member(email: str) -> dict[str, Any]:
    """Find a member of the house by their e-mail address."""
    behaves("read")
    if email not in MEMBERS:
        raise ToolError("There is no such member.")
    return {"member": {"id": MEMBERS[email]}, "email": email}


@server.tool()
def reserve_room(day: str, member: str, request: str) -> dict[str, Any]:
    """Reserve a room for a day. What has the same request is done once."""
    return do("reservation", day=day, member=member, key=request)


@server.tool()
def ring_the_bell(member: str) -> dict[str, Any]:
    """Ring the bell for a member."""
    return do("bell", member=member)


@server.tool()
def last_bell(member: str) -> dict[str, Any]:
    """Tell which bell was rung last for a member."""
    rung = [one for one in done() if one["what"] == "bell" and one["member"] == member]
    return {"number": rung[-1]["number"]} if rung else {"none": True}


if __name__ == "__main__":
    with (FOLDER / "pids").open("a") as file:
        file.write(f"{os.getpid()}\n")
    print("The house is open.", file=sys.stderr)
    print("HANDED ON", sorted(os.environ), file=sys.stderr)
    if len(sys.argv) > 2:
        server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[2]))
    else:
        server.run()
