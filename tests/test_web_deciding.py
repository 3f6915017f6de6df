"""Deciding and taking part in a browser without JavaScript: what was approved is done once, and whoever is second is told."""

import re
import threading
from collections.abc import Iterator
from typing import cast

import httpx
import pytest
from support.served import Browser, Served, served

from switchboard.cases.cases import hear
from switchboard.console.web.desk import BesidePages, Desk
from switchboard.errors import GaveUp, OperatorError
from switchboard.service import approvals
from switchboard.toolsets.functions import Timed

LARGE, GRACE = "Order #W1000009 was billed two times. Refund one of them.", "grace.mbeki@example.com"
HASH = re.compile(r'name="hash" value="([0-9a-f]+)"')


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("desk")) as found:
        yield found


def bound(page: str) -> str:
    found = HASH.search(page)
    assert found, page
    return found[1]


def seen(page: str) -> str:
    [found] = re.findall(r'name="seen" value="(\d+)"', page)
    return str(found)


def refunds(document: dict[str, object]) -> list[str]:
    return [call["status"] for call in document["tool_calls"] if call["tool"] == "refund_order"]  # type: ignore[attr-defined]


@pytest.mark.slow
def test_an_approval_leads_back_to_the_case_and_is_done(desk: Served) -> None:
    case_id, browser = desk.case(LARGE, GRACE), desk.browser()
    page = browser.page(f"/cases/{case_id}")
    browser.client.follow_redirects = False
    answer = browser.send(page, f"/cases/{case_id}/approve", hash=bound(page))
    assert answer.status_code == 303 and answer.headers["location"] == f"/cases/{case_id}?told=approved"
    document = desk.settled(case_id)
    assert document["end"] == "resolved" and refunds(document) == ["done"]
    after = browser.page(f"/cases/{case_id}?told=approved")
    assert "Approved. The agents go on with it." in after and "Waits for a yes" not in after and "dana" in after


@pytest.mark.slow
def test_of_two_at_once_one_decides_and_the_other_is_told_who(desk: Served) -> None:
    case_id = desk.case(LARGE, GRACE)
    browsers = [desk.browser("dana"), desk.browser("erik")]
    pages = [browser.page(f"/cases/{case_id}") for browser in browsers]
    found: list[httpx.Response] = []
    together = threading.Barrier(2)

    def decide(browser: Browser, page: str) -> None:
        together.wait(10)
        found.append(browser.send(page, f"/cases/{case_id}/approve", hash=bound(page)))

    threads = [threading.Thread(target=decide, args=pair) for pair in zip(browsers, pages, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    won, lost = sorted(found, key=lambda one: one.status_code)
    assert (won.status_code, lost.status_code) == (200, 409)
    assert re.search(r"was approved already, by (dana|erik)", lost.text)
    assert refunds(desk.settled(case_id)) == ["done"]


@pytest.mark.slow
def test_what_was_not_seen_is_not_approved(desk: Served) -> None:
    case_id, browser = desk.case(LARGE, GRACE), desk.browser()
    page = browser.page(f"/cases/{case_id}")
    for form in ({}, {"hash": "0" * 16}, {"hash": "x"}):
        answer = browser.send(page, f"/cases/{case_id}/approve", **form)
        assert answer.status_code == 409 and 'role="alert"' in answer.text
    assert desk.worker.document(case_id)["end"] == "awaiting_approval"


@pytest.mark.slow
def test_a_refusal_needs_a_reason_which_the_agents_hear(desk: Served) -> None:
    case_id, browser = desk.case(LARGE, GRACE), desk.browser()
    page = browser.page(f"/cases/{case_id}")
    assert browser.send(page, f"/cases/{case_id}/refuse", hash=bound(page), why="  ").status_code == 409
    assert "Refused." in browser.send(page, f"/cases/{case_id}/refuse", hash=bound(page), why="It was paid back by hand.").text
    document = desk.settled(case_id)
    assert refunds(document) == ["refused"]
    assert "It was paid back by hand." in browser.page(f"/cases/{case_id}")


@pytest.mark.slow
def test_what_the_customer_wrote_meanwhile_stands_above_the_buttons(desk: Served) -> None:
    case_id = desk.case(LARGE, GRACE)
    hear(desk.place.engine, case_id, "Please hurry, the rent is due.", None)
    page = desk.browser().page(f"/cases/{case_id}")
    assert 0 < page.index("Please hurry, the rent is due.") < page.index(">Approve<")


@pytest.mark.slow
def test_a_yes_is_none_where_the_customer_has_written_since_the_page_was_drawn(desk: Served) -> None:
    case_id, browser = desk.case(LARGE, GRACE), desk.browser()
    page, at = browser.page(f"/cases/{case_id}"), f"/cases/{case_id}/approve"
    hear(desk.place.engine, case_id, "Hold on, leave it as it is.", None)
    late = browser.send(page, at, hash=bound(page), seen=seen(page))
    assert late.status_code == 409 and "wrote a message" in late.text and "Hold on, leave it as it is." in late.text
    for odd in ("", "x", "-1", "9" * 5000):
        assert browser.send(page, at, hash=bound(page), seen=odd).status_code == 409
    assert desk.worker.document(case_id)["end"] == "awaiting_approval" and seen(late.text) == "1"
    assert browser.send(late.text, at, hash=bound(late.text), seen=seen(late.text)).status_code == 200
    assert desk.settled(case_id)["end"] != "awaiting_approval"


@pytest.mark.slow
def test_what_is_written_between_the_look_and_the_yes_is_not_passed_over(desk: Served) -> None:
    case_id = desk.case(LARGE, GRACE)
    call, place = approvals.waiting_call(desk.place, case_id), Desk(desk.place, cast(BesidePages, desk.worker))
    hear(desk.place.engine, case_id, "Hold on, leave it as it is.", None)
    with pytest.raises(OperatorError, match="wrote a message"):
        approvals.approve(place, call, "dana", {})
    assert desk.worker.document(case_id)["end"] == "awaiting_approval"
    approvals.deny(place, call, "dana", "They do not want it.")
    assert set(refunds(desk.settled(case_id))) == {"refused"}


@pytest.mark.slow
def test_a_call_is_tried_for_its_own_part_of_the_page_alone_and_one_that_is_late_is_told(
    desk: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id, browser = desk.case(LARGE, GRACE), desk.browser()
    tried: list[str] = []

    def late(made: Timed) -> None:
        tried.append("once")
        raise GaveUp("refund_order did not finish within 30 seconds.")

    monkeypatch.setattr(Timed, "outcome", late)
    for part in ("head", "side", "since", "act"):
        browser.page(f"/cases/{case_id}/part/{part}")
    assert not tried
    for path in (f"/cases/{case_id}", f"/cases/{case_id}/part/decide"):
        assert "refund_order did not finish within 30 seconds." in browser.page(path)
    assert len(tried) == 2


@pytest.mark.slow
def test_edited_arguments_are_checked_and_shown_before_they_are_approved(desk: Served) -> None:
    case_id, browser = desk.case(LARGE, GRACE), desk.browser()
    page = browser.page(f"/cases/{case_id}")
    at, names = f"/cases/{case_id}/edit", re.findall(r'name="(argument\.\w+)"', page)
    assert "argument.amount_cents" in names
    for wrong in ("a lot", "-5", "1e999", "99999999"):
        answer = browser.send(page, at, hash=bound(page), **{"argument.amount_cents": wrong})
        assert answer.status_code == 409 and 'role="alert"' in answer.text, wrong
    other = {"argument.kind": "partial", "argument.amount_cents": "1000", "argument.reason": "A part of it."}
    checked = browser.send(page, at, hash=bound(page), **other)
    assert checked.status_code == 200 and "Approve as edited" in checked.text and "Refund 10.00 USD" in checked.text
    assert approvals.waiting_call(desk.place, case_id).edited is None
    answer = browser.send(checked.text, f"/cases/{case_id}/approve", hash=bound(checked.text), **other)
    assert answer.status_code == 200
    made = [call for call in desk.settled(case_id)["tool_calls"] if call["tool"] == "refund_order" and call["status"] == "done"]
    assert [call["arguments"]["amount_cents"] for call in made] == [1000]


@pytest.mark.slow
def test_a_person_takes_answers_and_hands_back(desk: Served) -> None:
    case_id, browser, other = desk.case(LARGE, GRACE), desk.browser("dana"), desk.browser("erik")
    page = browser.page(f"/cases/{case_id}")
    taken = browser.send(page, f"/cases/{case_id}/take")
    assert "The case is yours" in taken.text and "Hand back" in taken.text
    assert "dana has this case" in other.page(f"/cases/{case_id}") and "Reply to" not in other.page(f"/cases/{case_id}")
    empty = browser.send(taken.text, f"/cases/{case_id}/reply", words=" ")
    assert empty.status_code == 409 and "The reply is empty" in empty.text
    replied = browser.send(taken.text, f"/cases/{case_id}/reply", words="I look into it <now>.")
    assert "Sent." in replied.text and "I look into it &lt;now&gt;." in replied.text
    stolen = other.client.post(
        f"/cases/{case_id}/reply", data={"form_token": other.client.cookies["switchboard_form"], "key": "1", "words": "Me too"}
    )
    assert (
        stolen.status_code == 409
        and "dana has this case" in stolen.text
        and "Me too" not in desk.worker.document(case_id)["reply"]
    )
    back = browser.send(replied.text, f"/cases/{case_id}/hand-back", note="Settled by phone.")
    assert "Handed back" in back.text
    desk.settled(case_id)
    assert "Settled by phone." in browser.page(f"/cases/{case_id}")


@pytest.mark.slow
def test_a_case_is_ended_and_its_customer_told(desk: Served) -> None:
    case_id, browser = desk.case(LARGE, GRACE), desk.browser()
    assert "is being ended" in browser.send(browser.page(f"/cases/{case_id}"), f"/cases/{case_id}/end").text
    assert desk.settled(case_id)["end"] == "cancelled"


@pytest.mark.slow
def test_tickets_are_assigned_closed_and_opened_again(desk: Served) -> None:
    case_id, browser = desk.case("I want to speak to a human being, please."), desk.browser()
    page = browser.page(f"/cases/{case_id}")
    number = re.search(r"/tickets/(T\d+)/close", page)
    assert number
    at = f"/cases/{case_id}/tickets/{number[1]}"
    assigned = browser.send(page, f"{at}/assign")
    assert "With dana" in assigned.text and case_id in browser.page("/?whose=dana")
    closed = browser.send(assigned.text, f"{at}/close", why="Called them.")
    assert "Settled: Called them." in closed.text and case_id in browser.page("/?state=done")
    assert "is open again" in browser.send(closed.text, f"{at}/reopen", why="They called back.").text
    other = desk.case("How long does a refund take?")
    token = {"form_token": browser.client.cookies["switchboard_form"], "why": "x"}
    assert browser.client.post(f"/cases/{other}/tickets/{number[1]}/close", data=token).status_code == 409


@pytest.mark.slow
def test_a_line_is_flagged_and_no_longer(desk: Served) -> None:
    case_id, browser = desk.case("How long does a refund take?"), desk.browser()
    page = browser.page(f"/cases/{case_id}")
    at = f"/cases/{case_id}/flag"
    assert browser.send(page, at, number="1", why="x").status_code == 409  # the customer's
    number = re.findall(r'class="line by-agent" id="e(\d+)"', page)[0]
    flagged = browser.send(page, at, number=number, why="Too long.")
    assert "Flagged: Too long." in flagged.text
    assert "Flagged: Too long." not in browser.send(flagged.text, at, number=number, drop="yes").text
