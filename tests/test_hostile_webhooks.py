"""Webhooks of help desks and presses in Slack that mean harm, or are broken: bounded, and refused in a sentence."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from support.help_desks import FAKES, OPEN, SECRET, TOKEN, AtDesk, at_desk
from test_slack import InSlack, there

from switchboard.console.channels.helpdesks.heard import mounted, webhooks

__all__ = ["there"]
DEEP = b'{"event": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"
BROKEN = [DEEP, b"[]", b"5", b"null", b'"x"', b"\xff\xfe", b"", b'{"a": NaN', b"9" * 5_000, b'{"ticket": []}']
NOTICED = "SELECT count(*) FROM noticed_conversations"
ODD_NUMBERS = [None, True, -1, 0, 1.5, "", "5; DROP TABLE cases", "\u0665", "\ud800", "1" * 21, {"id": 5}, [5]]


@pytest.fixture(params=sorted(FAKES))
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[AtDesk]:
    with at_desk(tmp_path, request.param) as found:
        yield found


def about(name: str, number: Any) -> dict[str, Any]:
    """What a help desk tells of a conversation of this number."""
    if name == "chatwoot":
        return {"event": "message_created", "account": {"id": 2}, "conversation": {"id": number}}
    if name == "zammad":
        return {"ticket": {"id": number}, "article": {}}
    return {"type": "zen:event-type:ticket.comment_added", "detail": {"id": number}}


def told(desk: AtDesk, value: Any) -> int:
    answer = desk.tell(desk.fake.signed(value if isinstance(value, bytes) else json.dumps(value).encode(), None))
    assert len(answer.text.splitlines()) == 1 and not {SECRET, TOKEN, "Traceback"} & {*answer.text.split()}
    return answer.status_code


def test_a_body_of_50_mb_is_read_no_further_than_it_may_be(desk: AtDesk) -> None:
    read: list[int] = []

    def parts() -> Iterator[bytes]:
        for n in range(50):
            read.append(n)
            yield b" " * 1_000_000

    client = TestClient(Starlette(routes=mounted(webhooks([desk.channel]))))
    headers, _ = desk.fake.signed(b"{}", None)
    answer = client.post(f"/channels/{desk.channel.name}", content=parts(), headers=headers)
    assert (answer.status_code, desk.rows(NOTICED)) == (413, [0])
    length = {**headers, "Content-Length": "50000000"}
    assert client.post(f"/channels/{desk.channel.name}", content=b"{}", headers=length).status_code == 413


@pytest.mark.parametrize(
    "body", [DEEP, b"[]", b"5", b"null", b'"x"', b"\xff\xfe", b"", b'{"a": NaN', b"9" * 5_000, b'{"ticket": []}']
)
def test_what_is_signed_and_no_webhook_is_refused_or_left_alone(desk: AtDesk, body: bytes) -> None:
    assert (told(desk, body) in (200, 422), desk.rows(NOTICED)) == (True, [0])


@pytest.mark.parametrize("number", ODD_NUMBERS, ids=repr)
def test_what_names_no_conversation_is_refused(desk: AtDesk, number: Any) -> None:
    assert (told(desk, about(desk.channel.name, number)), desk.rows(NOTICED)) == (422, [0])


def test_events_that_are_not_known_and_accounts_of_others_are_left_alone_by_chatwoot(tmp_path: Path) -> None:
    with at_desk(tmp_path, "chatwoot") as desk:
        for changed in ({"event": "contact_created"}, {"event": None}, {"event": ["message_created"]}, {"account": {"id": 3}}):
            assert told(desk, {**about("chatwoot", 5), **changed}) == 200
        assert desk.rows(NOTICED) == [0]


def test_events_that_are_not_known_are_left_alone_by_zendesk(tmp_path: Path) -> None:
    with at_desk(tmp_path, "zendesk") as desk:
        for kind in ("zen:event-type:user.created", None, ["zen:event-type:ticket.created"]):
            assert told(desk, {**about("zendesk", 5), "type": kind}) == 200
        assert desk.rows(NOTICED) == [0]


def test_a_conversation_of_somebody_else_is_asked_for_and_is_no_case(desk: AtDesk) -> None:
    """The help desk says that there is none which our token may read."""
    assert told(desk, about(desk.channel.name, 6)) == 200
    desk.turn()
    assert (desk.rows("SELECT count(*) FROM cases"), desk.fake.posts) == ([0], [])


@pytest.mark.slow
def test_a_webhook_that_comes_a_hundred_times_is_read_once_and_answered_once(desk: AtDesk) -> None:
    desk.fake.write("When is the hall open?")
    signed = desk.fake.webhook()
    assert {desk.tell(signed).status_code for _ in range(100)} == {200}
    assert desk.rows(NOTICED) == [1]
    desk.turn()
    assert {desk.tell(signed).status_code for _ in range(10)} == {200}
    desk.turn()
    assert (desk.fake.said(), desk.rows("SELECT count(*) FROM cases")) == ([OPEN], [1])


def test_a_signature_of_another_body_or_time_or_help_desk_is_refused(desk: AtDesk) -> None:
    desk.fake.write("When is the hall open?")
    headers, body = desk.fake.webhook()
    others = [FAKES[name]().signed(body, None)[0] for name in FAKES if name != desk.channel.name]
    empty = dict.fromkeys(headers, "")
    for wrong in (*others, empty, dict.fromkeys(headers, "é"), dict.fromkeys(headers, "9" * 5000)):
        sent = {name: value.encode("latin-1") for name, value in wrong.items()}
        assert desk.tell((sent, body)).status_code == 401  # type: ignore[arg-type]
    stamps = [name for name in headers if "timestamp" in name.lower()]
    for stamp in stamps:
        assert desk.tell(({**headers, stamp: "2031-01-01T00:00:00Z"}, body)).status_code == 401
    assert desk.rows(NOTICED) == [0]


@pytest.mark.slow
def test_scripts_in_what_a_customer_writes_are_text(desk: AtDesk) -> None:
    desk.says("When is the hall open?<script>alert(1)</script><img src=x onerror=alert(2)>")
    assert desk.fake.said() == [OPEN]
    (line,) = desk.rows(
        "SELECT data FROM entries WHERE kind = 'message' AND data LIKE '%hall open?%' AND data LIKE '%customer%'"
    )
    assert ("onerror" in line) is (desk.channel.name != "zammad")  # which alone gives HTML out as such


@pytest.mark.slow
@pytest.mark.parametrize(
    "changed",
    [
        {"actions": [{"action_id": "approve", "value": "a\x00b c"}]},
        {"actions": [{"action_id": "approve", "value": "\ud800 c"}]},
        {"actions": [{"action_id": "approve", "value": {"a": 1}}]},
        {"actions": [{"action_id": "approve"}]},
        {"user": {"id": "\ud800"}},
        {"user": {"id": 7}},
        {"user": None},
        {"channel": []},
    ],
)
def test_a_press_that_names_what_cannot_be_is_refused(there: InSlack, changed: dict[str, Any]) -> None:
    there.slack.show_new(there.desk)
    assert there.press("approve", **changed).status_code == 422 and there.waits


@pytest.mark.slow
def test_a_press_with_any_text_of_its_message_decides(there: InSlack) -> None:
    there.slack.show_new(there.desk)
    assert there.press("approve", message={"ts": "\ud800", "text": "\ud800 <!channel>"}).status_code == 200
    assert not there.waits and there.told == ("chat.update", "? <!channel>\nApproved by otto.")


@pytest.mark.slow
@pytest.mark.parametrize("payload", [DEEP.decode(), "[]", "null", '{"type": "block_actions", "actions": {}}'])
def test_what_slack_signed_and_is_no_press_is_refused_or_left_alone(there: InSlack, payload: str) -> None:
    there.slack.show_new(there.desk)
    assert there.send(urlencode({"payload": payload}).encode()).status_code in (200, 422) and there.waits
    assert there.send(b"&".join([b"a=1"] * 30)).status_code == 422
    assert there.send(b"payload=%FF%FE").status_code in (200, 422)
