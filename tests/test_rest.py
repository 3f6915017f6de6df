"""The REST API, asked over a real server on this machine: cases, approvals, tickets, figures, and all that may be wrong."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.routing import Mount
from support.programs import Desk, authorize, desk, serving

from switchboard.console.protocols.guarded import MOST_BYTES
from switchboard.console.protocols.rest.app import rest
from switchboard.console.protocols.seam import is_here
from switchboard.service import cases
from switchboard.service.operators.notes import add_note

KEYS = count()


class Client(httpx.Client):
    """Asks with a token, and with a new key each time it says something."""

    def said(self, path: str, message: str, key: str = "", **more: Any) -> httpx.Response:
        return self.post(path, json={"message": message, **more}, headers={"Idempotency-Key": key or f"k-{next(KEYS)}"})


def client(address: str, token: str = "whole") -> Client:
    return Client(base_url=f"{address}/api", headers={"Authorization": f"Bearer {token}"}, timeout=60)


@pytest.fixture(scope="module")
def at_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("rest")) as found:
        yield found


@pytest.fixture(scope="module")
def address(at_desk: Desk) -> Iterator[str]:
    with serving(Starlette(routes=[Mount("/api", rest(at_desk, authorize))])) as address:
        yield address


@pytest.fixture(scope="module")
def asks(address: str) -> Iterator[Client]:
    with client(address) as found:
        yield found


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem that an answer is, which names who can mend it and nothing of the inside."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert (found["status"], bool(found["detail"]), bool(found["title"])) == (status, True, True)
    assert "Traceback" not in answer.text and ".py" not in answer.text
    return found


def waiting(asks: Client) -> tuple[str, str]:
    """A case that waits for an approval, and the hash of its call."""
    case_id = asks.said("/v1/cases", "Please pay me.", email=f"ada{next(KEYS)}@example.com").json()["case"]["case_id"]
    now = asks.said(f"/v1/cases/{case_id}/messages", "70").json()
    assert now["case"]["end"] == "awaiting_approval", now
    found = asks.get("/v1/approvals", params={"limit": 100}).json()["approvals"]
    [call] = [one["call"] for one in found if one["call"]["case_id"] == case_id]
    return case_id, call["hash"]


@pytest.mark.slow
def test_a_case_goes_from_its_first_words_to_its_answer_and_each_message_counts_once(asks: Client) -> None:
    answer = asks.said("/v1/cases", "When are you open?", "first")
    assert answer.status_code == 201, answer.text
    case = answer.json()["case"]
    assert (case["end"], answer.json()["reply"]) == ("resolved", "We are open from nine to five.")
    again = asks.said("/v1/cases", "When are you open?", "first")
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.json()["case"]["case_id"] == case["case_id"]
    assert problem(asks.said("/v1/cases", "Something else", "first"), 422)["who"] == "client"

    for _ in range(2):
        further = asks.said(f"/v1/cases/{case['case_id']}/messages", "Open on Sunday, too?", "second")
        assert further.status_code == 200
    said = [line["text"] for line in further.json()["case"]["transcript"] if line["speaker"] == "customer"]
    assert said == ["When are you open?", "Open on Sunday, too?"]
    assert problem(asks.said(f"/v1/cases/{case['case_id']}/messages", "And on Monday?", "second"), 422)
    assert asks.get(f"/v1/cases/{case['case_id']}").json()["case"] == further.json()["case"]


@pytest.mark.slow
def test_who_does_not_wait_is_told_that_the_agents_still_work(asks: Client) -> None:
    answer = asks.post(
        "/v1/cases", params={"wait": 0}, json={"message": "When are you open?"}, headers={"Idempotency-Key": "no-wait"}
    )
    assert (answer.status_code, answer.json()["case"]["end"]) == (202, None)
    assert answer.json()["reply"]
    again = asks.said("/v1/cases", "When are you open?", "no-wait")
    assert (again.status_code, again.json()["case"]["end"]) == (200, "resolved")


@pytest.mark.slow
def test_cases_are_listed_a_page_at_a_time_by_what_is_asked_of_them(asks: Client) -> None:
    ids = [asks.said("/v1/cases", "When are you open?", team="others").json()["case"]["case_id"] for _ in range(3)]
    first = asks.get("/v1/cases", params={"team": "others", "end": "resolved", "limit": 2}).json()
    rest_of_them = asks.get("/v1/cases", params={"team": "others", "limit": 2, "cursor": first["next"]}).json()
    assert [one["case_id"] for one in (*first["cases"], *rest_of_them["cases"])] == ids[::-1]
    assert rest_of_them["next"] is None
    assert asks.get("/v1/cases", params={"team": "others", "end": "working"}).json()["cases"] == []
    for cursor in ("rubbish", "MjAyNi0xMS0yOCB4"):
        assert problem(asks.get("/v1/cases", params={"cursor": cursor}), 422)["who"] == "client"


@pytest.mark.slow
def test_a_call_is_approved_by_its_hash_alone_and_what_has_been_decided_stays(asks: Client, address: str) -> None:
    case_id, hash_ = waiting(asks)
    assert "another call" in problem(asks.post(f"/v1/approvals/{case_id}/approve", json={"hash": "0" * 16}), 409)["detail"]
    changed = {"hash": hash_, "arguments": {"cents": "much"}}
    assert "Nothing was approved" in problem(asks.post(f"/v1/approvals/{case_id}/approve", json=changed), 409)["detail"]
    done = asks.post(f"/v1/approvals/{case_id}/approve", json={"hash": hash_})
    assert (done.status_code, done.json()["needs_another"]) == (200, False)
    assert done.json()["case"]["reply"] == "It is paid."
    with client(address, "second") as kim:
        late = problem(kim.post(f"/v1/approvals/{case_id}/refuse", json={"hash": hash_, "why": "No."}), 409)
    assert "approved already, by robin" in late["detail"] and late["who"] == "operator"


@pytest.mark.slow
def test_a_yes_that_has_not_seen_what_the_customer_wrote_meanwhile_is_none(asks: Client) -> None:
    case_id, hash_ = waiting(asks)
    asks.said(f"/v1/cases/{case_id}/messages", "Hold on, leave it as it is.")
    at, yes = f"/v1/approvals/{case_id}/approve", {"hash": hash_}
    for seen in ({}, {"seen": 0}):
        assert "wrote a message" in problem(asks.post(at, json=yes | seen), 409)["detail"]
    problem(asks.post(at, json=yes | {"seen": -1}), 422)
    assert asks.get(f"/v1/cases/{case_id}").json()["case"]["end"] == "awaiting_approval"
    assert "seen" in asks.get("/openapi.json").json()["components"]["schemas"]["Approve"]["properties"]
    assert asks.post(at, json=yes | {"seen": 1}).json()["case"]["end"] != "awaiting_approval"


@pytest.mark.slow
def test_a_call_is_refused_with_a_reason_and_a_case_is_cancelled(asks: Client) -> None:
    case_id, hash_ = waiting(asks)
    kept = asks.said(f"/v1/cases/{case_id}/messages", "Are you there?").json()
    assert kept["case"]["end"] == "awaiting_approval" and kept["reply"] and kept["waits_for"]
    refused = asks.post(f"/v1/approvals/{case_id}/refuse", json={"hash": hash_, "why": "Not this month."})
    assert refused.json()["case"]["tool_calls"][-1]["status"] == "refused"
    other, _ = waiting(asks)
    assert asks.post(f"/v1/cases/{other}/cancel").json()["case"]["end"] == "cancelled"
    assert problem(asks.post(f"/v1/cases/{other}/cancel"), 409)["who"] == "operator"


def test_tickets_are_listed_assigned_closed_and_opened_again(asks: Client) -> None:
    for _ in range(2):
        case = asks.said("/v1/cases", "I want a person, please.").json()["case"]
        assert case["end"] == "escalated"
    first = asks.get("/v1/tickets", params={"limit": 1}).json()
    second = asks.get("/v1/tickets", params={"limit": 1, "cursor": first["next"]}).json()
    number = first["tickets"][0]["number"]
    assert second["tickets"][0]["number"] < number
    assert asks.post(f"/v1/tickets/{number}/assign", json={"to": "kim"}).json()["ticket"]["listed"]["assigned_to"] == "kim"
    closed = asks.post(f"/v1/tickets/{number}/close", json={"why": "They were called."}).json()["ticket"]
    assert (closed["listed"]["status"], closed["resolution"]) == ("closed", "They were called.")
    assert problem(asks.post(f"/v1/tickets/{number}/close", json={"why": "Again."}), 409)
    assert asks.get("/v1/tickets", params={"status": "closed"}).json()["tickets"][0]["number"] == number
    assert asks.post(f"/v1/tickets/{number}/reopen", json={"why": "It rang."}).json()["ticket"]["listed"]["status"] == "open"
    history = asks.get(f"/v1/tickets/{number}").json()["ticket"]["facts"]["history"]
    assert {line["by"] for line in history} == {"robin"}
    assert problem(asks.get("/v1/tickets/T999999999999"), 404)["who"] == "client"


@pytest.mark.slow
def test_a_case_is_escalated_once_and_opened_again_when_it_is_over(asks: Client) -> None:
    case_id, _ = waiting(asks)
    first = asks.post(f"/v1/cases/{case_id}/escalate", json={"why": "They sue.", "urgency": "critical"}).json()
    again = asks.post(f"/v1/cases/{case_id}/escalate", json={"why": "They sue."}).json()
    assert (first["is_new"], first["urgency"], again["is_new"], again["ticket"]) == (True, "critical", False, first["ticket"])
    assert asks.get(f"/v1/tickets/{first['ticket']}").json()["ticket"]["listed"]["urgency"] == "critical"
    problem(asks.post(f"/v1/cases/{case_id}/escalate", json={"why": "They sue.", "urgency": "some"}), 422)
    problem(asks.post(f"/v1/cases/{case_id}/reopen", json={"why": "They rang."}), 409)
    over = asks.said("/v1/cases", "When are you open?").json()["case"]["case_id"]
    assert problem(asks.post(f"/v1/cases/{over}/escalate", json={"why": "They sue."}), 409)["who"] == "operator"
    found = asks.post(f"/v1/cases/{over}/reopen", json={"why": "They rang."}).json()["case"]
    assert (found["end"], found["outcome"]["outcome"]) == ("escalated", "reopened")


@pytest.mark.slow
def test_an_answer_is_suggested_in_a_case_that_a_person_has_and_nowhere_else(asks: Client) -> None:
    with_agents = asks.said("/v1/cases", "When are you open?").json()["case"]["case_id"]
    assert "with the agents" in problem(asks.post(f"/v1/cases/{with_agents}/suggestion"), 409)["detail"]
    case_id = asks.said("/v1/cases", "A person, please.").json()["case"]["case_id"]
    assert asks.get(f"/v1/cases/{case_id}").json()["case"]["end"] == "escalated"
    none = asks.post(f"/v1/cases/{case_id}/suggestion").json()
    assert (none["state"], none["why"][:14], none["text"]) == ("none", "No suggestion:", "")
    asks.said(f"/v1/cases/{case_id}/messages", "When are you open?")
    waits = asks.post(f"/v1/cases/{case_id}/suggestion")
    assert (waits.status_code, waits.json()["state"], waits.json()["text"]) == (200, "waits", "We are open from nine to five.")
    assert asks.post(f"/v1/cases/{case_id}/suggestion").json() == waits.json()
    assert "nine to five" not in str(asks.get(f"/v1/cases/{case_id}").json())


def test_figures_and_health(asks: Client, address: str) -> None:
    asks.said("/v1/cases", "When are you open?")
    found = asks.get("/v1/stats", params={"since": "7d"}).json()
    assert found["all"]["cases"] >= 1 and set(found["by"]) == {"day", "agent", "department", "model"}
    assert list(asks.get("/v1/stats", params={"groups": "day"}).json()["by"]) == ["day"]
    assert problem(asks.get("/v1/stats", params={"since": "yesterday"}), 422)
    assert httpx.get(f"{address}/api/v1/health", timeout=60).json()["status"] == "ready"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/cases", None),
        ("POST", "/v1/cases", {"message": "Hello"}),
        ("GET", "/v1/cases/case_1", None),
        ("POST", "/v1/cases/case_1/messages", {"message": "Hello"}),
        ("POST", "/v1/cases/case_1/cancel", None),
        ("GET", "/v1/approvals", None),
        ("POST", "/v1/approvals/case_1/approve", {"hash": "0" * 16}),
        ("POST", "/v1/approvals/case_1/refuse", {"hash": "0" * 16, "why": "No."}),
        ("GET", "/v1/tickets", None),
        ("GET", "/v1/tickets/T000001", None),
        ("POST", "/v1/tickets/T000001/assign", {"to": "kim"}),
        ("POST", "/v1/tickets/T000001/close", {"why": "Done."}),
        ("POST", "/v1/tickets/T000001/reopen", {"why": "Not done."}),
        ("GET", "/v1/stats", None),
    ],
)
def test_nobody_is_let_in_without_a_token_that_is_good_for_it(address: str, method: str, path: str, body: Any) -> None:
    key = {"Idempotency-Key": "k"}
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic d2hvbGU="}):
        refused = httpx.request(method, f"{address}/api{path}", json=body, headers={**headers, **key}, timeout=60)
        assert problem(refused, 401)["who"] == "client"
        assert refused.headers["www-authenticate"] == "Bearer"
    few = httpx.request(
        method, f"{address}/api{path}", json=body, headers={"Authorization": "Bearer nothing", **key}, timeout=60
    )
    assert problem(few, 403)["who"] == "client"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"no json", 422),
        (b'{"message": "Hello", "more": 1}', 422),
        (b'{"message": "  "}', 422),
        (b'{"message": "a\\u0000b"}', 422),
        (b'{"message": "\\ud800"}', 422),
        (b'{"message": "Hello", "email": "nobody"}', 422),
        (b'{"message": "Hello", "team": "nobodys"}', 404),
        (b'{"message": "' + b"a" * MOST_BYTES + b'"}', 413),
        (b"[" * 100_000, 400),
    ],
)
def test_what_is_sent_wrongly_is_told_and_not_shown_again(asks: Client, content: bytes, status: int) -> None:
    headers = {"Idempotency-Key": "wrong", "Content-Type": "application/json"}
    found = problem(asks.post("/v1/cases", content=content, headers=headers), status)
    assert found["who"] == "client" and "aaaa" not in str(found)


def test_what_has_no_length_is_counted_as_it_comes(asks: Client) -> None:
    pieces = (b" " * 100_000 for _ in range(50))
    headers = {"Idempotency-Key": "long", "Content-Type": "application/json"}
    assert problem(asks.post("/v1/cases", content=pieces, headers=headers), 413)


def test_a_message_without_a_key_is_not_taken(asks: Client) -> None:
    assert "Idempotency-Key" in problem(asks.post("/v1/cases", json={"message": "Hello"}), 422)["detail"]
    assert problem(asks.get("/v1/nothing"), 404) and problem(asks.delete("/v1/cases"), 405)
    assert problem(asks.get("/v1/cases/case_unknown"), 404)["who"] == "client"


def test_cases_are_found_by_all_that_was_said_in_them(asks: Client, at_desk: Desk) -> None:
    case_id = asks.said("/v1/cases", "When are you open? I ask for a walrus.").json()["case"]["case_id"]
    add_note(at_desk, case_id, "dana", "A porpoise, I think.")  # type: ignore[arg-type]

    def found(search: str) -> list[str]:
        return [one["case_id"] for one in asks.get("/v1/cases", params={"search": search}).raise_for_status().json()["cases"]]

    assert found("WALR") == found("nine walrus") == found(case_id) == [case_id]
    assert found("walrus whale") == found("porpoise") == found('"walrus*')[1:] == found("%") == []
    assert asks.get("/v1/cases", params={"search": "walrus", "team": "nobody"}).json()["cases"] == []
    assert problem(asks.get("/v1/cases", params={"search": "x" * 10_000}), 422)


def test_what_nobody_foresaw_is_logged_and_not_told(
    asks: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("the secret of line 7")

    monkeypatch.setattr("switchboard.console.protocols.rest.cases.page_of_cases", breaks)
    found = problem(asks.get("/v1/cases"), 500)
    assert found["who"] == "developer" and "secret" not in str(found)
    assert "the secret of line 7" in caplog.text

    def away(*_: Any) -> None:
        raise OperationalError("SELECT secret", {}, OSError("gone"))

    monkeypatch.setattr("switchboard.console.protocols.rest.cases.page_of_cases", away)
    found = problem(asks.get("/v1/cases"), 503)
    assert found["who"] == "operator" and "secret" not in str(found)


@pytest.mark.slow
def test_without_accounts_only_programs_on_this_machine_are_served(at_desk: Desk) -> None:
    with serving(Starlette(routes=[Mount("/api", rest(at_desk))])) as address, Client(base_url=f"{address}/api") as here:
        case_id, hash_ = waiting(here)
        here.post(f"/v1/approvals/{case_id}/refuse", json={"hash": hash_, "why": "No."})
        refused = [line for line in cases.show(at_desk, case_id).standing.document["transcript"] if line["kind"] == "result"]
        assert refused[-1]["refused_by"] == "dana"
        for name, value in (
            ("Host", "desk.example.com"),
            ("Origin", "https://evil.example"),
            ("Origin", "null"),
            ("Origin", "http://localhost:3000"),
            ("X-Forwarded-For", "203.0.113.7"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "desk.example.com"),
            ("X-Forwarded", "for=203.0.113.7"),
            ("X-Real-IP", "203.0.113.7"),
            ("Forwarded", "for=203.0.113.7"),
            ("Via", "1.1 desk.example.com"),
            ("CF-Connecting-IP", "203.0.113.7"),
        ):
            assert problem(here.get("/v1/cases", headers={name: value}), 401)
    assert is_here("::1", {"host": "[::1]:8080"}) and is_here("127.0.0.1", {"host": "localhost"})
    assert not is_here("203.0.113.7", {"host": "localhost"}) and not is_here("", {"host": "localhost"})


def test_the_description_is_made_of_the_declarations(address: str) -> None:
    found = httpx.get(f"{address}/api/openapi.json", timeout=60).json()
    assert found["openapi"].startswith("3.1.") and found["servers"] == [{"url": "/api"}]
    operations = {(way, path): one for path, ways in found["paths"].items() for way, one in ways.items()}
    assert len(operations) == 19
    for (way, path), one in operations.items():
        assert one["description"]
        assert ("security" in one) == (path != "/v1/health"), (way, path)
        for status in ("401", "403", "404", "409", "413", "422", "503"):
            assert list(one["responses"][status]["content"]) == ["application/problem+json"]
    assert found["components"]["schemas"]["NewCase"]["properties"]["message"]["maxLength"] == 200_000


@pytest.mark.slow
def test_nothing_that_the_description_allows_or_forbids_makes_it_fail(address: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/openapi.json", "--max-examples", "15"]
    command += ["-H", "Authorization: Bearer whole", "--checks", "not_a_server_error,response_schema_conformance"]
    command += ["--seed", "7", "--request-timeout", "30", "--no-color"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=900)
    assert found.returncode == 0, found.stdout[-4000:]


@pytest.mark.slow
def test_the_same_key_at_the_same_time_is_one_message(asks: Client, at_desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        begun = [*pool.map(lambda _: asks.said("/v1/cases", "Please pay me.", "at-once"), range(8))]
        assert {one.status_code for one in begun} == {200, 201}, [one.text for one in begun]
        [case_id] = {one.json()["case"]["case_id"] for one in begun}
        assert sorted(one.status_code for one in begun) == [200] * 7 + [201]
        more = [*pool.map(lambda _: asks.said(f"/v1/cases/{case_id}/messages", "70", "70-at-once"), range(8))]
    assert {one.status_code for one in more} == {200}
    said = [one["text"] for one in cases.show(at_desk, case_id).standing.document["transcript"] if one["speaker"] == "customer"]
    assert said == ["Please pay me.", "70"]
