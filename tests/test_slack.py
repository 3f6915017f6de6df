"""Slack: calls that wait are shown with buttons; a press decides as the account of who pressed, bound to the call shown."""

import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from support.programs import Desk, serving
from support.programs import desk as desk_in

from switchboard.cases.approvals import open_approvals
from switchboard.console.channels.helpdesks.heard import mounted
from switchboard.console.channels.pressing import presses
from switchboard.console.channels.slack import Slack
from switchboard.mail.letters import NotSent
from switchboard.service import accounts, approvals
from switchboard.service.approvals import Card
from switchboard.service.channels import pressed
from switchboard.service.channels.table import SlackTable
from switchboard.service.conversations import ask, ask_again

TOKEN, SECRET, CHANNEL = "xoxb-of-the-bot", "signing-secret", "C0123456789"
PEOPLE = {"U0OTTO": "otto", "U0LENA": "lena", "U0VERA": "vera", "U0GONE": "gone", "U0NOBODY": "nobody"}


@dataclass
class Workspace:
    """Slack, as it is asked."""

    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    error: str = ""
    spoilt: str = ""
    """What it takes no message with."""

    def app(self) -> Starlette:
        async def method(request: Request) -> Response:
            if request.headers["authorization"] != f"Bearer {TOKEN}":
                return JSONResponse({"ok": False, "error": "invalid_auth"})
            if self.error:
                return JSONResponse({"ok": False, "error": self.error})
            said = await request.json()
            if self.spoilt and self.spoilt in said["text"]:
                return JSONResponse({"ok": False, "error": "invalid_blocks"})
            self.asked.append((request.path_params["name"], said))
            return JSONResponse({"ok": True, "channel": CHANNEL, "ts": "1930381200.000100"})

        return Starlette(routes=[Route("/api/{name}", method, methods=["POST"])])


@dataclass
class InSlack:
    """A desk with a call that waits, and the workspace that it is shown in."""

    desk: Desk
    workspace: Workspace
    slack: Slack
    case_id: str

    def press(self, action: str, by: str = "U0OTTO", at: float | None = None, **changed: Any) -> httpx.Response:
        message = self.workspace.asked[0][1]
        value = message["blocks"][1]["elements"][0]["value"]
        told = {
            "type": "block_actions",
            "user": {"id": by, "username": "otto", "team_id": "T01"},
            "container": {"type": "message", "message_ts": "1930381200.000100", "channel_id": CHANNEL},
            "channel": {"id": CHANNEL, "name": "desk"},
            "message": {"type": "message", "ts": "1930381200.000100", "text": message["text"]},
            "response_url": "https://hooks.slack.com/actions/T01/1/x",
            "actions": [{"action_id": action, "block_id": "b", "type": "button", "value": value}],
            **changed,
        }
        return self.send(urlencode({"payload": json.dumps(told)}).encode(), at)

    def send(self, body: bytes, at: float | None = None, secret: str = SECRET) -> httpx.Response:
        stamp = str(int(time.time() if at is None else at))
        signed = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, sha256).hexdigest()
        headers = {"X-Slack-Signature": f"v0={signed}", "X-Slack-Request-Timestamp": stamp}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        client = TestClient(Starlette(routes=mounted(presses(self.desk, self.slack))))
        return client.post("/channels/slack", content=body, headers=headers)

    @property
    def told(self) -> tuple[str, str]:
        """The newest that Slack was asked, and its text."""
        name, said = self.workspace.asked[-1]
        return name, said["text"]

    @property
    def waits(self) -> bool:
        return bool(open_approvals(self.desk.engine, self.case_id))


@pytest.fixture
def there(tmp_path: Path) -> Iterator[InSlack]:
    workspace = Workspace()
    with desk_in(tmp_path) as desk, serving(workspace.app()) as url:
        for name, role in (("otto", "operator"), ("lena", "lead"), ("vera", "viewer"), ("gone", "admin")):
            accounts.add_account(desk, name, role, "a heron on one leg", "root")  # type: ignore[arg-type]
        accounts.disable(desk, "gone", "root")
        case_id = begun(desk)
        table = SlackTable(channel=CHANNEL, token="${A}", secret="${B}", people=PEOPLE, url=url)
        yield InSlack(desk, workspace, Slack(table, TOKEN, SECRET), case_id)


def begun(desk: Desk) -> str:
    """A case with a call that waits."""
    case_id = str(ask(desk, "toys", "Please pay me.", "ada@example.com")["case_id"])
    ask_again(desk, case_id, "All of it.", "ada@example.com")
    return case_id


@pytest.mark.slow
def test_a_call_is_shown_once_and_a_press_approves_it(there: InSlack) -> None:
    assert [there.slack.show_new(there.desk) for _ in range(2)] == [1, 0]
    ((method, said),) = there.workspace.asked
    assert (method, said["channel"]) == ("chat.postMessage", CHANNEL)
    assert there.case_id in said["text"] and "pay waits" in said["text"] and "7000" in said["text"]
    section, actions = said["blocks"]
    assert section["text"]["type"] == "plain_text"
    assert [one["action_id"] for one in actions["elements"]] == ["approve", "refuse"]
    assert there.press("approve").status_code == 200
    method, text = there.told
    assert (method, text.endswith("Approved by otto.")) == ("chat.update", True)
    assert len(there.workspace.asked[-1][1]["blocks"]) == 1
    assert not there.waits
    assert [one for one in accounts.audit(there.desk, limit=5) if "approved a call" in str(one)]


@pytest.mark.slow
def test_the_second_press_is_told_who_was_first(there: InSlack) -> None:
    there.slack.show_new(there.desk)
    there.press("approve")
    assert there.press("refuse", "U0LENA").status_code == 200
    method, text = there.told
    assert method == "chat.postEphemeral" and there.workspace.asked[-1][1]["user"] == "U0LENA"
    assert "approved already, by otto" in text


@pytest.mark.slow
def test_a_press_refuses(there: InSlack) -> None:
    there.slack.show_new(there.desk)
    there.press("refuse", "U0LENA")
    assert there.told[1].endswith("Refused by lena.") and not there.waits


@pytest.mark.slow
@pytest.mark.parametrize(
    ("by", "says"),
    [("U0VERA", "needs operator"), ("U0GONE", "disabled"), ("U0NOBODY", "no account"), ("U0STRANGER", "not named")],
)
def test_who_has_no_account_that_may_decides_nothing(there: InSlack, by: str, says: str) -> None:
    there.slack.show_new(there.desk)
    assert there.press("approve", by).status_code == 200
    method, text = there.told
    assert method == "chat.postEphemeral" and says in text and there.waits


@pytest.mark.slow
def test_a_press_for_another_call_than_the_one_that_waits_does_nothing(there: InSlack) -> None:
    there.slack.show_new(there.desk)
    other = [{"action_id": "approve", "type": "button", "value": f"{there.case_id} {'0' * 16}"}]
    assert there.press("approve", actions=other).status_code == 200
    assert "another call by now" in there.told[1] and there.waits


@pytest.mark.slow
def test_where_the_customer_has_written_meanwhile_nobody_decides_unseen(there: InSlack) -> None:
    there.slack.show_new(there.desk)
    ask_again(there.desk, there.case_id, "I have moved to Malmo, by the way.", "ada@example.com")
    there.press("approve")
    assert "written meanwhile" in there.told[1] and there.waits


@pytest.mark.slow
def test_requests_that_slack_did_not_sign_or_of_another_time_do_nothing(there: InSlack) -> None:
    there.slack.show_new(there.desk)
    assert there.press("approve", at=time.time() - 400).status_code == 401
    assert there.press("approve", at=time.time() + 400).status_code == 401
    assert there.send(b"payload=%7B%7D", secret="another").status_code == 401
    assert there.send(b"payload=%7B%7D").status_code == 200
    assert there.send(b"payload=%7B").status_code == 422
    assert there.press("approve", channel={"id": "C0OTHER"}).status_code == 422
    assert there.press("open").status_code == 200
    assert there.waits and len(there.workspace.asked) == 1
    assert mounted(presses(there.desk, None)) == []


@pytest.mark.slow
def test_what_slack_does_not_take_is_shown_later(there: InSlack) -> None:
    there.workspace.error = "ratelimited"
    with pytest.raises(NotSent, match="ratelimited"):
        there.slack.show_new(there.desk)
    there.workspace.error = ""
    assert there.slack.show_new(there.desk) == 1


@pytest.mark.slow
def test_what_was_shown_keeps_no_newer_call_from_being_shown(there: InSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pressed, "AT_ONCE", 1)
    second = begun(there.desk)
    assert [there.slack.show_new(there.desk) for _ in range(3)] == [1, 1, 0]
    assert [there.case_id in there.workspace.asked[0][1]["text"], second in there.told[1]] == [True, True]


@pytest.mark.slow
def test_a_call_that_cannot_be_shown_keeps_no_other_one_waiting(there: InSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    second, there.workspace.spoilt = begun(there.desk), there.case_id
    with pytest.raises(NotSent, match="invalid_blocks"):
        there.slack.show_new(there.desk)
    assert second in there.told[1]
    third = begun(there.desk)
    monkeypatch.setattr(pressed, "MOST_FAILED", 1)
    monkeypatch.setattr(pressed, "AT_ONCE", 1)
    assert there.slack.show_new(there.desk) == 1 and third in there.told[1]  # what failed before comes last
    there.workspace.spoilt = ""
    assert there.slack.show_new(there.desk) == 1 and there.case_id in there.told[1]


LOOKS = {
    "it is too late": Card(refused="it is too late"),
    "the rows do not say so": Card("Pays it.", is_due=False),
    "was 3, is 4": Card("Pays it.", changed=("amount was 3, is 4",)),
    "nobody knows what came of it": Card("Pays it.", decided_before=("sent on 3 May: nobody knows what came of it",)),
}


@pytest.mark.slow
@pytest.mark.parametrize("says", LOOKS)
def test_what_the_rows_say_against_a_call_stands_there_and_it_is_decided_on_its_page(
    there: InSlack, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    monkeypatch.setattr(approvals, "card", lambda *_: LOOKS[says])
    there.slack.show_new(there.desk)
    said = there.workspace.asked[0][1]
    assert says in said["text"] and "on its page" in said["text"] and len(said["blocks"]) == 1


@pytest.mark.slow
def test_what_the_rows_say_against_a_call_by_now_keeps_a_press_from_approving_it(
    there: InSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(approvals, "card", lambda *_: Card("Pays it.", is_due=True))
        there.slack.show_new(there.desk)
    assert "Pays it.\nOwed: yes, the rows bear it out" in there.told[1]
    monkeypatch.setattr(approvals, "card", lambda *_: LOOKS["it is too late"])
    there.press("approve")
    assert there.waits and "The rows refuse it by now: it is too late" in there.told[1]
    there.press("refuse")
    assert not there.waits
