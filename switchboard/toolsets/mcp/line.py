"""One life of a connection to an MCP server, as those who read it, write it and wait for it know of it."""

import asyncio
from dataclasses import dataclass, field

LARGEST = 4_000_000
"""Bytes of a message. An answer to a call is bounded further."""


@dataclass
class Line:
    """`over` is set once it has ended or is to end, `fault` says why where the server is to blame."""

    fault: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self, fault: str = "") -> None:
        if not self.over.is_set():
            self.fault = fault
        self.over.set()
