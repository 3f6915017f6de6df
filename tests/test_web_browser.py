"""The pages in a real browser: from the queue to a refund that is told, by mouse, by keys, and without JavaScript."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright
from support.absent import absent
from support.ports import free_port
from support.served import WHO, Served, listening, served

from switchboard.cases.cases import hear, speak, take
from switchboard.console.web.app import make_app
from switchboard.console.web.desk import Desk

pytestmark = pytest.mark.slow
LARGE, GRACE = "Order #W1000009 was billed two times. Refund one of them.", "grace.mbeki@example.com"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = [(1440, 900), (320, 720)]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        absent("There is no Chromium on this machine.")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Apart:
    """A served desk in a thread of its own: Playwright has an event loop in this one, beside which DBOS does not work."""

    def __init__(self, folder: Path) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._context = served(folder)
        self._desk: Served = self._thread.submit(self._context.__enter__).result()
        self.place, self.worker, self.url = self._desk.place, self._desk.worker, self._desk.url

    def case(self, words: str, email: str = "") -> str:
        return self._thread.submit(self._desk.case, words, email).result()

    def settled(self, case_id: str) -> dict[str, Any]:
        return self._thread.submit(self._desk.settled, case_id).result()

    def close(self) -> None:
        self._thread.submit(self._context.__exit__, None, None, None).result()
        self._thread.shutdown()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Apart]:
    found = Apart(tmp_path)
    yield found
    found.close()


@contextmanager
def page_of(chromium: Any, url: str, *, quiet: bool = True, who: str = "dana", **options: Any) -> Iterator[Any]:
    """A page whose console must stay empty, and that never needs to be scrolled sideways."""
    context = chromium.new_context(base_url=url, extra_http_headers={WHO: who}, **options)
    page, complaints = context.new_page(), list[str]()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    if options.get("java_script_enabled", True):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
    assert complaints == [] or not quiet, complaints


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with_scripts", "without"])
def test_a_refund_is_approved_and_told(chromium: Any, desk: Apart, size: tuple[int, int], scheme: str, scripts: bool) -> None:
    case_id = desk.case(LARGE, GRACE)
    viewport = {"width": size[0], "height": size[1]}
    with page_of(chromium, desk.url, viewport=viewport, color_scheme=scheme, java_script_enabled=scripts) as page:
        page.goto("/")
        assert page.title().startswith("(1) Queue")
        page.get_by_text(LARGE).click()
        assert page.locator(".would").inner_text().startswith("Refund 179.90 USD")
        page.get_by_role("button", name="Approve").click()
        assert page.locator(".told").inner_text() == "Approved. The agents go on with it."
        desk.settled(case_id)
        if not scripts:
            page.reload()
        told = page.locator("#lines > .by-agent").filter(has_text="179.90")
        told.last.wait_for(timeout=10_000)
        page.locator("#head .chip", has_text="resolved").wait_for(timeout=10_000)
        assert page.locator(".decide").count() == 0
        numbers = page.locator("#lines [id^=e]").evaluate_all("all => all.map(one => one.id)")
        assert len(numbers) == len(set(numbers)) > 10


def test_by_keys_alone(chromium: Any, desk: Apart) -> None:
    first, second = desk.case(LARGE, GRACE), desk.case("My heater is on fire and I burned my arm.")
    with page_of(chromium, desk.url) as page:
        page.goto("/")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/cases/{second}")
        page.keyboard.press("n")
        page.keyboard.type("Is everybody safe? a r q")
        page.keyboard.press("Escape")
        page.keyboard.press("q")
        page.wait_for_url("**/")
        page.goto(f"/cases/{first}")
        page.keyboard.press("a")
        assert desk.worker.document(first)["end"] == "awaiting_approval"  # nobody approves by a slip
        page.keyboard.press("Enter")
        page.locator(".told").wait_for()
    assert desk.settled(first)["end"] == "resolved"
    assert "everybody" not in str(desk.worker.document(second)["transcript"])


def test_new_rows_and_lines_come_by_themselves_and_no_typed_word_is_lost(chromium: Any, desk: Apart) -> None:
    with page_of(chromium, desk.url) as page, page_of(chromium, desk.url) as beside:
        page.goto("/")
        case_id = desk.case(LARGE, GRACE)
        page.locator(f'[data-key="{case_id}"]').wait_for(timeout=5000)
        assert page.title().startswith("(1) Queue")
        beside.goto(f"/cases/{case_id}")
        beside.get_by_text("Refuse …").click()
        beside.get_by_label("Why?").first.fill("I am still writing")
        hear(desk.place.engine, case_id, "Please hurry up.", None)
        beside.locator(".since", has_text="Please hurry up.").wait_for(timeout=5000)
        assert beside.get_by_label("Why?").first.input_value() == "I am still writing"
        take(desk.place.engine, case_id, "erik")
        beside.locator("#moved").wait_for(timeout=5000)
        assert beside.get_by_label("Why?").first.input_value() == "I am still writing"
        speak(desk.place.engine, case_id, "erik", "This is Erik.")
        beside.locator("#lines .by-operator", has_text="This is Erik.").wait_for(timeout=5000)


def test_an_open_page_goes_on_over_a_restart(chromium: Any, desk: Apart) -> None:
    case_id, port = desk.case(LARGE, GRACE), free_port()
    anew = lambda: make_app(Desk(desk.place, desk.worker), {"127.0.0.1"})  # noqa: E731
    with page_of(chromium, f"http://127.0.0.1:{port}", quiet=False) as page:
        with listening(anew(), port):
            page.goto(f"/cases/{case_id}")
            take(desk.place.engine, case_id, "erik")
            page.get_by_text("erik has this case.").wait_for(timeout=10_000)
        speak(desk.place.engine, case_id, "erik", "Said while nobody served.")
        with listening(anew(), port):
            speak(desk.place.engine, case_id, "erik", "Said after that.")
            page.locator("#lines .said", has_text="Said after that.").wait_for(timeout=30_000)
            assert page.locator("#lines .said", has_text="Said while nobody served.").count() == 1
            assert page.locator("#lines .said", has_text="Said after that.").count() == 1


def test_edited_arguments_are_checked_in_the_page(chromium: Any, desk: Apart) -> None:
    case_id = desk.case(LARGE, GRACE)
    with page_of(chromium, desk.url) as page:
        page.goto(f"/cases/{case_id}")
        page.get_by_text("Edit …").click()
        page.get_by_label("kind").select_option("partial")
        page.get_by_label("amount cents").fill("1000")
        page.get_by_role("button", name="Check").click()
        assert page.locator(".would").inner_text().startswith("Refund 10.00 USD")
        page.get_by_role("button", name="Approve as edited").click()
        page.locator(".told").wait_for()
    made = [call for call in desk.settled(case_id)["tool_calls"] if call["tool"] == "refund_order" and call["status"] == "done"]
    assert [call["arguments"]["amount_cents"] for call in made] == [1000]
