"""Chatwoot: its webhooks, and its API for applications.

Checked against Chatwoot's API reference (https://developers.chatwoot.com: "Messages", "Conversations", webhook events), its
pull request 13573, which signs the webhooks (versions before it sign none, and are not heard), and how its sources keep mails:
each mail of a conversation is given out as its contact's, whoever wrote it; `from` in its `content_attributes` says who did.
It signs "TIMESTAMP.BODY" with HMAC-SHA256: X-Chatwoot-Signature is "sha256=" and that in hexadecimal digits, and
X-Chatwoot-Timestamp the seconds since the epoch.
"""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, ClassVar, Literal

from switchboard.console.channels.helpdesks.asked import (
    MOST_PAGES,
    Side,
    check_fresh,
    check_signed,
    number_in,
    object_in,
    table_in,
)
from switchboard.service.channels.channel import OutOfReach
from switchboard.service.channels.conversation import By, Conversation, NotSigned, Post, Status
from switchboard.service.channels.table import ChatwootTable

OF_MESSAGES = ("message_created", "message_updated")
OF_CONVERSATIONS = ("conversation_created", "conversation_updated", "conversation_status_changed")
STATUSES: dict[str, Status] = {"resolved": "closed", "pending": "pending"}
"""What others than open are: one that is `snoozed` comes back by itself."""
A_PAGE = 100
INCOMING, OUTGOING = 0, 1
"""Kinds of messages, beside what Chatwoot itself does (2) and templates (3)."""


class Chatwoot:
    name: ClassVar[str] = "chatwoot"

    def __init__(self, table: ChatwootTable, token: str, secret: str) -> None:
        self._table, self._secret = table, secret.encode()
        self._side = Side("Chatwoot", table.url, {"api_access_token": token})
        self._under = f"/api/v1/accounts/{table.account}/conversations"

    def noticed_by(self, headers: Mapping[str, str], body: bytes, now: float) -> str:
        at = headers.get("x-chatwoot-timestamp", "")
        signed = hmac.new(self._secret, f"{at}.".encode() + body, sha256).hexdigest()
        check_signed(f"sha256={signed}", headers.get("x-chatwoot-signature", ""))
        if not (at.isdecimal() and at.isascii() and len(at) < 20):
            raise NotSigned("This webhook says no time.")
        check_fresh(int(at), now)
        told = object_in(body)
        event = told.get("event")
        if table_in(told.get("account")).get("id", self._table.account) != self._table.account:
            return ""
        if event in OF_MESSAGES:
            return number_in(table_in(told.get("conversation")).get("id"))
        return number_in(told.get("id")) if event in OF_CONVERSATIONS else ""

    def read(self, conversation: str) -> Conversation | None:
        found = self._side.get(f"{self._under}/{conversation}")
        if found is None:
            return None
        found = table_in(found)
        meta = table_in(found.get("meta"))
        is_bot = meta.get("assignee_type") == "AgentBot"
        assignee = None if is_bot else table_in(meta.get("assignee")).get("id")
        sender = table_in(meta.get("sender"))
        believed = self._table.writer == "contact" or (self._table.writer == "verified" and meta.get("hmac_verified") is True)
        return Conversation(
            posts=self._posts(conversation, sender),
            person=assignee not in (None, self._table.user),
            is_ours=assignee == self._table.user or found.get("status") == "pending",
            email=str(sender.get("email") or "") if believed else "",
            status=STATUSES.get(str(found.get("status")), "open"),
        )

    def post(self, conversation: str, text: str, *, public: bool, how: Mapping[str, Any]) -> None:
        said = {"content": text, "message_type": "outgoing", "private": not public, "content_type": "text"}
        self._side.send("POST", f"{self._under}/{conversation}/messages", said)

    def mark(self, conversation: str, status: Literal["open", "closed"], how: Mapping[str, Any]) -> None:
        asked = {"status": "resolved" if status == "closed" else "open"}
        self._side.send("POST", f"{self._under}/{conversation}/toggle_status", asked)

    def _posts(self, conversation: str, contact: Mapping[str, Any]) -> tuple[Post, ...]:
        """All messages, the oldest first: those after a number come a hundred at a time."""
        posts: list[Post] = []
        after = 0
        for _ in range(MOST_PAGES):
            found = table_in(self._side.get(f"{self._under}/{conversation}/messages", after=after))
            page = [one for one in found.get("payload") or [] if isinstance(one, dict) and isinstance(one.get("id"), int)]
            posts += [self._post(one, contact) for one in page]
            newest = max((one["id"] for one in page), default=after)
            if len(page) < A_PAGE or newest <= after:
                return tuple(sorted(posts, key=lambda one: one.id))
            after = newest
        raise OutOfReach(f"Conversation {conversation} of Chatwoot has too many messages to be read.")

    def _post(self, one: Mapping[str, Any], contact: Mapping[str, Any]) -> Post:
        sender, kind = table_in(one.get("sender")), one.get("message_type")
        by: By = "program"
        mail = table_in(table_in(one.get("content_attributes")).get("email"))
        if kind == INCOMING and mail.get("auto_reply") is not True:
            is_contact = sender.get("type") == "contact" and sender.get("id") is not None and sender["id"] == contact.get("id")
            by = "customer" if is_contact and _is_from(contact, one, mail) else "other"
        elif kind == OUTGOING and sender.get("type", "user") == "user":
            by = "us" if sender.get("id") == self._table.user else "person"
        return Post(one["id"], by, str(one.get("content") or ""), public=one.get("private") is not True)


def _is_from(contact: Mapping[str, Any], one: Mapping[str, Any], mail: Mapping[str, Any]) -> bool:
    """Whether a contact wrote a message: of a mail its writer's address tells."""
    if one.get("content_type") != "incoming_email":
        return True
    written, address = mail.get("from"), str(contact.get("email") or "").lower()
    return isinstance(written, list) and bool(address) and {str(each).lower() for each in written} == {address}
