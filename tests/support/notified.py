"""A place on loopback that is notified over HTTP, as Apprise's json:// sends, and a project that notifies it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from support.ports import free_port

PROJECT = """
name = "acme"

[departments.front]
about = "Whatever somebody asks."
examples = ["What do you do?", "When are you open?", "Can I come by?", "Where are you?", "Do you mend things?"]
"""
TABLE = '\n[notifications]\nurls = ["${ON_CALL_URL}"]\n'


@dataclass
class OnCall:
    """What was sent to it, and under which keys. `answers` is its status; `before` is called when a notification has come and
    is not answered yet, `asked` when somebody has begun to ask.
    """

    port: int = 0
    answers: int = 200
    heard: list[dict[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    before: Callable[[], object] = lambda: None
    asked: Callable[[], object] = lambda: None

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
            place.asked()
            place.keys.append(str(self.headers["Idempotency-Key"]))
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


@contextmanager
def mailbox() -> Iterator[OnCall]:
    """The same as a mailbox, behind a real SMTP server; a mail is known by its Message-ID."""
    place = OnCall()

    class Handler:
        async def handle_EHLO(self, server: Any, session: Any, envelope: Any, name: str, responses: list[str]) -> list[str]:
            place.asked()
            session.host_name = name
            return responses

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            mail = message_from_bytes(envelope.content)
            place.keys += mail.get_all("Message-ID", [])
            place.heard.append({"title": str(mail["Subject"]), "message": str(mail.get_payload(decode=True), "utf-8")})
            place.before()
            return "250 Taken"

    place.port = free_port()  # the controller asks itself at the port that it is given
    controller = Controller(Handler(), hostname="127.0.0.1", port=place.port)
    controller.start()
    try:
        yield place
    finally:
        controller.stop()


def notifying_project(folder: Path, table: str = TABLE) -> Path:
    """A project of one department with this table in its file."""
    (folder / "switchboard.toml").write_text(PROJECT + table, "utf-8")
    return folder
