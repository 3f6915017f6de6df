"""Zammad: the webhooks of its triggers, and its API.

Checked against Zammad's admin documentation 6.4 ("Webhook", "Payload": https://admin-docs.zammad.org), its system documentation
("Ticket", "States", "Articles", "User": https://docs.zammad.org), and what its sources sign. It signs the body with HMAC-SHA1:
X-Hub-Signature is "sha1=" and that in hexadecimal digits. It signs no time, so a webhook that somebody kept can come again:
then a ticket is read once more, in which nothing is new.
"""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha1
from typing import Any, ClassVar, Literal

from switchboard.console.channels.helpdesks.asked import Side, check_signed, number_in, object_in, table_in
from switchboard.mail.headers import address_in
from switchboard.mail.html_text import text_of
from switchboard.mail.letters import LetterRefused
from switchboard.service.channels.conversation import By, Conversation, Post, Status
from switchboard.service.channels.table import ZammadTable

NOBODY = 1
"""The owner of a ticket that has none."""
CLOSED = 5
"""The type of states in which a ticket is closed, where none is named so."""
SENDERS: dict[str, By] = {"Customer": "customer", "Agent": "person"}


class Zammad:
    name: ClassVar[str] = "zammad"

    def __init__(self, table: ZammadTable, token: str, secret: str) -> None:
        self._table, self._secret = table, secret.encode()
        self._side = Side("Zammad", table.url, {"Authorization": f"Token token={token}"})
        self._states: list[Mapping[str, Any]] = []

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
        owner, customer = ticket.get("owner_id"), self._user(ticket.get("customer_id"))
        posts = tuple(self._post(one, customer) for one in articles)
        believed = self._table.writer == "contact" or (self._table.writer == "verified" and customer.get("verified") is True)
        return Conversation(
            posts=posts,
            person=owner not in (None, NOBODY, self._table.user),
            is_ours=owner == self._table.user,
            email=_email(customer) if believed else "",
            status=self._status(ticket.get("state_id")),
            how=_how(ticket, customer, [one for one, post in zip(articles, posts, strict=True) if post.by == "customer"]),
        )

    def post(self, conversation: str, text: str, *, public: bool, how: Mapping[str, Any]) -> None:
        said = {"ticket_id": int(conversation), "body": text, "content_type": "text/plain", "sender": "Agent"}
        said |= how if public else {"type": "note"}
        self._side.send("POST", "/api/v1/ticket_articles", {**said, "internal": not public})

    def mark(self, conversation: str, status: Literal["open", "closed"], how: Mapping[str, Any]) -> None:
        follows_up = [one["id"] for one in self._states if one.get("default_follow_up") is True]
        states = self._closed() if status == "closed" else follows_up
        if not states:
            raise LetterRefused(f"Zammad has no state in which a ticket is {status}.")
        self._side.send("PUT", f"/api/v1/tickets/{conversation}", {"state_id": states[0]})

    def _status(self, state: Any) -> Status:
        """What a state means. All states are read again for one that is not known yet."""
        if state not in [one["id"] for one in self._states]:
            found = self._side.get("/api/v1/ticket_states") or []
            self._states = [one for one in found if isinstance(one, dict) and isinstance(one.get("id"), int)]
        return "closed" if state in self._closed() else "open"

    def _closed(self) -> list[int]:
        """The states in which a ticket is closed, by their type, the one that is named so first."""
        named = [one for one in self._states if one.get("name") == "closed"]
        kind = named[0].get("state_type_id") if named else CLOSED
        return [one["id"] for one in (*named, *self._states) if one.get("state_type_id") == kind]

    def _post(self, one: Mapping[str, Any], customer: Mapping[str, Any]) -> Post:
        by = SENDERS.get(str(one.get("sender")), "program")
        if one.get("created_by_id") == self._table.user:
            by = "us"
        if by == "customer" and table_in(one.get("preferences")).get("is-auto-response") is True:
            by = "program"
        if by == "customer" and not _is_by(customer, one):
            by = "other"
        body = str(one.get("body") or "")
        text = text_of(body) if one.get("content_type") == "text/html" else body
        return Post(one["id"], by, text, public=one.get("internal") is not True)

    def _user(self, number: Any) -> Mapping[str, Any]:
        """A user, {} where there is none."""
        try:
            return table_in(self._side.get(f"/api/v1/users/{number_in(number)}"))
        except ValueError:
            return {}


def _is_by(customer: Mapping[str, Any], article: Mapping[str, Any]) -> bool:
    """Whether this customer wrote an article: "Customer" as its sender is whoever is no agent, such as who was sent a copy."""
    writer = article.get("origin_by_id") or article.get("created_by_id")  # the first where it was entered for somebody
    if writer is None or writer != customer.get("id"):
        return False
    return article.get("type") != "email" or _from(article).lower() == _email(customer).lower() != ""


def _from(article: Mapping[str, Any]) -> str:
    return address_in(str(article.get("from") or ""))


def _email(customer: Mapping[str, Any]) -> str:
    return str(customer.get("email") or "")


def _how(ticket: Mapping[str, Any], customer: Mapping[str, Any], written: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How a customer is answered: by mail, at their own address alone, where what they wrote last is one."""
    if not (written and written[-1].get("type") == "email"):
        return {"type": "note"}
    return {"type": "email", "to": _email(customer), "subject": str(ticket.get("title") or "")[:200]}
