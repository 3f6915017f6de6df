"""Zendesk: its webhooks, and its API for tickets.

Checked against Zendesk's developer documentation (https://developer.zendesk.com): "Verifying webhook authenticity", "Ticket
events" (version 2022-11-06), "Tickets", "Ticket Comments", "Side-loading related records", "Creating and updating tickets". It
signs TIMESTAMP and BODY, one after the other, with HMAC-SHA256: X-Zendesk-Webhook-Signature is that in base64, and
X-Zendesk-Webhook-Signature-Timestamp the time, as ISO 8601 writes it. A comment is added only where the ticket has not changed
since it was read (`safe_update`). A public comment is mailed to who is in copy, too: `email_cc_ids`, or `collaborator_ids`
where the account has no followers.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
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
from switchboard.service.channels.conversation import By, Conversation, NotSigned, Post
from switchboard.service.channels.table import ZendeskTable

ROLES: dict[str, By] = {"end-user": "customer", "agent": "person", "admin": "person"}
SOLVED = ("solved", "closed")
"""Statuses of a ticket that people have settled; one that is `closed` can be opened no more."""
SYSTEM = -1
"""Who writes what Zendesk writes by itself."""


class Zendesk:
    name: ClassVar[str] = "zendesk"

    def __init__(self, table: ZendeskTable, token: str, secret: str) -> None:
        self._table, self._secret = table, secret.encode()
        shown = b64encode(f"{table.email}/token:{token}".encode()).decode()
        self._side = Side("Zendesk", table.url, {"Authorization": f"Basic {shown}"})

    def noticed_by(self, headers: Mapping[str, str], body: bytes, now: float) -> str:
        at = headers.get("x-zendesk-webhook-signature-timestamp", "")
        signed = hmac.new(self._secret, at.encode() + body, sha256).digest()
        check_signed(b64encode(signed).decode(), headers.get("x-zendesk-webhook-signature", ""))
        try:
            check_fresh(datetime.fromisoformat(at).timestamp(), now)
        except (ValueError, OverflowError):
            raise NotSigned("This webhook says no time.") from None
        told = object_in(body)
        if str(told.get("type", "")).startswith("zen:event-type:ticket."):
            return number_in(table_in(told.get("detail")).get("id"))
        return number_in(told["ticket_id"]) if "ticket_id" in told else ""

    def read(self, conversation: str) -> Conversation | None:
        found = self._side.get(f"/api/v2/tickets/{conversation}", include="users")
        if found is None:
            return None
        ticket, (comments, users) = table_in(table_in(found).get("ticket")), self._comments(conversation)
        users |= _users(table_in(found))
        assignee, requester = ticket.get("assignee_id"), users.get(ticket.get("requester_id"), {})
        believed = self._table.writer == "contact" or (self._table.writer == "verified" and requester.get("verified") is True)
        return Conversation(
            posts=tuple(self._post(one, users, ticket.get("requester_id")) for one in comments),
            person=assignee not in (None, self._table.user),
            is_ours=assignee == self._table.user,
            email=str(requester.get("email") or "") if believed else "",
            copies=_has_copies(ticket, users),
            status="closed" if ticket.get("status") in SOLVED else "open",
            how={"safe_update": True, "updated_stamp": str(ticket.get("updated_at") or "")},
        )

    def post(self, conversation: str, text: str, *, public: bool, how: Mapping[str, Any]) -> None:
        said = {"ticket": {"comment": {"body": text, "public": public}, **how}}
        self._side.send("PUT", f"/api/v2/tickets/{conversation}", said)

    def mark(self, conversation: str, status: Literal["open", "closed"], how: Mapping[str, Any]) -> None:
        asked = {"ticket": {"status": "solved" if status == "closed" else "open", **how}}
        self._side.send("PUT", f"/api/v2/tickets/{conversation}", asked)

    def _comments(self, conversation: str) -> tuple[list[dict[str, Any]], dict[Any, Mapping[str, Any]]]:
        """All comments, the oldest first, and who wrote them."""
        comments: list[dict[str, Any]] = []
        users: dict[Any, Mapping[str, Any]] = {}
        query = {"include": "users", "page[size]": "100"}
        for _ in range(MOST_PAGES):
            found = table_in(self._side.get(f"/api/v2/tickets/{conversation}/comments", **query))
            comments += [one for one in found.get("comments") or [] if isinstance(one, dict) and isinstance(one.get("id"), int)]
            users |= _users(found)
            meta = table_in(found.get("meta"))
            if not meta.get("has_more"):
                return comments, users
            query["page[after]"] = str(meta.get("after_cursor"))
        raise OutOfReach(f"Ticket {conversation} of Zendesk has too many comments to be read.")

    def _post(self, one: Mapping[str, Any], users: Mapping[Any, Mapping[str, Any]], requester: Any) -> Post:
        author = one.get("author_id")
        by = "us" if author == self._table.user else ROLES.get(str(users.get(author, {}).get("role")), "person")
        if by == "customer" and author != requester:
            by = "other"  # an end-user as well, such as who was sent a copy
        return Post(
            one["id"], "program" if author == SYSTEM else by, str(one.get("body") or ""), one.get("public") is not False
        )


def _users(found: Mapping[str, Any]) -> dict[Any, Mapping[str, Any]]:
    """Who came with an answer, by their numbers."""
    return {one.get("id"): one for one in found.get("users") or [] if isinstance(one, dict)}


def _has_copies(ticket: Mapping[str, Any], users: Mapping[Any, Mapping[str, Any]]) -> bool:
    """Whether somebody from outside is in copy, or may be: followers are agents, as whoever is surely one."""
    copied = {*(ticket.get("email_cc_ids") or ()), *(ticket.get("collaborator_ids") or ())}
    others = copied - {ticket.get("requester_id"), *(ticket.get("follower_ids") or ())}
    return any(ROLES.get(str(users.get(one, {}).get("role"))) != "person" for one in others)
