"""The pages of a desk with its agents, served by this process on a port of its own, for tests that ask for them."""

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import uvicorn
from starlette.requests import Request

from support.own_shop import data_folder
from support.ports import free_port
from support.sample import prepared
from switchboard.accounts.roles import ROLES
from switchboard.console.app import Workplace
from switchboard.console.web import who
from switchboard.console.web.app import make_app
from switchboard.console.web.desk import BesidePages, Desk
from switchboard.engine.worker import Worker
from switchboard.service.accounts import Person

WHO = "x-test-operator"
"""Whose name stands in this header is at the page, an operator unless a role stands before it, as in `viewer:dana`."""
TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


class Browser:
    """Somebody's browser, without JavaScript: it keeps cookies, follows what leads on, and sends the forms of pages."""

    def __init__(self, url: str, operator: str) -> None:
        self.client = httpx.Client(base_url=url, headers={WHO: operator}, follow_redirects=True, timeout=30)

    def page(self, path: str) -> str:
        found = self.client.get(path)
        assert found.status_code == 200, found.text
        return found.text

    def send(self, page: str, action: str, **form: str) -> httpx.Response:
        """Send a form from the text of a page."""
        token = TOKEN.search(page)
        assert token and f'action="{action}"' in page, page
        key = re.search(rf'action="{re.escape(action)}"(?:(?!</form>).)*?name="key" value="([^"]+)"', page, re.DOTALL)
        hidden = {"form_token": token[1], **({"key": key[1]} if key else {})}
        return self.client.post(action, data={**hidden, **form}, headers={"origin": str(self.client.base_url).rstrip("/")})


class Served:
    """What is served: `worker` opens cases, and `url` is where the pages are."""

    def __init__(self, place: Workplace, worker: Worker, url: str) -> None:
        self.place, self.worker, self.url = place, worker, url

    def browser(self, operator: str = "dana") -> Browser:
        return Browser(self.url, operator)

    def case(self, words: str, email: str = "") -> str:
        """A case of these words, worked on until it waits or is over."""
        ref = self.worker.open_case("desk", words, known={"email": email} if email else {})
        self.worker.work(ref)
        return ref.case_id

    def settled(self, case_id: str) -> dict[str, Any]:
        """The case once nobody works on it."""
        until = time.monotonic() + 30
        while (found := self.worker.document(case_id))["end"] is None:
            assert time.monotonic() < until
            time.sleep(0.05)
        return dict(found)


def by_header(place: Workplace, request: Request) -> Person | None:
    role, _, name = request.headers.get(WHO, "dana").rpartition(":")
    return Person(name, next((one for one in ROLES if one == role), "operator"))


@contextmanager
def listening(app: Any, port: int) -> Iterator[str]:
    """An application on a port, until it is told to stop."""
    config = uvicorn.Config(app, port=port, log_level="error", proxy_headers=False, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    app.state.live.is_over = lambda: server.should_exit
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


@contextmanager
def served(folder: Path, url: str = "") -> Iterator[Served]:
    """The sample's desk, with its pages; where a `url` of a database is given, on that one."""
    with patch.dict(os.environ, {"SWITCHBOARD_DATABASE_URL": url} if url else {}):
        place = Workplace(data_folder(folder))
    if url:
        prepared(url).dispose()
    with BesidePages(place.environment, stands_by=True, concurrency=4) as worker, patch.object(who, "whose", by_header):
        worker.take_cases()
        with listening(make_app(Desk(place, worker), {"127.0.0.1"}), free_port()) as url:
            yield Served(place, worker, url)
    place.engine.dispose()
