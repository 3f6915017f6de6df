"""What somebody has of the queue for themselves: which cases they have not read, and the views that they keep."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from support.served import Served, served

from switchboard.cases.cases import hear, speak
from switchboard.service.operators.notes import add_note
from switchboard.service.operators.views import MOST_VIEWS, views_of

LARGE, GRACE = "Order #W1000009 was billed two times. Refund one of them.", "grace.mbeki@example.com"
PERSON = "I want to speak to a human being, please."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("desk")) as found:
        yield found


def is_unread(page: str, case_id: str) -> bool:
    row = re.search(rf'<li class="row ([^"]*)" data-key="{case_id}"', page)
    assert row, page
    assert ("Unread: " in page[row.end() : row.end() + 300]) == ("is-unread" in row[1])
    return "is-unread" in row[1]


@pytest.mark.slow
def test_what_somebody_has_not_opened_since_it_went_on_is_marked_for_them(desk: Served) -> None:
    case_id, other = desk.case(PERSON), desk.case(LARGE, GRACE)
    dana, erik = desk.browser("dana"), desk.browser("erik")
    assert is_unread(dana.page("/"), case_id) and is_unread(dana.page("/"), other)
    dana.page(f"/cases/{case_id}")
    assert not is_unread(dana.page("/"), case_id) and is_unread(dana.page("/"), other)
    assert is_unread(erik.page("/"), case_id)
    assert not is_unread(desk.browser("DANA").page("/"), case_id)  # one name, however it is written
    hear(desk.place.engine, case_id, "Are you there?", None)
    assert is_unread(dana.page("/"), case_id)
    dana.page(f"/cases/{case_id[:12]}")
    assert not is_unread(dana.page("/"), case_id)
    add_note(desk.place, case_id, "erik", "Rang them.")
    assert is_unread(dana.page("/"), case_id)
    speak(desk.place.engine, case_id, "erik", "I am here.")
    dana.page(f"/cases/{case_id}/part/side")
    assert is_unread(dana.page("/"), case_id)
    dana.page(f"/cases/{case_id}/part/head")  # as a page that is open asks for it with each change
    assert not is_unread(dana.page("/"), case_id)


def test_what_agents_settled_by_themselves_is_unread_for_nobody_who_never_opened_it(desk: Served) -> None:
    case_id, browser = desk.case("How long does a refund take?"), desk.browser()
    assert not is_unread(browser.page("/?state=done"), case_id)
    browser.page(f"/cases/{case_id}")
    add_note(desk.place, case_id, "erik", "A good answer.")
    assert is_unread(browser.page("/?state=done"), case_id)


def test_a_view_is_kept_under_a_name_for_oneself_and_deleted_again(desk: Served) -> None:
    dana, erik = desk.browser("dana"), desk.browser("erik")
    path = "/?state=all&q=refund+%26+more&sort=oldest&page=3&other=x"
    kept = dana.send(dana.page(path), "/views/keep", name=" My <b>refunds</b> ", query=path[2:])
    assert kept.url.query.decode() == "state=all&q=refund+%26+more&sort=oldest"
    address = "/?state=all&amp;q=refund+%26+more&amp;sort=oldest"
    assert f'<a href="{address}" aria-current="page">My &lt;b&gt;refunds&lt;/b&gt;</a>' in kept.text
    assert 'value="refund &amp; more"' in dana.page(unescape(address))
    assert "My &lt;b&gt;refunds" not in erik.page("/")
    again = dana.send(kept.text, "/views/keep", name="my <B>Refunds</B>", query="state=failed")
    assert again.text.count('<span class="view">') == 1 and 'href="/?state=failed" aria-current="page"' in again.text
    [view] = views_of(desk.place, "dana")
    erik.client.post("/views/drop", data={"form_token": erik.client.cookies["switchboard_form"], "number": str(view.number)})
    assert views_of(desk.place, "dana") == [view]
    for number in ("", "x", "9" * 30):
        dana.send(dana.page("/"), "/views/drop", number=number)
    assert "refunds" not in dana.send(dana.page("/"), "/views/drop", number=str(view.number)).text.lower().split("<ol")[0]
    assert views_of(desk.place, "dana") == []


@pytest.mark.slow
def test_views_are_bounded_in_number_and_length(desk: Served) -> None:
    browser = desk.browser("lou")
    page = browser.page("/")
    assert browser.send(page, "/views/keep", name=" \x00 ", query="").status_code == 409
    browser.send(page, "/views/keep", name="x" * 500, query=f"q={'y' * 5000}&state=%00failed")
    [view] = views_of(desk.place, "lou")
    assert len(view.name) == 40 and len(view.query) < 300
    for n in range(MOST_VIEWS - 1):
        assert browser.send(page, "/views/keep", name=f"view {n}", query="q=a").status_code == 200
    refused = browser.send(page, "/views/keep", name="one more", query="q=a")
    assert refused.status_code == 409 and "Delete one first" in refused.text
    assert browser.send(page, "/views/keep", name="View 3", query="q=other").status_code == 200
    assert len(views_of(desk.place, "lou")) == MOST_VIEWS
