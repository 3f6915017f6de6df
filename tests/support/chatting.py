"""The sample's desk with the chat for a shop's pages, and visitors of it."""

import json
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx

from support.served import Served, served
from switchboard.console.channels.widget.app import Widget
from switchboard.service.channels.table import WidgetTable

SHOP = "https://shop.example.com"


@contextmanager
def chatting(folder: Path, *origins: str, proxies: Collection[str] = ()) -> Iterator[Served]:
    """What is served where the project's file has the chat."""
    table = WidgetTable(origins=list(origins) or [SHOP])
    with (
        patch("switchboard.console.web.app.widget_routes", lambda live: Widget(live, table, proxies).routes()),
        served(folder) as desk,
    ):
        yield desk


class Visitor:
    """A browser with the frame in it, as far as what it asks goes."""

    def __init__(self, url: str, token: str = "") -> None:
        self.client = httpx.Client(base_url=url, timeout=30)
        self.token = token or self.client.post("/widget/visitors", json={}).json()["token"]
        self.lines, self.stand = list[tuple[int, dict[str, Any]]](), dict[str, Any]()

    def write(self, text: str, name: str = "message-1", **headers: str) -> httpx.Response:
        given = {"x-visitor": self.token, **headers}
        return self.client.post("/widget/messages", json={"id": name, "text": text}, headers=given)

    def follow(self, last: int = 0) -> None:
        """Hear what is said from an entry on, in a thread."""
        threading.Thread(target=self._hear, args=(last,), daemon=True).start()

    def _hear(self, last: int) -> None:
        headers = {"x-visitor": self.token, "last-event-id": str(last)}
        with self.client.stream("GET", "/widget/events", headers=headers) as found:
            fields: dict[str, str] = {}
            for line in found.iter_lines():
                name, _, value = line.partition(": ")
                fields |= {name: value} if line else {}
                if not line and fields.get("event") == "entry":
                    self.lines.append((int(fields["id"]), json.loads(fields["data"])))
                if not line and fields.get("event") == "state":
                    self.stand = json.loads(fields["data"])
                fields = fields if line else {}

    def hears(self, who: str, text: str = "", seconds: float = 20) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if any(line["who"] == who and text in line["text"] for _, line in self.lines):
                return True
            time.sleep(0.02)
        return False
