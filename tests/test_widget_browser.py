"""The chat in a real browser, on a page of another origin: written, answered, left, found again, and by keys alone."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support.chatting import chatting
from test_web_browser import chromium

pytestmark = pytest.mark.slow
__all__ = ["chromium"]
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lantern House</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>body { font: 16px/1.5 Georgia, serif; margin: 2rem auto; max-width: 48rem; padding: 0 1rem; }</style></head>
<body><h1>Lantern House</h1><p>Lamps, made to be mended.</p><p><a href="#top">To the lamps</a></p>
<script src="%s/widget.js" async></script></body></html>"""


@contextmanager
def shop(desk: str) -> Iterator[str]:
    """A shop's page on a port of its own, with one line for the chat."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write((PAGE % desk).encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


class Apart:
    """A desk with the chat, in a thread of its own, since Playwright has the event loop of this one."""

    def __init__(self, folder: Path, *origins: str) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._context = chatting(folder, *origins)
        self.desk = self._thread.submit(self._context.__enter__).result()
        self.place, self.url = self.desk.place, self.desk.url

    def close(self) -> None:
        self._thread.submit(self._context.__exit__, None, None, None).result()
        self._thread.shutdown()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Apart]:
    found = Apart(tmp_path, "http://127.0.0.1:*".replace("*", "1"))
    yield found
    found.close()
