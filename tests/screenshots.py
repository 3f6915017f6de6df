"""The pictures of docs/console.md, of the real pages of the sample desk: `PYTHONPATH=.:tests python tests/screenshots.py`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright
from support.browser import CHROMIUM, QUIET, Apart
from support.served import WHO, served

FOLDER = Path(__file__).parent.parent / "docs" / "img"
MESSAGES = (
    ("My card was charged twice for order #W1000009. Please give me the second charge back.", "grace.mbeki@example.com"),
    ("Where is my parcel from order #W1000002?", "jonas.okafor@example.com"),
    ("I ordered #W1000004 by mistake, please cancel it.", "grace.mbeki@example.com"),
    ("I want to talk to a person about my invoice.", "emma.lindqvist@example.com"),
    ("How long does a refund take?", ""),
)
"""The first waits for an operator, and is the one that is looked at."""


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as running:
        desk = Apart(served(Path(folder)))
        browser = running.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            first, *_ = [desk.case(words, email) for words, email in MESSAGES]
            pictures = {
                "queue": ("/?state=all", (1200, 760), "light"),
                "case": (f"/cases/{first}", (1080, 680), "light"),
                "trace": (f"/cases/{first}/trace", (1200, 760), "light"),
                "phone": (f"/cases/{first}", (390, 844), "dark"),
            }
            for name, (path, (width, height), scheme) in pictures.items():
                size = {"width": width, "height": height}
                context = browser.new_context(viewport=size, color_scheme=scheme, extra_http_headers={WHO: "dana"})
                page = context.new_page()
                page.goto(f"{desk.url}{path}")
                page.wait_for_timeout(600)  # until what is live has come
                page.screenshot(path=FOLDER / f"{name}.png")
                context.close()
        finally:
            browser.close()
            desk.close()


if __name__ == "__main__":
    main()
