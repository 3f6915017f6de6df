"""What a page says where something is too much or broken, and how it shows what is very long, or not there."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from support.served import Served, served

from switchboard.cases.cases import speak, take
from switchboard.console.web.asked import on_a_page
from switchboard.console.web.drawing import MOST_AT_ONCE, clock, parted
from switchboard.console.web.guard import HEADERS, MOST_BYTES
from switchboard.console.web.pages import case
from switchboard.console.web.pages.looking import statistics

BY_BROWSER = {"accept": "text/html,*/*;q=0.8"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("odd")) as found:
        yield found


def is_a_page(response: httpx.Response, status: int, text: str) -> None:
    assert response.status_code == status and text in response.text and "Traceback" not in response.text
    assert "<h1>" in response.text and 'href="/"' in response.text
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


def test_an_empty_queue_says_how_to_begin(desk: Served) -> None:
    assert "No case is here yet." in desk.browser().page("/") and 'href="/try"' in desk.browser().page("/")
    assert "They come as customers write." in desk.browser("viewer:vera").page("/")
    assert "No case is here yet." not in desk.browser().page("/?q=kettle")


def test_who_sends_too_much_is_told_so_on_a_page_with_a_way_back(desk: Served) -> None:
    sent = {"data": {"words": "x" * (MOST_BYTES + 1)}}
    is_a_page(desk.browser().client.post("/cases/case_1/reply", **sent, headers=BY_BROWSER), 413, "send less")
    plain = desk.browser().client.post("/cases/case_1/reply", **sent)
    assert (plain.status_code, plain.text.startswith("That is too much")) == (413, True)


def test_what_breaks_is_told_on_a_page_that_tells_nothing_of_the_inside(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*given: Any) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(statistics, "stats", breaks)
    response = desk.browser().client.get("/statistics", headers=BY_BROWSER)
    is_a_page(response, 500, "Something went wrong here")
    assert "inside" not in response.text


@pytest.mark.slow
def test_a_long_talk_and_a_long_message_are_folded(desk: Served) -> None:
    case_id = desk.case("Please let me speak to a human.")
    take(desk.place.engine, case_id, "dana")
    speak(desk.place.engine, case_id, "dana", "A long text. " * 15_000)
    page = desk.browser().page(f"/cases/{case_id}")
    assert "The rest, 191,0" in page and "earlier line" not in page
    for n in range(case.MOST_AT_ONCE):
        speak(desk.place.engine, case_id, "dana", f"Line {n}.")
    page = desk.browser().page(f"/cases/{case_id}")
    assert "earlier lines</summary>" in page and page.count('id="e1"') == 1
    assert page.index("The rest, 191,0") < page.index("Line 0.")


LONG = ("", "short", "x" * 3 * MOST_AT_ONCE, "word " * MOST_AT_ONCE, "x" * (MOST_AT_ONCE - 1) + "\n\n" + "y" * 90)


@pytest.mark.parametrize("text", LONG)
def test_a_text_is_parted_between_words_and_whole_in_its_parts(text: str) -> None:
    head, rest = parted(text)
    assert head + rest == text and len(head) <= MOST_AT_ONCE and bool(rest) == (len(text) > MOST_AT_ONCE)
    assert not rest or rest[0].isspace() or " " not in text


def test_each_time_says_its_zone() -> None:
    assert clock(0).endswith("00:00 UTC")


@pytest.mark.slow
def test_a_form_with_an_error_stays_open_with_what_was_typed(desk: Served) -> None:
    case_id = desk.case("Order #W1000009 was billed two times. Refund one of them.", "grace.mbeki@example.com")
    browser = desk.browser()
    page = browser.page(f"/cases/{case_id}")
    found = browser.send(
        page, f"/cases/{case_id}/edit", hash=hash_of(page), **{"argument.amount_cents": "much", "argument.kind": "partial"}
    )
    assert found.status_code == 409 and '<details class="edit" open>' in found.text
    assert 'value="much"' in found.text and "<option selected>partial" in found.text
    assert '<details class="edit">' in browser.page(f"/cases/{case_id}")


@pytest.mark.slow
def test_what_is_not_there_is_told_for_somebody_in_a_browser(desk: Served) -> None:
    found = desk.browser().client.get("/cases/case_000000000000")
    assert found.status_code == 404 and "Nothing is here" in found.text and "`" not in found.text
    assert "case_000000000000" in found.text and 'href="/"' in found.text


def test_advice_for_a_shell_is_left_out_of_a_page_unless_it_is_all() -> None:
    assert on_a_page("T1 is closed. `switchboard tickets reopen T1` opens it again.") == "T1 is closed."
    assert on_a_page("Somebody took it. `switchboard x` lists them. Look again.") == "Somebody took it. Look again."
    assert on_a_page("Use `switchboard cases`.") == "Use `switchboard cases`."


def hash_of(page: str) -> str:
    return page.partition('name="hash" value="')[2].partition('"')[0]
