"""The pages that look back, and the one to try the desk, in a real browser."""

from typing import Any

import pytest
from support.browser import GRACE, LARGE, SIZES, Apart, page_of
from support.many_cases import fill

from switchboard.service.operators.notes import add_note

pytestmark = pytest.mark.slow
PAGES = ("Queue", "Try", "Statistics", "Suggestions", "Evaluations", "Audit")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
def test_the_bar_leads_to_each_page(chromium: Any, apart: Apart, size: tuple[int, int], scheme: str) -> None:
    fill(apart.place.engine, 60)
    viewport = {"width": size[0], "height": size[1]}
    with page_of(chromium, apart.url, who="admin:dana", viewport=viewport, color_scheme=scheme) as page:
        page.goto("/")
        for name in PAGES:
            page.get_by_role("navigation", name="Desk").get_by_role("link", name=name).click()
            page.locator(f'.pages-of-desk [aria-current="page"]:text-is("{name}")').wait_for()
            assert page.locator("h1").count() == 1
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        page.goto("/statistics")
        page.get_by_label("Since").fill("2026-03-01")
        page.get_by_role("button", name="Show").click()
        page.locator(".tiles b").first.wait_for()
        assert page.locator(".charts figure").count() >= 3
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"


@pytest.mark.parametrize("scripts", [True, False], ids=["with_scripts", "without"])
def test_a_customer_is_played_beside_the_agents(chromium: Any, apart: Apart, scripts: bool) -> None:
    with page_of(chromium, apart.url, java_script_enabled=scripts) as page:
        page.goto("/try")
        page.get_by_label("e-mail").fill(GRACE)
        page.get_by_label("What the customer writes").fill(LARGE)
        page.get_by_role("button", name="Begin the case").click()
        page.wait_for_url("**/try/case_*")
        case_id = page.url.rpartition("/")[2]
        apart.settled(case_id)
        if not scripts:
            page.get_by_role("link", name="See what is new").click()
        page.locator("#said .from-desk", has_text="179.90").wait_for(timeout=10_000)
        page.locator("#lines > .by-agent", has_text="179.90").wait_for(timeout=10_000)
        numbers = page.locator("#lines [id^=e]").evaluate_all("all => all.map(one => one.id)") if scripts else []
        assert len(numbers) == len(set(numbers))
        page.get_by_label("What the customer writes next").fill("Is it done by now?")
        page.get_by_role("button", name="Send as the customer").click()
        page.get_by_role("link", name="Open it as an operator").click()
        page.locator(".since", has_text="Is it done by now?").wait_for()
        page.get_by_role("button", name="Approve").click()
        apart.settled(case_id)
        page.goto(f"/try/{case_id}")
        assert page.locator("#said .from-customer").count() >= 2


def test_tables_fit_a_small_screen_and_the_numbers_of_lines_are_there_without_a_mouse(chromium: Any, apart: Apart) -> None:
    case_id = apart.case(LARGE, GRACE)
    add_note(apart.place, case_id, "dana", "They rang.")
    with page_of(chromium, apart.url, who="admin:dana", viewport={"width": 320, "height": 700}) as page:
        for path in ("/audit", f"/cases/{case_id}/trace"):
            page.goto(path)
            assert page.locator(".scroll tbody tr").count()
            assert page.locator(".scroll").evaluate("one => one.scrollWidth <= one.clientWidth"), path
        page.goto(f"/cases/{case_id}")
        shown = page.locator(".line .who .n").evaluate_all("all => all.map(one => getComputedStyle(one).opacity)")
        assert shown and {*shown} == {"1"}
