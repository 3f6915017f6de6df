"""Each page as axe-core judges it, wide and narrow, light and dark; and what a browser complains of on it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.browser import GRACE, LARGE, SIZES, Apart, faults, page_of
from support.served import served

from switchboard.cases.cases import hear, speak, take
from switchboard.evaluations.results import Evaluation, Trial
from switchboard.service.operators.notes import add_note
from switchboard.service.outcomes.evaluations import keep_evaluations
from switchboard.service.outcomes.flags import flag

pytestmark = pytest.mark.slow
ODD = "\u0645\u0631\u062d\u0628\u0627 I want a human \U0001f64f, says <script>alert(1)</script> " + "x" * 3000


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    found = Apart(served(tmp_path_factory.mktemp("accessible")))
    yield found
    found.close()


@pytest.fixture(scope="module")
def cases(desk: Apart) -> list[str]:
    """One that waits for a yes, one for a person, for the customer, one done, one of odd texts, and one of a long talk."""
    words = (
        (LARGE, GRACE),
        ("The kettle caught fire and my hand is burned.", ""),
        ("I ordered #W1000006 by mistake, please cancel it.", GRACE),
        ("How long does a refund take?", ""),
        (ODD, ""),
        ("Please let me speak to a human.", ""),
    )
    found = [desk.case(text, email) for text, email in words]
    hear(desk.place.engine, found[0], "Please hurry up.", None)
    take(desk.place.engine, found[-1], "dana")
    add_note(desk.place, found[-1], "erik <b>", ODD)
    speak(desk.place.engine, found[-1], "dana", "A long text of many words. " * 400)
    for n in range(60):
        speak(desk.place.engine, found[-1], "dana", f"Line {n}.")
    flag(desk.place, found[3], 3, "It is old.", "dana")
    return found


@pytest.fixture(scope="module")
def pages(desk: Apart, cases: list[str]) -> list[str]:
    """The addresses of all pages."""
    found = [Evaluation("twins", by, (Trial("a", by == "rules"), Trial("b", by != "rules"))) for by in ("rules", "heron-2")]
    before, after = keep_evaluations(desk.place, found)
    return [
        *("/", "/?state=all", "/?q=nothingofthesort", "/statistics", "/suggestions", "/evaluations", "/audit", "/try", "/bulk"),
        *(f"/cases/{one}" for one in cases),
        f"/cases/{cases[0]}/trace",
        f"/evaluations?before={before}&after={after}",
    ]


def looks_at(chromium: Any, desk: Apart, size: tuple[int, int], scheme: str, *, who: str = "admin:dana", **more: Any) -> Any:
    viewport = {"width": size[0], "height": size[1]}
    return page_of(chromium, desk.url, who=who, viewport=viewport, color_scheme=scheme, **more)


def is_fine(page: Any, about: str) -> None:
    assert faults(page) == [], about
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("reports") == [], about
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), about
    assert faults(page) == [], about


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault(chromium: Any, desk: Apart, pages: list[str], size: tuple[int, int], scheme: str) -> None:
    with looks_at(chromium, desk, size, scheme) as page:
        for address in pages:
            page.goto(address)
            is_fine(page, address)


def _mistyped(page: Any) -> None:
    page.get_by_text("Edit …").click()
    page.get_by_label("amount cents").fill("much")
    page.get_by_role("button", name="Check").click()
    page.locator(".wrong").wait_for()


def _chosen(page: Any) -> None:
    page.locator(".kinds a").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Approve 1").wait_for()


def _tried(page: Any) -> None:
    page.get_by_label("What the customer writes").fill("How long does a refund take?")
    page.get_by_role("button", name="Begin the case").click()
    page.locator("#said .from-desk").wait_for()


def _commands(page: Any) -> None:
    page.keyboard.press(":")
    page.locator("#commands [role=option]").first.wait_for()


DOING: dict[str, tuple[str, Callable[[Any], None]]] = {
    "a form with an error": ("/cases/{}", _mistyped),
    "many answers": ("/bulk", _chosen),
    "a case that is tried": ("/try", _tried),
    "the command bar": ("/cases/{}", _commands),
    "no such page": ("/nowhere", lambda page: None),
    "no such case": ("/cases/case_000000000000", lambda page: None),
}


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_comes_while_one_works_has_no_serious_fault(
    chromium: Any, desk: Apart, cases: list[str], size: tuple[int, int], scheme: str
) -> None:
    desk.case(LARGE, GRACE)  # one that nobody has written to since, for the answers to many
    with looks_at(chromium, desk, size, scheme, quiet=False) as page:  # a browser complains of each page with an error
        for about, (address, act) in DOING.items():
            page.goto(address.format(cases[0]))
            act(page)
            is_fine(page, about)
    with looks_at(chromium, desk, size, scheme, who="viewer:vera", quiet=False) as page:
        for address in (f"/cases/{cases[0]}", "/audit"):
            page.goto(address)
            is_fine(page, f"a viewer at {address}")
