"""Who works at one desk at once, or in their own way: two operators, without a mouse, without JavaScript, signed in."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.browser import GRACE, LARGE, SIZES, Apart, faults, page_of
from support.signed_in import WORDS, house

pytestmark = pytest.mark.slow
AT_ONCE = "setTimeout(() => document.querySelector('.yes .primary').click(), 200)"
TOOK = "performance.getEntriesByType('navigation')[0].duration"
MOVING = """document.body.append(Object.assign(document.createElement("span"), {className: "busy"})),
[...document.querySelectorAll("*")].filter(one => getComputedStyle(one).animationName !== "none").length"""


def refunds(desk: Apart, case_id: str) -> list[dict[str, Any]]:
    """The calls that paid."""
    calls = desk.settled(case_id)["tool_calls"]
    return [call for call in calls if (call["tool"], call["status"]) == ("refund_order", "done")]


def test_of_two_operators_at_once_one_wins_and_the_other_is_told_in_under_a_second(chromium: Any, apart: Apart) -> None:
    case_id = apart.case(LARGE, GRACE)
    with (
        page_of(chromium, apart.url, quiet=False) as dana,
        page_of(chromium, apart.url, who="erik", quiet=False) as erik,
        page_of(chromium, apart.url, who="fern") as fern,
    ):
        for page in (dana, erik, fern):
            page.goto(f"/cases/{case_id}")
        shown = max(page.evaluate(TOOK) for page in (dana, erik))
        for page in (dana, erik):
            page.evaluate(AT_ONCE)
        for page in (dana, erik):
            page.locator(".told, main > .wrong").wait_for()
        first, second = (dana, erik) if dana.locator(".told").count() else (erik, dana)
        winner = "dana" if first is dana else "erik"
        assert first.locator(".told").inner_text() == "Approved. The agents go on with it."
        assert winner in second.locator("main > .wrong").inner_text()
        assert second.evaluate(TOOK) < max(1000, 5 * shown)  # milliseconds; a busy machine shows pages late, too
        assert second.locator(".yes").count() == 0 and faults(second) == []
        fern.locator("#lines .by-operator, #lines .by-deed", has_text=winner).first.wait_for()
        fern.locator(".decide").wait_for(state="detached")
    assert len(refunds(apart, case_id)) == 1


def test_each_deed_is_done_by_keys(chromium: Any, apart: Apart) -> None:
    edited, refused = apart.case(LARGE, GRACE), apart.case(LARGE, GRACE)
    person = apart.case("Please let me speak to a human being.")
    with page_of(chromium, apart.url) as page:

        def typed(*keys: str) -> None:
            for key in keys:
                page.keyboard.press(key) if len(key) == 1 or key in ("Tab", "Enter") else page.keyboard.type(key)

        def is_told(text: str) -> None:
            page.locator(".told", has_text=text).wait_for(timeout=30_000)
            page.wait_for_load_state()  # keys are heard once the scripts of the page have run
            assert faults(page) == []

        page.goto(f"/cases/{refused}")
        typed("r", "It was paid back on the phone.", "Tab", "Enter")
        is_told("Refused.")
        page.goto(f"/cases/{edited}")
        typed("e")
        page.get_by_label("kind").select_option("partial")
        page.get_by_label("amount cents").fill("1000")
        typed("Enter")
        page.locator(".changed").first.wait_for()
        page.wait_for_load_state()
        typed("a", "Enter")
        is_told("Approved.")
        page.goto(f"/cases/{person}")
        typed("t", "Enter")
        is_told("The case is yours.")
        typed("n", "Hello, this is Dana.", "Tab", "Enter")
        is_told("Sent.")
        assert page.locator("#lines .by-operator", has_text="Hello, this is Dana.").count() == 1
        typed("i", "Asked by phone.", "Tab", "Enter")
        is_told("The note is kept.")
    assert "paid back on the phone" in str(apart.settled(refused)["transcript"])
    assert [call["arguments"]["amount_cents"] for call in refunds(apart, edited)] == [1000]


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
def test_a_refund_is_refused_without_javascript(chromium: Any, apart: Apart, size: tuple[int, int]) -> None:
    case_id, viewport = apart.case(LARGE, GRACE), {"width": size[0], "height": size[1]}
    with page_of(chromium, apart.url, viewport=viewport, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_text(LARGE).click()
        page.get_by_text("Refuse …").click()
        page.get_by_label("Why?").first.fill("The bank has paid it back.")
        page.get_by_role("button", name="Refuse", exact=True).click()
        assert page.locator(".told").inner_text().startswith("Refused.")
    assert not [
        call for call in apart.settled(case_id)["tool_calls"] if (call["tool"], call["status"]) == ("refund_order", "done")
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    found = Apart(house(tmp_path_factory.mktemp("home")))
    yield found
    found.close()


def test_nothing_moves_for_whom_it_must_not(chromium: Any, home: Apart) -> None:
    for wanted, moving in (("no-preference", 1), ("reduce", 0)):
        with page_of(chromium, home.url, reduced_motion=wanted) as page:
            page.goto("/sign-in")
            assert page.evaluate(MOVING) == moving


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_signs_in_by_keys_and_out(chromium: Any, home: Apart, size: tuple[int, int], scheme: str) -> None:
    viewport = {"width": size[0], "height": size[1]}
    with page_of(chromium, home.url, quiet=False, viewport=viewport, color_scheme=scheme) as page:
        page.goto("/statistics")
        assert faults(page) == []
        for words in ("not these words", WORDS):
            page.get_by_label("Name").fill("otto")
            page.get_by_label("Password").fill(words)
            page.keyboard.press("Enter")
            if words != WORDS:
                page.locator(".wrong").wait_for()
                assert faults(page) == []
        page.wait_for_url("**/statistics")
        assert page.locator(".person").inner_text() == "otto" and faults(page) == []
        page.get_by_role("button", name="Sign out").click()
        page.get_by_label("Password").wait_for()
