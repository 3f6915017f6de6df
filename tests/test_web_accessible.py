"""Each page as axe-core judges it, wide and narrow, light and dark; and what a browser complains of on it."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from support.absent import absent
from support.browser import GRACE, LARGE, SIZES, Apart, page_of

from switchboard.evaluations.results import Evaluation, Trial
from switchboard.service.outcomes.evaluations import keep_evaluations

pytestmark = pytest.mark.slow
FOUND = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => one.id + ": " + one.nodes.map(node => node.html).join(" | "))"""
REPORTS = "window.reports = []; addEventListener('securitypolicyviolation', event => reports.push(event.violatedDirective))"


@pytest.fixture(scope="module")
def axe() -> str:
    try:
        return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    except ModuleNotFoundError:
        absent("axe-playwright-python, which brings axe-core, is not installed.")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    found = Apart(tmp_path_factory.mktemp("accessible"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def pages(desk: Apart) -> list[str]:
    """The addresses of all pages, with a case that waits for a yes, one for a person, one for the customer, and one done."""
    cases = [
        desk.case(LARGE, GRACE),
        desk.case("The kettle caught fire and my hand is burned."),
        desk.case("I want to send something back."),
        desk.case("Until when is your shop open?"),
    ]
    found = [Evaluation("twins", by, (Trial("a", by == "rules"), Trial("b", by != "rules"))) for by in ("rules", "heron-2")]
    before, after = keep_evaluations(desk.place, found)
    return [
        "/",
        "/?state=all",
        "/?q=nothingofthesort",
        *(f"/cases/{one}" for one in cases),
        f"/cases/{cases[0]}/trace",
        *("/statistics", "/suggestions", "/evaluations", "/audit", "/try", "/bulk"),
        f"/evaluations?before={before}&after={after}",
        "/sign-in",
    ]


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault(
    chromium: Any, desk: Apart, axe: str, pages: list[str], size: tuple[int, int], scheme: str
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    with page_of(chromium, desk.url, who="admin:dana", viewport=viewport, color_scheme=scheme) as page:
        page.add_init_script(REPORTS)
        for address in pages:
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert page.evaluate("reports") == [], address
            page.evaluate(axe)
            assert page.evaluate(FOUND) == [], address
