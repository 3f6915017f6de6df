"""The pages of `switchboard serve`: what they show, to whom, and what they never let through."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

import httpx
import pytest
from sqlalchemy.orm import Session
from support.served import TOKEN, Served, served

from switchboard.cases.entries import append_lines
from switchboard.cases.tables import CaseRow
from switchboard.declare.transcript import (
    CallEntry,
    ConsentEntry,
    DecisionEntry,
    HandoffEntry,
    MessageEntry,
    NoteEntry,
    ResultEntry,
)
from switchboard.tickets.rows import Ticket

LARGE, GRACE = "Order #W1000009 was billed two times. Refund one of them.", "grace.mbeki@example.com"
EVIL = """"'><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}"""
PAGES = (
    "/",
    "/?state=all",
    "/cases/{}",
    "/cases/{}/trace",
    *(f"/cases/{{}}/part/{p}" for p in ("head", "side", "since", "decide", "act")),
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("desk")) as found:
        yield found


@pytest.mark.slow
def test_the_queue_counts_finds_and_narrows(desk: Served) -> None:
    waits, done = desk.case(LARGE, GRACE), desk.case("How long does a refund take?")
    browser = desk.browser()
    page = browser.page("/")
    assert waits in page and done not in page and "refund_order" in page
    assert re.search(rf"<title>\({page.count('data-key=')}\) Queue · ", page)
    assert done in browser.page("/?state=done") and waits not in browser.page("/?state=done")
    assert waits in browser.page("/?state=all&q=w1000009") and done not in browser.page("/?state=all&q=w1000009")
    assert waits in browser.page(f"/?state=all&q={waits[:10]}")
    assert "Nothing like that." in browser.page("/?state=all&q=no+such+words+at+all")
    elsewhere = browser.page("/?state=done&q=w1000009")
    assert "Nothing like that in this tab." in elsewhere and ">1 in all tabs</a>" in elsewhere
    department = desk.worker.document(waits)["department"]
    assert waits in browser.page(f"/?state=all&department={department}")
    assert waits not in browser.page("/?state=all&department=nowhere")
    assert waits not in browser.page("/?state=all&whose=dana")
    for odd in (
        "/?page=99999",
        "/?page=-1",
        "/?sort=;drop",
        "/?state=%00",
        "/?q=%25_%5C",
        f"/?q={'x' * 5000}",
        "/?team=%F0%9F%98%80",
    ):
        assert browser.client.get(odd).status_code == 200, odd


def test_a_case_shows_who_said_what_and_folds_the_steps(desk: Served) -> None:
    page = desk.browser().page(f"/cases/{desk.case(LARGE, GRACE)}")
    assert escape(LARGE) in page
    assert '<li class="steps">' in page and "find_user_id_by_email" in page and "by rules" in page
    assert "Refund 179.90 USD" in page and "grace_mbeki_1009" in page and GRACE not in page
    assert "none asked" in page


def test_each_page_says_what_a_browser_may_do_with_it(desk: Served) -> None:
    case_id, browser = desk.case(LARGE, GRACE), desk.browser()
    for path in (*PAGES, "/static/desk.css", "/nowhere", "/cases/none"):
        found = browser.client.get(path.format(case_id))
        policy = found.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy
        assert found.headers["x-content-type-options"] == "nosniff" and found.headers["referrer-policy"] == "no-referrer"
        assert " style=" not in found.text and "<style" not in found.text and " onclick" not in found.text
        assert found.status_code == (404 if path in ("/nowhere", "/cases/none") else 200)


@pytest.mark.slow
def test_what_anybody_wrote_is_text_and_nothing_else(desk: Served) -> None:
    case_id = desk.case(f"{EVIL} Order #W1000009 was billed two times, refund it.", GRACE)
    call = {"tool": "t", "arguments": {EVIL: EVIL}, "call_id": "c9"}
    lines = [
        MessageEntry("triage", EVIL, "model", quoted=EVIL, operator=EVIL, confirms={EVIL: ["a", EVIL]}),
        MessageEntry("customer", EVIL, "human", quoted=EVIL),
        HandoffEntry(EVIL, EVIL, "model", to=EVIL, facts={EVIL: [EVIL]}, reason=EVIL, request=EVIL),
        CallEntry(EVIL, EVIL, "model", **call),
        ResultEntry("executor", EVIL, "tool", result={EVIL: EVIL}, status="failed", to=EVIL, called=EVIL, code=EVIL, **call),
        ResultEntry("executor", "", "tool", result=EVIL, status="done", to=EVIL, **call),
        NoteEntry(EVIL, EVIL, "model"),
        DecisionEntry(EVIL, EVIL, "human", handed_back=True, operator=EVIL),
        DecisionEntry(EVIL, EVIL, "rules", to=EVIL),
        ConsentEntry(EVIL, EVIL, call_id=EVIL, bound=EVIL, stance="other"),
    ]
    with Session(desk.place.engine) as session, session.begin():
        row = session.get_one(CaseRow, case_id)
        row.department, row.thumb, row.thumb_why, row.reason = EVIL, "up", EVIL, EVIL
        append_lines(session, case_id, row.run, lines)
        named = dict.fromkeys(("department", "subject", "summary", "contact_name", "assigned_to", "draft"), EVIL)
        dated = {"created_at": datetime.now(UTC), "status": "open", "priority": EVIL}
        session.add(Ticket(key=case_id, case_id=case_id, facts={EVIL: EVIL}, **named, **dated))
    browser = desk.browser()
    page = browser.page(f"/cases/{case_id}")
    number = re.findall(r'class="line by-agent" id="e(\d+)"', page)[0]
    assert "Flagged: " in browser.send(page, f"/cases/{case_id}/flag", number=number, why=EVIL).text
    for path in (*PAGES, f"/?state=all&q={EVIL}", f"/?whose={EVIL}", f"/?department={EVIL}", f"/cases/{case_id}?told={EVIL}"):
        found = browser.client.get(path.format(case_id))
        assert "<script>alert" not in found.text and "<img src=x" not in found.text
    assert browser.page(f"/cases/{case_id}").count("&lt;script&gt;alert") > 30
    with browser.client.stream("GET", f"/cases/{case_id}/events?after=0") as stream:
        live = next(chunk for chunk in stream.iter_text() if "event: entry" in chunk)
        assert "<script>alert" not in live and "&lt;script&gt;" in live


@pytest.mark.slow
def test_a_form_of_another_site_does_nothing(desk: Served) -> None:
    case_id, browser = desk.case(LARGE, GRACE), desk.browser()
    token = TOKEN.search(browser.page(f"/cases/{case_id}"))
    assert token
    path, form = f"/cases/{case_id}/take", {"form_token": token[1]}
    post = browser.client.post
    assert post(path, data={}).status_code == 403
    assert post(path, data={"form_token": "x" * 32}).status_code == 403
    assert httpx.post(desk.url + path, data=form, timeout=60).status_code == 403
    assert post(path, data=form, headers={"origin": "http://evil.example"}).status_code == 403
    assert post(path, data=form, headers={"origin": "null"}).status_code == 403
    assert post(path, data=form, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert post(path, content=b"x" * 1_000_001).status_code == 413
    pieces = {"transfer-encoding": "chunked", "content-length": "20"}  # of the two the server believes the first
    assert post(path, content=iter([b"x" * 20]), headers=pieces).status_code == 411
    assert post(path, content=iter([b"x" * 20])).status_code == 411
    assert browser.client.get(path).status_code in (404, 405)
    assert browser.client.put(path).status_code == 405
    assert desk.worker.document(case_id)["end"] == "awaiting_approval"
    ours = {"origin": "null", "sec-fetch-site": "same-origin"}  # as browsers say it of a page that tells nobody where it is
    assert post(path, data=form, headers=ours).status_code == 200
    assert desk.worker.document(case_id)["end"] == "escalated"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "127.0.0.1@evil.example:80"])
def test_another_name_is_not_served(desk: Served, host: str) -> None:
    assert desk.browser().client.get("/", headers={"host": host}).status_code in (400, 421)


@pytest.mark.slow
def test_who_may_only_look_is_shown_no_buttons_and_refused_what_they_send(desk: Served) -> None:
    case_id, viewer = desk.case(LARGE, GRACE), desk.browser("viewer:vic")
    page = viewer.page(f"/cases/{case_id}")
    assert "<form" not in page and "Refund 179.90 USD" in page
    viewer.client.cookies.set("switchboard_form", "known")
    for what in (
        "approve",
        "refuse",
        "edit",
        "reply",
        "take",
        "hand-back",
        "end",
        "draft/send",
        "draft/drop",
        "flag",
        "tickets/T000001/close",
    ):
        assert viewer.client.post(f"/cases/{case_id}/{what}", data={"form_token": "known"}).status_code == 403, what
    assert desk.worker.document(case_id)["end"] == "awaiting_approval"
