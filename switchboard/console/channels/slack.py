"""Slack: calls that wait are shown with buttons, and a press decides (https://docs.slack.dev).

It signs "v0:TIMESTAMP:BODY" with HMAC-SHA256: X-Slack-Signature is "v0=" and that in hexadecimal digits, and
X-Slack-Request-Timestamp the seconds since the epoch. What stands in a message is plain text, so that nothing in it is a link,
or calls somebody.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

from switchboard.cases.approvals import WaitingCall
from switchboard.console.channels.helpdesks.asked import Side, check_fresh, check_signed, object_in, table_in
from switchboard.declare.transcript import as_json
from switchboard.errors import OperatorError
from switchboard.events.masking import masked, masked_data
from switchboard.mail.letters import NotSent
from switchboard.service.approvals import Card
from switchboard.service.channels.conversation import NotSigned
from switchboard.service.channels.pressed import Pressed, decide, show_new
from switchboard.service.channels.table import SlackTable
from switchboard.service.place import Place

NAME = "slack"
MOST_SHOWN = 2_800
"""Characters of a call: a block of Slack has 3,000. One that is longer is shown without buttons."""
MOST_ID = 100
CALL, MEMBER = re.compile(r"([\w.-]{1,100}) ([0-9a-f]{1,100})", re.ASCII), re.compile(r"[A-Z0-9]{1,100}")
"""A case and the hash of its call, as they stand on a button; and a member of Slack, or an app."""
APPROVE, REFUSE = "approve", "refuse"


@dataclass(frozen=True)
class Press:
    """A press, and the message that it was made in."""

    pressed: Pressed
    message: str
    shown: str


class Slack:
    """A channel of Slack."""

    def __init__(self, table: SlackTable, token: str, secret: str) -> None:
        self._table, self._secret = table, secret.encode()
        self._side = Side("Slack", table.url, {"Authorization": f"Bearer {token}"})

    def show_new(self, place: Place) -> int:
        """Show what waits. Raises NotSent."""
        return show_new(place, NAME, self._show)

    def heard(self, headers: Mapping[str, str], body: bytes, now: float) -> Press | None:
        """The press that a request tells of, if any. Raises NotSigned, ValueError."""
        at = headers.get("x-slack-request-timestamp", "")
        signed = hmac.new(self._secret, f"v0:{at}:".encode() + body, sha256).hexdigest()
        check_signed(f"v0={signed}", headers.get("x-slack-signature", ""))
        if not (at.isdecimal() and at.isascii() and len(at) < 20):
            raise NotSigned("This request says no time.")
        check_fresh(int(at), now)
        told = object_in(parse_qs(body.decode(), max_num_fields=20).get("payload", ["{}"])[0].encode())
        actions = told.get("actions")
        action = table_in(actions[0]) if isinstance(actions, list) and actions else {}
        if told.get("type") != "block_actions" or action.get("action_id") not in (APPROVE, REFUSE):
            return None
        call = CALL.fullmatch(str(action.get("value") or ""))
        by, message = table_in(told.get("user")).get("id"), table_in(told.get("message"))
        is_ours = table_in(told.get("channel")).get("id") == self._table.channel
        if not (call and isinstance(by, str) and MEMBER.fullmatch(by) and is_ours):
            raise ValueError("it names no call")
        pressed = Pressed(by, call[1], call[2], action["action_id"] == APPROVE)
        return Press(pressed, _sendable(message.get("ts"), MOST_ID), _sendable(message.get("text"), MOST_SHOWN))

    def decide(self, place: Place, press: Press) -> tuple[str, bool, bool]:
        """What is told, whether to all, and whether the call waits on."""
        try:
            told, waits = decide(place, press.pressed, self._table.people, NAME)
        except OperatorError as error:
            return str(error), False, True
        return told, True, waits

    def tell(self, press: Press, told: str, to_all: bool, waits: bool) -> None:
        """Tell what a press did: to all in the message, whose buttons go once it is decided; else to who pressed alone."""
        if not to_all:
            said = {"channel": self._table.channel, "user": press.pressed.by, "text": masked(told)}
            return self._ask("chat.postEphemeral", said)
        text = f"{press.shown}\n{told}"
        blocks = _blocks(text, f"{press.pressed.case_id} {press.pressed.hash}" if waits else "")
        return self._ask("chat.update", {"channel": self._table.channel, "ts": press.message, "text": text, "blocks": blocks})

    def _show(self, call: WaitingCall, card: Card) -> None:
        """With buttons only where all that speaks for or against it stands there, and nothing speaks against it."""
        arguments = as_json(masked_data(dict(call.edited or call.arguments)))
        needed = f" It needs {call.operators} operators." if call.operators > 1 else ""
        lines = [f"{call.case_id}: {call.tool} waits for an operator until {call.deadline:%Y-%m-%d %H:%M} UTC.{needed}"]
        owed = "Owed: yes, the rows bear it out" if card.is_due else ""
        lines += [masked(part) for part in (card.in_words, owed, *card.against, f"Why: {call.why}" if call.why else "") if part]
        text = "\n".join([*lines, arguments])
        value = f"{call.case_id} {call.hash}"
        if card.against:
            text, value = f"{text}\nLook at it on its page before it is decided.", ""
        if len(text) > MOST_SHOWN:
            text, value = f"{lines[0]}\nIt is too long to be shown here: look at it on its page.", ""
        self._ask("chat.postMessage", {"channel": self._table.channel, "text": text, "blocks": _blocks(text, value)})

    def _ask(self, method: str, said: Mapping[str, Any]) -> None:
        """Raises NotSent."""
        try:
            answer = table_in(json.loads(self._side.send("POST", f"/api/{method}", said)))
        except ValueError:
            raise NotSent("Slack answered with what is no JSON.") from None
        if answer.get("ok") is not True:
            raise NotSent(f"Slack says no: {str(answer.get('error'))[:60]}.")


def _sendable(value: Any, most: int) -> str:
    """A text, as UTF-8 can say it."""
    return str(value or "")[:most].encode("utf-8", "replace").decode()


def _blocks(text: str, value: str) -> list[dict[str, Any]]:
    """A text, and below it the buttons, if any."""
    section = {"type": "section", "text": {"type": "plain_text", "text": text[:3000], "emoji": False}}
    buttons = [_button("Approve", APPROVE, "primary", value), _button("Refuse", REFUSE, "danger", value)]
    return [section, {"type": "actions", "elements": buttons}] if value else [section]


def _button(label: str, action: str, style: str, value: str) -> dict[str, Any]:
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": label},
        "action_id": action,
        "style": style,
        "value": value,
    }
