"""Two people who signed in, at one call: two of them have to say yes where a rule wants two, and the other is told at once."""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest
from support.signed_in import SESSION, House, token_of
from support.signed_in import house as house_of
from test_web_live import Listening

from groupchats.desk import team as desk
from switchboard.declare.team import Rule
from switchboard.service import accounts

AT_ONCE = 1.0
"""Seconds within which the other is told."""
HASH = re.compile(r'name="hash" value="([0-9a-f]+)"')


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_of(tmp_path) as found:
        yield found


@pytest.fixture
def strict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A desk where two have to approve each refund."""
    rules = (Rule("ask", tool="refund_order", operators=2), *desk.approvals)
    monkeypatch.setattr("groupchats.desk.team", replace(desk, approvals=rules))
    with house_of(tmp_path) as found:
        yield found


def send(client: httpx.Client, page: httpx.Response, path: str, **form: str) -> httpx.Response:
    """The form of a page that decides on its first call."""
    bound = HASH.search(page.text)
    assert bound, page.text
    return client.post(path, data={"form_token": token_of(page), "hash": bound[1], "seen": "0", **form})


def settled(house: House, seconds: float = 30) -> list[str]:
    """How each refund of the case ended, once nobody works on it."""
    until = time.monotonic() + seconds
    while (found := house.worker.document(house.case_id))["end"] is None:
        assert time.monotonic() < until
        time.sleep(0.02)
    return [call["status"] for call in found["tool_calls"] if call["tool"] == "refund_order"]


def test_two_who_signed_in_have_to_approve_and_one_of_them_is_not_two(strict: House) -> None:
    at, otto, theo = f"/cases/{strict.case_id}", strict.inside("otto"), strict.inside("theo")
    page = otto.get(at)
    assert "nobody yet (0 of 2)" in page.text
    first = send(otto, page, f"{at}/approve")
    assert (first.status_code, first.headers["location"]) == (303, f"{at}?told=another")
    told = otto.get(first.headers["location"])
    assert "Noted. Another operator must approve it, too." in told.text and "otto (1 of 2)" in told.text
    for client in (otto, strict.inside("otto")):  # in another browser, too
        again = send(client, client.get(at), f"{at}/approve")
        assert again.status_code == 409 and "otto has approved this already; a different operator" in again.text
    assert strict.worker.document(strict.case_id)["end"] == "awaiting_approval"
    page = theo.get(at)
    assert "otto (1 of 2)" in page.text
    second = send(theo, page, f"{at}/approve")
    assert (second.status_code, second.headers["location"]) == (303, f"{at}?told=approved")
    assert settled(strict) == ["done"]
    deeds = [(row.who, row.what) for row in accounts.audit(strict.place, case_id=strict.case_id)]
    assert deeds == [("theo", "approved a call"), ("otto", "approved a call")]


def test_the_second_of_two_approves_what_the_first_one_did_or_refuses(strict: House) -> None:
    at, otto, theo = f"/cases/{strict.case_id}", strict.inside("otto"), strict.inside("theo")
    other = {"argument.kind": "partial", "argument.amount_cents": "1000", "argument.reason": "A part of it."}
    assert send(otto, otto.get(at), f"{at}/approve").headers["location"].endswith("told=another")
    page = theo.get(at)
    refused = send(theo, page, f"{at}/approve", **other)
    assert refused.status_code == 409 and "The other operator approved other arguments" in refused.text
    assert send(theo, page, f"{at}/refuse", why="It was a hold.").headers["location"] == f"{at}?told=refused"
    assert settled(strict) == ["refused"]


def test_who_has_one_voice_has_it_in_each_place(strict: House) -> None:
    at, otto = f"/cases/{strict.case_id}", strict.inside("otto")
    assert send(otto, otto.get(at), f"{at}/approve").headers["location"].endswith("told=another")
    found = strict.program(strict.token("otto", "approvals:decide", "cases:read"))
    [waits] = found.get("/api/v1/approvals").json()["approvals"]
    answer = found.post(f"/api/v1/approvals/{strict.case_id}/approve", json={"hash": waits["call"]["hash"]})
    assert answer.status_code == 409 and "otto has approved this already" in answer.text
    assert strict.worker.document(strict.case_id)["end"] == "awaiting_approval"


def test_who_is_second_is_told_by_the_answer_and_by_an_open_page_within_a_second(house: House) -> None:
    at, otto, theo = f"/cases/{house.case_id}", house.inside("otto"), house.inside("theo")
    pages = {client: client.get(at) for client in (otto, theo)}
    cookie = {"cookie": f"{SESSION}={theo.cookies[SESSION]}"}
    stream = re.search(r'sse-connect="([^"]+)"', pages[theo].text)
    assert stream
    live = Listening(house.url, unescape(stream[1]), headers=cookie)
    assert live.has("retry: ")
    together, found = threading.Barrier(2), dict[httpx.Client, tuple[float, httpx.Response]]()

    def decide(client: httpx.Client) -> None:
        together.wait(10)
        begun = time.monotonic()
        answer = send(client, pages[client], f"{at}/approve")
        found[client] = time.monotonic() - begun, answer

    threads = [threading.Thread(target=decide, args=[client]) for client in (otto, theo)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    [(_, won), (took, lost)] = sorted(found.values(), key=lambda one: one[1].status_code)
    assert (won.status_code, lost.status_code) == (303, 409)
    assert re.search(r"was approved already, by (otto|theo)", lost.text) and took < AT_ONCE
    assert live.has("event: state", AT_ONCE)
    assert settled(house) == ["done"]
