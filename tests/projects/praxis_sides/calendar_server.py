"""The practice's calendar, an MCP server over HTTP: `calendar_server.py PORT FILE`. Reservations are a line each in FILE."""

import json
import sys
from pathlib import Path
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

FREE = {
    "Kontrolle": ["2031-03-18T09:00:00", "2031-03-20T14:30:00"],
    "Zahnreinigung": ["2031-03-19T11:00:00", "2031-03-21T08:15:00"],
    "Füllung": [],
}
server = MCPServer("kalender")


def reserved() -> list[dict[str, Any]]:
    path = Path(sys.argv[2])
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


@server.tool()
def free_slots(treatment: str) -> dict[str, Any]:
    """The free slots for a kind of treatment."""
    taken = {one["start"] for one in reserved()}
    return {"slots": [{"start": start} for start in FREE.get(treatment, []) if start not in taken]}


@server.tool()
def reserve_slot(treatment: str, start: str, patient: str) -> dict[str, Any]:
    """Reserve a slot for a patient. Each call is a reservation of its own."""
    if start not in [one["start"] for one in free_slots(treatment)["slots"]]:
        raise ToolError("Dieser Termin ist nicht frei.")
    with Path(sys.argv[2]).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"treatment": treatment, "start": start, "patient": patient}) + "\n")
    return {"start": start, "treatment": treatment}


if __name__ == "__main__":
    server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
