"""Zammad: the webhooks of its triggers, and its API (https://docs.zammad.org, https://admin-docs.zammad.org).

It signs the body with HMAC-SHA1: X-Hub-Signature is "sha1=" and that in hexadecimal digits. It signs no time, so a webhook that
somebody kept can come again; then a ticket is read once more, in which nothing is new.
"""

import hmac
from collections.abc import Mapping
from hashlib import sha1
from typing import Any, ClassVar

from switchboard.console.channels.helpdesks.asked import Side, check_signed, number_in, object_in, table_in
from switchboard.mail.headers import address_in
from switchboard.mail.html_text import text_of
from switchboard.service.channels.help_desk import By, Conversation, Post
from switchboard.service.channels.table import ZammadTable

NOBODY = 1
"""The owner of a ticket that has none."""
SENDERS: dict[str, By] = {"Customer": "customer", "Agent": "person"}


class Zammad:
    name: ClassVar[str] = "zammad"

    def __init__(self, table: ZammadTable, token: str, secret: str) -> None:
        self._table, self._secret = table, secret.encode()
        self._side = Side("Zammad", table.url, {"Authorization": f"Token token={token}"})

    def noticed_by(self, headers: Mapping[str, str], body: bytes, now: float) -> str:
        signed = hmac.new(self._secret, body, sha1).hexdigest()
        check_signed(f"sha1={signed}", headers.get("x-hub-signature", ""))
        ticket = table_in(object_in(body).get("ticket"))
        return number_in(ticket["id"]) if "id" in ticket else ""

    def read(self, conversation: str) -> Conversation | None:
        ticket = self._side.get(f"/api/v1/tickets/{conversation}")
        if ticket is None:
            return None
        ticket = table_in(ticket)
        found = self._side.get(f"/api/v1/ticket_articles/by_ticket/{conversation}")
        articles = [one for one in found or [] if isinstance(one, dict) and isinstance(one.get("id"), int)]
        articles.sort(key=lambda one: one["id"])
        owner = ticket.get("owner_id")
        return Conversation(
            posts=tuple(self._post(one) for one in articles),
            person=owner not in (None, NOBODY, self._table.user),
            is_ours=owner == self._table.user,
            email=self._email(ticket.get("customer_id")),
            how=_how(ticket, articles),
        )

    def post(self, conversation: str, text: str, *, public: bool, how: Mapping[str, Any]) -> None:
        said = {"ticket_id": int(conversation), "body": text, "content_type": "text/plain", "sender": "Agent"}
        said |= how if public else {"type": "note"}
        self._side.send("POST", "/api/v1/ticket_articles", {**said, "internal": not public})

    def _post(self, one: Mapping[str, Any]) -> Post:
        by = SENDERS.get(str(one.get("sender")), "program")
        if one.get("created_by_id") == self._table.user:
            by = "us"
        if by == "customer" and table_in(one.get("preferences")).get("is-auto-response") is True:
            by = "program"
        body = str(one.get("body") or "")
        text = text_of(body) if one.get("content_type") == "text/html" else body
        return Post(one["id"], by, text, public=one.get("internal") is not True)

    def _email(self, customer: Any) -> str:
        """The customer's address, as far as the project believes it."""
        if self._table.writer == "nobody":
            return ""
        try:
            found = table_in(self._side.get(f"/api/v1/users/{number_in(customer)}"))
        except ValueError:
            return ""
        believed = self._table.writer == "contact" or found.get("verified") is True
        return str(found.get("email") or "") if believed else ""


def _how(ticket: Mapping[str, Any], articles: list[dict[str, Any]]) -> dict[str, Any]:
    """How a customer is answered: by mail, at the address that it is from, where they wrote one last."""
    last: Mapping[str, Any] = next((one for one in reversed(articles) if one.get("sender") == "Customer"), {})
    to = address_in(str(last.get("from") or "")) if last.get("type") == "email" else ""
    return {"type": "email", "to": to, "subject": str(ticket.get("title") or "")[:200]} if to else {"type": "note"}
