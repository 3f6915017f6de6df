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
from switchboard.service import accounts
from switchboard.service.channels.table import SlackTable
from switchboard.service.conversations import ask, ask_again

TOKEN, SECRET, CHANNEL = "xoxb-of-the-bot", "signing-secret", "C0123456789"
PEOPLE = {"U0OTTO": "otto", "U0LENA": "lena", "U0VERA": "vera", "U0GONE": "gone", "U0NOBODY": "nobody"}


@dataclass
class Workspace:
    """Slack, as it is asked."""

    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    error: str = ""

    def app(self) -> Starlette:
        async def method(request: Request) -> Response:
            if request.headers["authorization"] != f"Bearer {TOKEN}":
                return JSONResponse({"ok": False, "error": "invalid_auth"})
            if self.error:
                return JSONResponse({"ok": False, "error": self.error})
            self.asked.append((request.path_params["name"], await request.json()))
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
        document = ask(desk, "toys", "Please pay me.", "ada@example.com")
        ask_again(desk, str(document["case_id"]), "All of it.", "ada@example.com")
        table = SlackTable(channel=CHANNEL, token="${A}", secret="${B}", people=PEOPLE, url=url)
        yield InSlack(desk, workspace, Slack(table, TOKEN, SECRET), str(document["case_id"]))


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


def test_the_second_press_is_told_who_was_first(there: InSlack) -> None:
    there.slack.show_new(there.desk)
    there.press("approve")
    assert there.press("refuse", "U0LENA").status_code == 200
    method, text = there.told
    assert method == "chat.postEphemeral" and there.workspace.asked[-1][1]["user"] == "U0LENA"
    assert "approved already, by otto" in text


def test_a_press_refuses(there: InSlack) -> None:
    there.slack.show_new(there.desk)
    there.press("refuse", "U0LENA")
    assert there.told[1].endswith("Refused by lena.") and not there.waits


@pytest.mark.parametrize(
    ("by", "says"),
    [("U0VERA", "needs operator"), ("U0GONE", "disabled"), ("U0NOBODY", "no account"), ("U0STRANGER", "not named")],
)
def test_who_has_no_account_that_may_decides_nothing(there: InSlack, by: str, says: str) -> None:
    there.slack.show_new(there.desk)
    assert there.press("approve", by).status_code == 200
    method, text = there.told
    assert method == "chat.postEphemeral" and says in text and there.waits


def test_a_press_for_another_call_than_the_one_that_waits_does_nothing(there: InSlack) -> None:
    there.slack.show_new(there.desk)
    other = [{"action_id": "approve", "type": "button", "value": f"{there.case_id} {'0' * 16}"}]
    assert there.press("approve", actions=other).status_code == 200
    assert "another call by now" in there.told[1] and there.waits


def test_where_the_customer_has_written_meanwhile_nobody_decides_unseen(there: InSlack) -> None:
    there.slack.show_new(there.desk)
    ask_again(there.desk, there.case_id, "I have moved to Malmo, by the way.", "ada@example.com")
    there.press("approve")
    assert "written meanwhile" in there.told[1] and there.waits


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


def test_what_slack_does_not_take_is_shown_later(there: InSlack) -> None:
    there.workspace.error = "ratelimited"
    with pytest.raises(NotSent, match="ratelimited"):
        there.slack.show_new(there.desk)
    there.workspace.error = ""
    assert there.slack.show_new(there.desk) == 1
