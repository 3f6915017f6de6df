"""A place on loopback that is notified over HTTP, as Apprise's json:// sends, and a project that notifies it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PROJECT = """
name = "acme"

[departments.front]
about = "Whatever somebody asks."
examples = ["What do you do?", "When are you open?", "Can I come by?", "Where are you?", "Do you mend things?"]
"""
TABLE = '\n[notifications]\nurls = ["${ON_CALL_URL}"]\n'


@dataclass
class OnCall:
    """What was sent to it. `answers` is its status; `before` is called when a notification has come and is not answered yet."""

    port: int = 0
    answers: int = 200
    heard: list[dict[str, str]] = field(default_factory=list)
    before: Callable[[], object] = lambda: None

    @property
    def url(self) -> str:
        return f"json://desk:hushhush@127.0.0.1:{self.port}/on-call"

    @property
    def texts(self) -> list[str]:
        return [heard["message"] for heard in self.heard]


@contextmanager
def on_call() -> Iterator[OnCall]:
    place = OnCall()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            place.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            place.before()
            self.send_response(place.answers)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    place.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()


def notifying_project(folder: Path, table: str = TABLE) -> Path:
    """A project of one department with this table in its file."""
    (folder / "switchboard.toml").write_text(PROJECT + table, "utf-8")
    return folder
