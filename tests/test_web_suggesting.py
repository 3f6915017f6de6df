"""A suggested answer on the page of its case: asked for by a key or a press, shown as it comes, edited and sent."""

from typing import Any

import pytest
from support.browser import SIZES, Apart, faults, page_of

from switchboard.cases.cases import hear, take
from switchboard.cases.documents import load
from switchboard.cases.people.drafts import drafts

pytestmark = pytest.mark.slow
PERSON = "I want to speak to a person, please."
ASKS = "Can I pay with a gift card?"


def left_to_a_person(desk: Apart, *words: str) -> str:
    case_id = desk.case(PERSON)
    for text in words:
        assert hear(desk.place.engine, case_id, text, None)[0] is None
    return case_id


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with_scripts", "without"])
def test_it_is_asked_for_edited_and_sent(chromium: Any, apart: Apart, size: tuple[int, int], scripts: bool) -> None:
    case_id = left_to_a_person(apart, ASKS)
    viewport = {"width": size[0], "height": size[1]}
    with page_of(chromium, apart.url, viewport=viewport, java_script_enabled=scripts) as page:
        page.goto(f"/cases/{case_id}")
        if scripts:
            page.wait_for_load_state()
            page.keyboard.press("s")
            page.keyboard.press("Enter")
        else:
            page.get_by_role("button", name="Suggest an answer").click()
        page.locator(".told", has_text="The customer hears nothing of it").wait_for()
        for _ in range(100):
            if scripts or page.locator(".draft").count():
                break
            page.wait_for_timeout(100)
            page.reload()
        page.locator(".draft").wait_for(timeout=20_000)
        assert not scripts or faults(page) == []
        answer = page.locator(".draft textarea")
        assert "gift card" in answer.input_value() and page.get_by_role("button", name="Suggest an answer").count() == 0
        answer.fill("Yes, and with two of them.")
        page.get_by_role("button", name="Send it", exact=True).click()
        page.locator(".told", has_text="Sent.").wait_for()
        page.locator("#lines .by-operator", has_text="Yes, and with two of them.").wait_for()
    assert drafts(apart.place.engine) == []
    assert [line["operator"] for line in load(apart.place.engine, case_id)["transcript"] if line.get("operator")] == ["dana"]


def test_there_is_none_where_the_agents_are_unsure_and_it_goes_where_the_customer_writes_on(
    chromium: Any, apart: Apart
) -> None:
    unsure, case_id = left_to_a_person(apart), left_to_a_person(apart, ASKS)
    with page_of(chromium, apart.url) as page:
        page.goto(f"/cases/{unsure}")
        page.get_by_role("button", name="Suggest an answer").click()
        page.get_by_text("No suggestion: the agents would leave this to a person.").wait_for(timeout=20_000)
        page.goto(f"/cases/{case_id}")
        page.get_by_role("button", name="Suggest an answer").click()
        page.locator(".draft").wait_for(timeout=20_000)
        hear(apart.place.engine, case_id, "For two of them, I mean.", None)
        page.locator(".draft").wait_for(state="detached", timeout=10_000)
        page.get_by_role("button", name="Suggest an answer").wait_for()
        take(apart.place.engine, case_id, "erik")
        page.get_by_text("erik has this case.").wait_for()
        assert page.get_by_role("button", name="Suggest an answer").count() == 0
