"""Hands on the keyboard, in a real browser: the command bar, notes as they come, and being told of what begins to wait."""

from typing import Any

import pytest
from support.browser import GRACE, LARGE, SIZES, Apart, page_of

from switchboard.service.operators.notes import add_note

pytestmark = pytest.mark.slow
TELLS = """
window.told = [];
window.Notification = class {
  constructor(title, more) { window.told.push(`${title}: ${more.body}`); }
  addEventListener() {}
  static permission = "default";
  static async requestPermission() { return (this.permission = "granted"); } };
Object.defineProperty(document, "hidden", { get: () => window.away === true });
"""


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
def test_the_command_bar_goes_to_pages_and_to_deeds_and_does_none_by_a_slip(
    chromium: Any, apart: Apart, size: tuple[int, int]
) -> None:
    case_id = apart.case(LARGE, GRACE)
    with page_of(chromium, apart.url, viewport={"width": size[0], "height": size[1]}) as page:
        page.goto(f"/cases/{case_id}")
        page.keyboard.press(":")
        assert page.locator("#commands [role=option]").count() > 5
        page.keyboard.type("approve")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.textContent") == "Approve"
        assert apart.worker.document(case_id)["end"] == "awaiting_approval"
        page.keyboard.press("Control+k")
        page.keyboard.type("do note")
        page.keyboard.press("Enter")
        page.keyboard.type("Ask: for a photo")  # where one types, a colon is one
        assert page.locator("#commands").is_hidden()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator(".told", has_text="The note is kept").wait_for()
        page.wait_for_load_state()
        assert page.locator(".by-inside .said").inner_text() == "Ask: for a photo"
        assert page.url == f"{apart.url}/cases/{case_id}", "a reload says it no more"
        page.keyboard.press(":")
        page.keyboard.type("zzz")
        page.keyboard.press("Enter")
        assert page.get_by_text("Nothing is called like that here.").is_visible()
        page.keyboard.press("Escape")
        assert page.locator("#commands").is_hidden()
        page.keyboard.press(":")
        page.keyboard.type("trace")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/cases/{case_id}/trace")


def test_a_note_of_another_comes_once_and_the_title_counts_what_waits(chromium: Any, apart: Apart) -> None:
    case_id = apart.case(LARGE, GRACE)
    with page_of(chromium, apart.url) as page:
        page.goto(f"/cases/{case_id}")
        assert page.title().startswith("(1) ")
        add_note(apart.place, case_id, "erik", "Said on the phone.")
        page.locator("#note1", has_text="Said on the phone.").wait_for(timeout=5000)
        add_note(apart.place, case_id, "erik", "And again.")
        page.locator("#note2").wait_for(timeout=5000)
        assert page.locator(".by-inside").count() == 2
        page.keyboard.press("x")
        page.keyboard.press("Enter")
        page.wait_for_url("**/")
    assert apart.settled(case_id)["end"] == "resolved"


def test_who_asked_for_it_is_told_of_what_begins_to_wait_while_away(chromium: Any, apart: Apart) -> None:
    with page_of(chromium, apart.url) as page:
        page.add_init_script(TELLS)
        page.goto("/")
        first = apart.case(LARGE, GRACE)
        page.locator(f'[data-key="{first}"]').wait_for(timeout=5000)
        page.locator("#notify").click()
        page.locator("#notify").wait_for(state="hidden")
        page.evaluate("window.away = true")
        assert page.evaluate("told") == []
        second = apart.case("I want to speak to a human being, please.")
        page.locator(f'[data-key="{second}"]').wait_for(timeout=5000)
        page.wait_for_function("told.length")  # the row comes first
        [told] = page.evaluate("told")
        assert "2 wait for a person." in told and "human being" not in told
        assert page.title().startswith("(2) Queue")
