"""Many calls answered together: of one kind alone, each as it was seen, without JavaScript, and each in the audit log."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from support.served import Browser, Served, served

from switchboard.cases.cases import hear
from switchboard.service.accounts import audit
from switchboard.service.approvals import waiting_call
from switchboard.service.operators import bulk

LARGE, GRACE = "Order #W1000009 was billed two times. Refund one of them.", "grace.mbeki@example.com"
KIND = re.compile(r'href="/bulk\?kind=([0-9a-f]+)"')
CALLS = re.compile(r'name="(call\.[^"]+)" value="([0-9a-f]+)"')


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("desk")) as found:
        yield found


def chosen(desk: Served, browser: Browser) -> tuple[str, str, dict[str, str]]:
    """The page of the only kind of calls, its key, and all that can be chosen there."""
    [key] = KIND.findall(browser.page("/bulk"))
    page = browser.page(f"/bulk?kind={key}")
    return page, key, dict(CALLS.findall(page))


def told(desk: Served, case_id: str) -> list[tuple[str, str]]:
    return [(row.who, row.what) for row in audit(desk.place, case_id=case_id)]


@pytest.mark.slow
def test_many_are_chosen_confirmed_and_refused_each_on_its_own(desk: Served) -> None:
    cases, browser = [desk.case(LARGE, GRACE) for _ in range(3)], desk.browser()
    assert 'href="/bulk"' in browser.page("/?state=approval")
    page, key, calls = chosen(desk, browser)
    assert {name.removeprefix("call.") for name in calls} == set(cases) and page.count("Refund 179.90 USD") == 3
    two = {f"call.{case_id}": calls[f"call.{case_id}"] for case_id in cases[:2]}
    confirmed = browser.send(page, "/bulk/confirm", kind=key, **two)
    assert "2 calls of refund_order" in confirmed.text and cases[2] not in confirmed.text
    assert [told(desk, case_id) for case_id in cases] == [[], [], []]
    assert browser.send(confirmed.text, "/bulk/answer", kind=key, answer="refuse", why=" ", **two).status_code == 409
    done = browser.send(confirmed.text, "/bulk/answer", kind=key, answer="refuse", why="It was paid back by hand.", **two)
    assert "2 of 2 answered" in done.text and done.text.count("Refused.") == 2
    assert [told(desk, case_id) for case_id in cases] == [[("dana", "refused a call")]] * 2 + [[]]
    assert [desk.settled(case_id)["end"] == "awaiting_approval" for case_id in cases] == [False, False, True]
    again = browser.send(confirmed.text, "/bulk/answer", kind=key, answer="approve", **two)
    assert "0 of 2 answered" in again.text and "was refused already, by dana" in again.text


@pytest.mark.slow
def test_what_changed_meanwhile_is_left_out_and_said(desk: Served) -> None:
    cases, browser = [desk.case(LARGE, GRACE) for _ in range(3)], desk.browser()
    page, key, calls = chosen(desk, browser)
    hear(desk.place.engine, cases[0], "Wait, please do not.", None)
    confirmed = browser.send(page, "/bulk/confirm", kind=key, **calls)
    assert "1 that you chose has changed meanwhile" in confirmed.text and "2 calls of" in confirmed.text
    rest = dict(CALLS.findall(confirmed.text))
    hear(desk.place.engine, cases[1], "Me neither, please.", None)
    done = browser.send(confirmed.text, "/bulk/answer", kind=key, answer="approve", **rest)
    assert "1 of 2 answered" in done.text and bulk.CHANGED in done.text
    assert [told(desk, case_id) for case_id in cases] == [[], [], [("dana", "approved a call")]]
    assert desk.settled(cases[2])["end"] == "resolved"
    left = browser.page(f"/bulk?kind={key}")
    assert "2 more need a look each" in left and not CALLS.findall(left)


@pytest.mark.slow
@pytest.mark.parametrize("odd", [{"is_due": False}, {"refused": "It was refunded."}, {"is_unknown": True}])
def test_what_needs_a_look_of_its_own_is_not_offered(
    desk: Served, monkeypatch: pytest.MonkeyPatch, odd: dict[str, Any]
) -> None:
    plain, other, browser = desk.case(LARGE, GRACE), desk.case(LARGE, GRACE), desk.browser()
    _, _, before = chosen(desk, browser)
    card = bulk.card
    assert set(before) == {f"call.{plain}", f"call.{other}"}
    monkeypatch.setattr(bulk, "card", lambda place, call: replace(card(place, call), **odd if call.case_id == other else {}))
    page, key, calls = chosen(desk, browser)
    assert set(calls) == {f"call.{plain}"} and "1 more needs a look on its own page" in page
    mark = bulk._seen(desk.place, waiting_call(desk.place, other)).mark
    [became] = bulk.answer_these(desk.place, key, {other: mark}, "dana", yes=True)
    assert (became.done, became.told) == (False, bulk.ON_ITS_OWN)


@pytest.mark.slow
def test_what_became_of_calls_before_is_shown_and_bound(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.case(LARGE, GRACE)
    browser = desk.browser()
    page, key, calls = chosen(desk, browser)
    card = bulk.card
    monkeypatch.setattr(bulk, "card", lambda *given: replace(card(*given), decided_before=("refused by erik: No.",)))
    assert browser.send(page, "/bulk/confirm", kind=key, **calls).status_code == 409
    page, key, calls = chosen(desk, browser)
    assert "Before: refused by erik: No." in page and "Owed: yes" in page
    confirmed = browser.send(page, "/bulk/confirm", kind=key, **calls)
    assert "Before: refused by erik: No." in confirmed.text


@pytest.mark.slow
def test_what_was_not_seen_is_not_answered(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id, browser = desk.case(LARGE, GRACE), desk.browser()
    page, key, calls = chosen(desk, browser)
    name = f"call.{case_id}"
    for kind, form in ((key, {}), (key, {name: "0" * 16}), ("0" * 16, calls), ("", calls), (key, {"call.none": "x"})):
        assert browser.send(page, "/bulk/confirm", kind=kind, **form).status_code == 409
    token = {"form_token": browser.client.cookies["switchboard_form"], "answer": "approve"}
    for kind, form in ((key, {name: "0" * 16}), ("0" * 16, calls), (key, {"call.none": "x"})):
        assert "0 of 1 answered" in browser.client.post("/bulk/answer", data={**token, "kind": kind, **form}).text
    assert browser.client.post("/bulk/answer", data={**token, "kind": key}).status_code == 409
    many = {f"call.{n}": "x" for n in range(bulk.MOST + 1)}
    assert "At most 20" in browser.client.post("/bulk/answer", data={**token, "kind": key, **many}).text
    desk.case(LARGE, GRACE)
    monkeypatch.setattr(bulk, "MOST", 1)
    assert len(bulk.of_kind(desk.place, key).calls) == 1 and bulk.kinds(desk.place)[0].count == 2
    assert told(desk, case_id) == []


def test_who_may_only_look_answers_nothing(desk: Served) -> None:
    desk.case(LARGE, GRACE)
    viewer = desk.browser("viewer:vic")
    page, key, calls = chosen(desk, viewer)
    assert calls == {} and "Refund 179.90 USD" in page
    viewer.client.cookies.set("switchboard_form", "known")
    for path in ("/bulk/confirm", "/bulk/answer"):
        assert viewer.client.post(path, data={"form_token": "known", "kind": key, "answer": "approve"}).status_code == 403
