"""Forks and tickets on the pages: a new case goes on by itself, and whoever is named gets the ticket."""

import re
from collections.abc import Iterator

import pytest
from support.served import Served, served

LARGE, GRACE = "Order #W1000009 was billed two times. Refund one of them.", "grace.mbeki@example.com"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("desk")) as found:
        yield found


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


def test_a_ticket_is_given_to_whoever_is_named(desk: Served) -> None:
    case_id, browser = desk.case("I want to speak to a human being, please."), desk.browser()
    page = browser.page(f"/cases/{case_id}")
    number = re.search(r"/tickets/(T\d+)/assign", page)
    assert number
    assigned = browser.send(page, f"/cases/{case_id}/tickets/{number[1]}/assign", to="lena")
    assert "With lena" in assigned.text and case_id in browser.page("/?whose=lena")
