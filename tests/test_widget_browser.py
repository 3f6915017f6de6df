"""The chat in a real browser, on a page of another origin: written, answered, left, found again, and by keys alone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.browser import REPORTS, SIZES, Apart, faults
from support.chatting import chatting
from support.ports import free_port
from support.served import listening

from switchboard.cases.cases import speak, take
from switchboard.cases.tables import CaseRow
from switchboard.console.channels.widget.app import Widget
from switchboard.console.web.app import make_app
from switchboard.console.web.desk import Desk
from switchboard.service.channels.table import WidgetTable

pytestmark = pytest.mark.slow

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lantern House</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>body { font: 16px/1.5 Georgia, serif; margin: 2rem auto; max-width: 48rem; padding: 0 1rem; }</style></head>
<body><h1>Lantern House</h1><p>Lamps, made to be mended.</p><p><a href="#top">To the lamps</a></p>
<script src="%s/widget.js" async></script></body></html>"""


@contextmanager
def shop(desk: str, port: int) -> Iterator[str]:
    """A shop's page on a port of its own, with one line for the chat."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write((PAGE % desk).encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{port}"
    finally:
        server.shutdown()
        server.server_close()


def the_case(desk: Apart) -> str:
    """The one case that there is."""
    with Session(desk.place.engine) as session:
        return session.scalars(select(CaseRow.id)).one()


@pytest.fixture
def shop_port() -> int:
    return free_port()


@pytest.fixture
def desk(tmp_path: Path, shop_port: int) -> Iterator[Apart]:
    found = Apart(chatting(tmp_path, f"http://localhost:{shop_port}"))
    yield found
    found.close()


@contextmanager
def visiting(chromium: Any, desk: Apart, port: int, *, wide: bool = True, scheme: str = "light") -> Iterator[Any]:
    """A page of the shop, whose console must stay empty."""
    size = SIZES[0] if wide else SIZES[1]
    with shop(desk.url, port) as url:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
        )
        page, complaints = context.new_page(), list[str]()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.add_init_script(REPORTS)
        page.goto(url)
        yield page
        assert [frame.evaluate("reports") for frame in page.frames] == [[]] * len(page.frames)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        context.close()
        assert [one for one in complaints if "net::ERR" not in one] == []


def said(chat: Any) -> list[str]:
    return list(chat.locator("#lines .said").all_inner_texts())


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_visitor_writes_and_finds_the_talk_again(
    chromium: Any, desk: Apart, shop_port: int, wide: bool, scheme: str, tmp_path: Path
) -> None:
    with visiting(chromium, desk, shop_port, wide=wide, scheme=scheme) as page:
        chat = page.frame_locator("#switchboard-chat")
        page.wait_for_timeout(300)
        page.screenshot(path=tmp_path / "closed.png")
        assert faults(page.frames[-1]) == []
        chat.get_by_role("button", name="Open the chat").click()
        box = chat.get_by_label("Your message")
        assert box.evaluate("one => one === document.activeElement")
        box.fill("Which payment methods do you take?")
        box.press("Enter")
        chat.locator("#lines .desk").first.wait_for()
        box.fill("<b>Please</b> let me speak to a human being.")
        chat.get_by_role("button", name="Send").click()
        chat.locator("#lines .you").nth(1).wait_for()
        chat.locator("#stand", has_text="human").wait_for()
        case_id = the_case(desk)
        take(desk.place.engine, case_id, "dana")
        speak(desk.place.engine, case_id, "dana", "Hello, this is Dana. What is it about?")
        chat.locator("#lines .person", has_text="Dana").wait_for(timeout=3_000)
        page.wait_for_timeout(400)
        page.screenshot(path=tmp_path / "open.png")
        assert faults(page.frames[-1]) == []
        before = said(chat)
        page.reload()
        chat.locator("#lines .person", has_text="Dana").wait_for()
        assert said(chat) == before and len(before) == len(set(before)) and "<b>Please</b>" in str(before)
        assert page.evaluate("Object.keys(localStorage)") == ["switchboard-chat"]  # this browser keeps nothing for frames
        box.press("Escape")
        assert chat.get_by_role("button", name="Open the chat").evaluate("one => one === document.activeElement")
        assert page.locator("#switchboard-chat").bounding_box()["width"] < 100


def test_a_page_that_is_open_over_a_restart_goes_on_by_itself(chromium: Any, desk: Apart, shop_port: int) -> None:
    port = free_port()
    origin = f"http://localhost:{shop_port}"

    def app() -> Any:
        with patch(
            "switchboard.console.web.app.widget_routes", lambda live: Widget(live, WidgetTable(origins=[origin]), []).routes()
        ):
            return make_app(Desk(desk.place, desk.worker), {"127.0.0.1"})

    desk.url = f"http://127.0.0.1:{port}"
    running = listening(app(), port)
    running.__enter__()
    with visiting(chromium, desk, shop_port) as page:
        chat = page.frame_locator("#switchboard-chat")
        chat.get_by_role("button", name="Open the chat").click()
        box = chat.get_by_label("Your message")
        box.fill("Please let me speak to a human being.")
        box.press("Enter")
        chat.locator("#stand", has_text="human").wait_for()
        before = said(chat)
        running.__exit__(None, None, None)
        box.fill("Is anybody there?")
        box.press("Enter")
        chat.locator("#waiting .you", has_text="anybody").wait_for()
        case_id = the_case(desk)
        take(desk.place.engine, case_id, "dana")
        speak(desk.place.engine, case_id, "dana", "I was away for a moment.")
        with listening(app(), port):
            chat.locator("#lines .person", has_text="away").wait_for()
            chat.locator("#lines .you", has_text="anybody").wait_for()
            page.wait_for_timeout(500)
            after = said(chat)
            assert after[: len(before)] == before and len(after) == len(before) + 2 == len(set(after))
            assert chat.locator("#waiting .said").count() == 0 and not chat.locator("#trouble").is_visible()


def test_a_browser_that_keeps_things_for_frames_keeps_the_talk_there(chromium: Any, desk: Apart) -> None:
    context = chromium.new_context(base_url=desk.url)
    page = context.new_page()
    for n in range(2):
        page.goto("/widget/frame")
        if n == 0:
            page.get_by_role("button", name="Open the chat").click()
            page.get_by_label("Your message").fill("Please let me speak to a human being.")
            page.get_by_label("Your message").press("Enter")
        page.locator("#lines .desk").first.wait_for()
        assert page.locator("#lines .you").count() == 1
    assert page.evaluate("localStorage.getItem('switchboard:visitor').length") == 43
    context.close()


def test_no_page_of_another_site_shows_the_chat(chromium: Any, desk: Apart) -> None:
    context = chromium.new_context()
    with shop(desk.url, free_port()) as url:
        page = context.new_page()
        page.goto(url)
        page.wait_for_timeout(1_000)
        assert page.frame_locator("#switchboard-chat").locator("#launch").count() == 0
    context.close()
