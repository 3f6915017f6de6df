"""A real browser on the pages of a desk, for tests."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from support.absent import absent
from support.served import WHO

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LARGE, GRACE = "Order #W1000009 was billed two times. Refund one of them.", "grace.mbeki@example.com"
SIZES = [(1440, 900), (320, 720)]

FAULTS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => one.id + ": " + one.nodes.map(node => node.html).join(" | "))"""
REPORTS = "window.reports = []; addEventListener('securitypolicyviolation', event => reports.push(event.violatedDirective))"


@cache
def axe() -> str:
    """The program that looks for what people with a screen reader, a keyboard or weak eyes stumble over."""
    try:
        return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    except ModuleNotFoundError:
        absent("axe-playwright-python, which brings axe-core, is not installed.")


def faults(page: Any) -> list[str]:
    """The serious faults that axe-core finds in a page, or in a frame, as it stands now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())
    return list(page.evaluate(FAULTS))


@contextmanager
def running_chromium() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        absent("There is no Chromium on this machine.")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Apart:
    """A desk that is served (`served`, `chatting`, `house`) in a thread of its own: Playwright has an event loop in this one,
    beside which DBOS does not work.
    """

    def __init__(self, context: AbstractContextManager[Any]) -> None:
        self._thread, self._context = ThreadPoolExecutor(1), context
        self._desk = self._thread.submit(context.__enter__).result()
        self.place, self.worker, self.url = self._desk.place, self._desk.worker, self._desk.url

    def case(self, words: str, email: str = "") -> str:
        return self._thread.submit(self._desk.case, words, email).result()

    def settled(self, case_id: str) -> dict[str, Any]:
        return self._thread.submit(self._desk.settled, case_id).result()

    def close(self) -> None:
        self._thread.submit(self._context.__exit__, None, None, None).result()
        self._thread.shutdown()


@contextmanager
def page_of(chromium: Any, url: str, *, quiet: bool = True, who: str = "dana", **options: Any) -> Iterator[Any]:
    """A page whose console must stay empty, and that never needs to be scrolled sideways."""
    context = chromium.new_context(base_url=url, extra_http_headers={WHO: who}, **options)
    page, complaints = context.new_page(), list[str]()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(REPORTS)
    yield page
    if options.get("java_script_enabled", True):
        assert page.evaluate("reports") == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
    assert complaints == [] or not quiet, complaints
