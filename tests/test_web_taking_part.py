"""Forks, tickets and what comes next: a new case goes on by itself, who is named gets the ticket, and one leads to the next."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.served import Served, served

from switchboard.cases.cases import take

LARGE, GRACE = "Order #W1000009 was billed two times. Refund one of them.", "grace.mbeki@example.com"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as found:
        yield found


@pytest.mark.slow
def test_a_case_is_forked_from_a_line_with_other_words_and_the_page_leads_to_the_fork(desk: Served) -> None:
    case_id, browser = desk.case(LARGE, GRACE), desk.browser()
    page = browser.page(f"/cases/{case_id}")
    answer = browser.send(page, f"/cases/{case_id}/fork", number="1", instead="How long does a refund take?")
    new = answer.url.path.removeprefix("/cases/")
    assert answer.status_code == 200 and new != case_id and "This is the fork" in answer.text
    assert desk.settled(new)["end"] == "resolved"
    after = browser.page(f"/cases/{new}")
    assert "How long does a refund take?" in after and f'href="/cases/{case_id}"' in after
    assert desk.settled(case_id)["end"] == "awaiting_approval"
    for wrong in ({}, {"number": "999"}, {"number": "x"}, {"number": "2", "instead": "Other words."}):
        refused = browser.send(page, f"/cases/{case_id}/fork", **wrong)
        assert refused.status_code == 409 and 'role="alert"' in refused.text, wrong


@pytest.mark.slow
def test_a_ticket_is_given_to_whoever_is_named(desk: Served) -> None:
    case_id, browser = desk.case("I want to speak to a human being, please."), desk.browser()
    page = browser.page(f"/cases/{case_id}")
    number = re.search(r"/tickets/(T\d+)/assign", page)
    assert number
    assigned = browser.send(page, f"/cases/{case_id}/tickets/{number[1]}/assign", to="lena")
    assert "With lena" in assigned.text and case_id in browser.page("/?whose=lena")


@pytest.mark.slow
def test_what_is_done_leads_on_to_the_next_in_the_queue_and_says_what_it_was(desk: Served) -> None:
    first, second, third = (
        desk.case(LARGE, GRACE),
        desk.case(LARGE, GRACE),
        desk.case("I want to speak to a person, please."),
    )
    browser = desk.browser()
    order = re.findall(r'data-key="([^"]+)"', browser.page("/"))
    assert sorted(order) == sorted([first, second, third])
    page = browser.page(f"/cases/{first}")
    bound = re.search(r'name="hash" value="([0-9a-f]+)"', page)
    assert bound
    answer = browser.send(page, f"/cases/{first}/approve", hash=bound[1], then="next")
    expected = [*order[order.index(first) + 1 :], *order[: order.index(first)]][0]
    assert answer.url.path == f"/cases/{expected}"
    assert f'<a href="/cases/{first}">{first}</a>: Approved.' in answer.text
    take(desk.place.engine, second, "erik")
    page = browser.page(f"/cases/{third}")
    number = re.search(r"/tickets/(T\d+)/close", page)
    assert number
    done = browser.send(page, f"/cases/{third}/tickets/{number[1]}/close", why="Rang them.", then="next")
    assert done.url.path == "/"  # nothing is left but what another one has
    for of in ("<b>x</b>", "x" * 70, "a/../b"):
        assert ">: The ticket" not in browser.client.get(f"/cases/{third}", params={"told": "closed", "of": of}).text
