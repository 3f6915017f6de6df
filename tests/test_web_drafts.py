"""Answers that wait, on the page of their case: sent as they stand or edited, dropped, and void where the customer wrote on."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.served import Browser, Served, served

from groupchats.desk import team as desk
from switchboard.cases.cases import hear
from switchboard.cases.documents import load
from switchboard.cases.people.drafts import drafts
from switchboard.declare.team import Rule
from switchboard.toolsets.built_in.drafts import suggest_answer

ASKS = "Can I pay with a gift card?"
ANSWER = re.compile(r'name="words" rows="5" required>(.*?)</textarea>', re.DOTALL)


@pytest.fixture
def drafting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The sample's desk, each answer of which an operator sends."""
    members = {
        name: replace(one, tools=(*one.tools, suggest_answer), drafts="all") if name != desk.flow.closer else one
        for name, one in desk.members.items()
    }
    rules = (*desk.approvals, Rule("approve", tool=suggest_answer.name))
    monkeypatch.setattr("groupchats.desk.team", replace(desk, members=members, approvals=rules))
    with served(tmp_path) as found:
        yield found


def opened(place: Served) -> tuple[str, Browser, str]:
    """A case whose answer waits, somebody's browser, and the page there."""
    case_id, browser = place.case(ASKS), place.browser()
    return case_id, browser, browser.page(f"/cases/{case_id}")


def form(page: str) -> dict[str, str]:
    """What the form of the answer sends as it stands; a browser ends lines with CR LF."""
    found = re.search(r'/draft/send">.*?name="hash" value="([0-9a-f]+)"', page, re.DOTALL)
    words = ANSWER.search(page)
    assert found and words, page
    return {"hash": found[1], "words": words[1].replace("\n", "\r\n")}


def told(place: Served, case_id: str) -> list[tuple[str, str]]:
    """What operators told the customer, and who did."""
    lines = load(place.place.engine, case_id)["transcript"]
    return [(one["operator"], one["text"]) for one in lines if one["kind"] == "message" and one["speaker"] == "operator"]


@pytest.mark.slow
def test_an_answer_is_sent_as_it_stands_and_closes_its_ticket(drafting: Served) -> None:
    case_id, browser, page = opened(drafting)
    [waits] = drafts(drafting.place.engine)
    sent = browser.send(page, f"/cases/{case_id}/draft/send", **form(page))
    assert sent.status_code == 200 and "The answer is sent, and its ticket closed." in sent.text
    assert told(drafting, case_id) == [("dana", waits.text)]
    assert drafts(drafting.place.engine) == [] and "draft/send" not in sent.text
    again = browser.client.post(
        f"/cases/{case_id}/draft/send", data={"form_token": browser.client.cookies["switchboard_form"], **form(page)}
    )
    assert again.status_code == 409 and "dana has sent an answer already" in again.text and len(told(drafting, case_id)) == 1


@pytest.mark.slow
def test_an_answer_is_edited_before_it_is_sent(drafting: Served) -> None:
    case_id, browser, page = opened(drafting)
    empty = browser.send(page, f"/cases/{case_id}/draft/send", **{**form(page), "words": " \r\n "})
    assert empty.status_code == 409 and "The answer is empty. Drop it instead." in empty.text
    edited = browser.send(page, f"/cases/{case_id}/draft/send", **{**form(page), "words": "Yes.\r\nEven <two> cards."})
    assert edited.status_code == 200 and "Even &lt;two&gt; cards." in edited.text
    assert told(drafting, case_id) == [("dana", "Yes.\nEven <two> cards.")]


def test_an_answer_is_dropped_and_its_ticket_waits_on(drafting: Served) -> None:
    case_id, browser, page = opened(drafting)
    dropped = browser.send(page, f"/cases/{case_id}/draft/drop", hash=form(page)["hash"])
    assert "The suggested answer is dropped. The ticket waits on." in dropped.text and "/draft/send" not in dropped.text
    assert re.search(r"/tickets/T\d+/close", dropped.text)
    assert told(drafting, case_id) == [] and drafts(drafting.place.engine) == []


@pytest.mark.slow
def test_who_sends_or_drops_an_answer_that_the_customer_has_written_past_is_told_so(drafting: Served) -> None:
    for deed in ("send", "drop"):
        case_id, browser, page = opened(drafting)
        hear(drafting.place.engine, case_id, "For two of them, I mean.", None)
        late = browser.send(page, f"/cases/{case_id}/draft/{deed}", **form(page))
        assert late.status_code == 409 and "the customer has written since" in late.text, deed
        assert "For two of them, I mean." in late.text and told(drafting, case_id) == []


@pytest.mark.slow
def test_a_form_that_names_no_answer_or_another_one_sends_nothing(drafting: Served) -> None:
    case_id, browser, page = opened(drafting)
    for wrong in ({"words": "Yes."}, {"words": "Yes.", "hash": "0" * 16}):
        answer = browser.send(page, f"/cases/{case_id}/draft/send", **wrong)
        assert answer.status_code == 409 and 'role="alert"' in answer.text
    assert told(drafting, case_id) == [] and len(drafts(drafting.place.engine)) == 1
