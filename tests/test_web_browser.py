"""The pages in a real browser: from the queue to a refund that is told, by mouse, by keys, and without JavaScript."""

from typing import Any

import pytest
from support.browser import GRACE, LARGE, SIZES, Apart, page_of
from support.ports import free_port
from support.served import listening

from switchboard.cases.cases import hear, speak, take
from switchboard.console.web.app import make_app
from switchboard.console.web.desk import Desk

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with_scripts", "without"])
def test_a_refund_is_approved_and_told(chromium: Any, apart: Apart, size: tuple[int, int], scheme: str, scripts: bool) -> None:
    case_id = apart.case(LARGE, GRACE)
    viewport = {"width": size[0], "height": size[1]}
    with page_of(chromium, apart.url, viewport=viewport, color_scheme=scheme, java_script_enabled=scripts) as page:
        page.goto("/")
        assert page.title().startswith("(1) Queue")
        page.get_by_text(LARGE).click()
        assert page.locator(".would").inner_text().startswith("Refund 179.90 USD")
        page.get_by_role("button", name="Approve").click()
        assert page.locator(".told").inner_text() == "Approved. The agents go on with it."
        apart.settled(case_id)
        if not scripts:
            page.reload()
        told = page.locator("#lines > .by-agent").filter(has_text="179.90")
        told.last.wait_for(timeout=10_000)
        page.locator("#head .chip", has_text="resolved").wait_for(timeout=10_000)
        assert page.locator(".decide").count() == 0
        numbers = page.locator("#lines [id^=e]").evaluate_all("all => all.map(one => one.id)")
        assert len(numbers) == len(set(numbers)) > 10


def test_by_keys_alone(chromium: Any, apart: Apart) -> None:
    first, second = apart.case(LARGE, GRACE), apart.case("My heater is on fire and I burned my arm.")
    with page_of(chromium, apart.url) as page:
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
        assert apart.worker.document(first)["end"] == "awaiting_approval"  # nobody approves by a slip
        page.keyboard.press("Enter")
        page.locator(".told").wait_for()
    assert apart.settled(first)["end"] == "resolved"
    assert "everybody" not in str(apart.worker.document(second)["transcript"])


def test_new_rows_and_lines_come_by_themselves_and_no_typed_word_is_lost(chromium: Any, apart: Apart) -> None:
    with page_of(chromium, apart.url) as page, page_of(chromium, apart.url) as beside:
        page.goto("/")
        case_id = apart.case(LARGE, GRACE)
        page.locator(f'[data-key="{case_id}"]').wait_for(timeout=5000)
        assert page.title().startswith("(1) Queue")
        beside.goto(f"/cases/{case_id}")
        beside.get_by_text("Refuse …").click()
        beside.get_by_label("Why?").first.fill("I am still writing")
        hear(apart.place.engine, case_id, "Please hurry up.", None)
        beside.locator(".since", has_text="Please hurry up.").wait_for(timeout=5000)
        assert beside.get_by_label("Why?").first.input_value() == "I am still writing"
        take(apart.place.engine, case_id, "erik")
        beside.locator("#moved").wait_for(timeout=5000)
        assert beside.get_by_label("Why?").first.input_value() == "I am still writing"
        speak(apart.place.engine, case_id, "erik", "This is Erik.")
        beside.locator("#lines .by-operator", has_text="This is Erik.").wait_for(timeout=5000)


def test_an_open_page_goes_on_over_a_restart(chromium: Any, apart: Apart) -> None:
    case_id, port = apart.case(LARGE, GRACE), free_port()
    anew = lambda: make_app(Desk(apart.place, apart.worker), {"127.0.0.1"})  # noqa: E731
    with page_of(chromium, f"http://127.0.0.1:{port}", quiet=False) as page:
        with listening(anew(), port):
            page.goto(f"/cases/{case_id}")
            take(apart.place.engine, case_id, "erik")
            page.get_by_text("erik has this case.").wait_for(timeout=10_000)
        speak(apart.place.engine, case_id, "erik", "Said while nobody served.")
        with listening(anew(), port):
            speak(apart.place.engine, case_id, "erik", "Said after that.")
            page.locator("#lines .said", has_text="Said after that.").wait_for(timeout=30_000)
            assert page.locator("#lines .said", has_text="Said while nobody served.").count() == 1
            assert page.locator("#lines .said", has_text="Said after that.").count() == 1


def test_edited_arguments_are_checked_in_the_page(chromium: Any, apart: Apart) -> None:
    case_id = apart.case(LARGE, GRACE)
    with page_of(chromium, apart.url) as page:
        page.goto(f"/cases/{case_id}")
        page.get_by_text("Edit …").click()
        page.get_by_label("kind").select_option("partial")
        page.get_by_label("amount cents").fill("1000")
        page.get_by_role("button", name="Check").click()
        assert page.locator(".would").inner_text().startswith("Refund 10.00 USD")
        page.get_by_role("button", name="Approve as edited").click()
        page.locator(".told").wait_for()
    made = [
        call for call in apart.settled(case_id)["tool_calls"] if call["tool"] == "refund_order" and call["status"] == "done"
    ]
    assert [call["arguments"]["amount_cents"] for call in made] == [1000]
