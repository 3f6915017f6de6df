"""Help desks as they are asked: their APIs with the shapes that these have, on loopback, and webhooks as they sign them."""

import hmac
import json
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any, ClassVar

import httpx
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from support.programs import serving
from support.toys import agent, call_a_human, team
from switchboard.cases.runs import Environment
from switchboard.console.channels.helpdesks.chatwoot import Chatwoot
from switchboard.console.channels.helpdesks.heard import mounted, webhooks
from switchboard.console.channels.helpdesks.zammad import Zammad
from switchboard.console.channels.helpdesks.zendesk import Zendesk
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.moves import Move, Say, call
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import View
from switchboard.engine.worker import Worker
from switchboard.flows.hub import hub
from switchboard.mail.headers import address_in
from switchboard.migrations import migrate_cases
from switchboard.service.channels.conversation import HelpDesk
from switchboard.service.channels.help_desk import HelpDeskChannel
from switchboard.service.channels.table import ChatwootTable, ZammadTable, ZendeskTable
from switchboard.service.channels.traffic import send_out, take_in, under_way
from switchboard.toolsets.built_in.drafts import suggest_answer

US, LEA, CUSTOMER, STRANGER, GONE = 7, 12, 31, 66, 67
TOKEN, SECRET = "token-of-the-desk", "secret-of-webhooks"
OPEN = "The hall is open from nine to five."
LEFT = "A person writes to you."
OUTSIDE = {CUSTOMER: "Noor Sand <noor@example.com>", STRANGER: "Noor Sand <noor@elsewhere.example>"}
"""Who writes from outside of the help desk: the customer of the conversation, and somebody else."""


class Silent(Response):
    """No answer: the connection ends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]})


@dataclass
class Fake:
    """A help desk with one conversation, number 5. A `fault` befalls what is posted: `busy` before it is taken; `cut` and
    `silent` after it is, so that an error is answered, or nothing.
    """

    posts: list[dict[str, Any]] = field(default_factory=list)
    assignee: int | None = None
    status: str = "open"
    """As the help desk calls it."""
    marked: list[str] = field(default_factory=list)
    """What it was asked to become, each time."""
    is_verified: bool = True
    solved: ClassVar[str]
    """What it calls a conversation that people have closed."""
    copied: list[int] = field(default_factory=list)
    fault: str = ""
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, text: str, by: int = CUSTOMER, *, public: bool = True, **otherwise: Any) -> int:
        """Have somebody write, with fields `otherwise` than the help desk gives them."""
        with self.lock:
            one = {"id": 101 + len(self.posts), "by": by, "text": text, "public": public, "otherwise": otherwise}
            self.posts.append(one)
            return int(self.posts[-1]["id"])

    def said(self, by: int = US, *, public: bool = True) -> list[str]:
        return [one["text"] for one in self.posts if one["by"] == by and one["public"] == public]

    def taken(self, text: str, *, public: bool, made: Callable[[], Response]) -> Response:
        """What becomes of something that is posted."""
        if self.fault == "busy":
            return Response(status_code=503)
        self.write(text, US, public=public)
        return {"cut": Response(status_code=500), "silent": Silent()}.get(self.fault) or made()

    def asked_for(self, status: str, made: Callable[[], Response]) -> Response:
        """What becomes of a status that is asked for."""
        if self.fault == "busy":
            return Response(status_code=503)
        self.status = status
        self.marked.append(status)
        return {"cut": Response(status_code=500), "silent": Silent()}.get(self.fault) or made()

    def desk(self, **more: Any) -> HelpDesk:
        raise NotImplementedError

    def webhook(self, at: float | None = None) -> tuple[dict[str, str], bytes]:
        """What it tells of its conversation, signed."""
        raise NotImplementedError

    def signed(self, body: bytes, at: float | None) -> tuple[dict[str, str], bytes]:
        """A body with what signs it."""
        raise NotImplementedError

    def app(self) -> Starlette:
        raise NotImplementedError


class FakeChatwoot(Fake):
    solved: ClassVar[str] = "resolved"

    def desk(self, **more: Any) -> HelpDesk:
        names = {"url": self.url, "user": US, "token": "${A}", "secret": "${B}", "account": 2, **more}
        return Chatwoot(ChatwootTable(**names), TOKEN, SECRET)

    def webhook(self, at: float | None = None, **changed: Any) -> tuple[dict[str, str], bytes]:
        newest = self.posts[-1]
        sender = {"id": newest["by"], "name": "Noor", "email": "noor@example.com"}
        conversation = {"id": 5, "inbox_id": 3, "status": self.status, "meta": self._meta(), "channel": "Channel::WebWidget"}
        told = {
            "event": "message_created",
            "id": newest["id"],
            "content": newest["text"],
            "created_at": "2031-03-04T09:00:00.000Z",
            "message_type": "incoming" if newest["by"] in OUTSIDE else "outgoing",
            "content_type": "text",
            "content_attributes": {},
            "private": not newest["public"],
            "source_id": None,
            "sender": sender,
            "inbox": {"id": 3, "name": "Widget"},
            "conversation": conversation,
            "account": {"id": 2, "name": "Hall"},
            **changed,
        }
        return self.signed(json.dumps(told).encode(), at)

    def signed(self, body: bytes, at: float | None) -> tuple[dict[str, str], bytes]:
        stamp = str(int(time.time() if at is None else at))
        signed = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
        headers = {"X-Chatwoot-Signature": f"sha256={signed}", "X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Delivery": "d-1"}
        return headers, body

    def _meta(self) -> dict[str, Any]:
        assignee = {"id": self.assignee, "name": "Lea", "type": "user"} if self.assignee else None
        sender = {"id": CUSTOMER, "name": "Noor", "email": "noor@example.com", "type": "contact"}
        return {"sender": sender, "assignee": assignee, "team": None, "hmac_verified": self.is_verified}

    def app(self) -> Starlette:
        def shown(one: dict[str, Any]) -> dict[str, Any]:
            kind = "contact" if one["by"] in OUTSIDE else "user"
            return {
                "id": one["id"],
                "content": one["text"],
                "inbox_id": 3,
                "conversation_id": 5,
                "message_type": 0 if one["by"] in OUTSIDE else 1,
                "content_type": "text",
                "content_attributes": {},
                "created_at": 1930381200 + one["id"],
                "private": not one["public"],
                "sender": {"id": one["by"], "name": "Somebody", "type": kind},
                **one["otherwise"],
            }

        async def conversation(request: Request) -> Response:
            return JSONResponse({"id": 5, "account_id": 2, "status": self.status, "meta": self._meta(), "messages": []})

        async def messages(request: Request) -> Response:
            after = int(request.query_params["after"])
            found = [shown(one) for one in self.posts if one["id"] > after][:100]
            return JSONResponse({"meta": {"labels": []}, "payload": found})

        async def post(request: Request) -> Response:
            asked = await request.json()
            assert asked["message_type"] == "outgoing"
            return self.taken(asked["content"], public=not asked["private"], made=lambda: JSONResponse(shown(self.posts[-1])))

        async def toggle(request: Request) -> Response:
            status = (await request.json())["status"]
            assert status in ("open", "resolved", "pending", "snoozed")
            told = {"meta": {}, "payload": {"success": True, "current_status": status, "conversation_id": 5}}
            return self.asked_for(status, lambda: JSONResponse(told))

        under = "/api/v1/accounts/2/conversations/5"
        routes = [Route(under, conversation), Route(f"{under}/messages", messages)]
        routes.append(Route(f"{under}/messages", post, methods=["POST"]))
        routes.append(Route(f"{under}/toggle_status", toggle, methods=["POST"]))
        return Starlette(routes=guarded(routes, "api_access_token", TOKEN))


STATES = {
    "new": (1, 1),
    "open": (2, 2),
    "pending reminder": (3, 3),
    "closed": (4, 5),
    "merged": (5, 6),
    "done by phone": (8, 5),
}
"""Zammad's states: the number of each, and of its type."""


class FakeZammad(Fake):
    solved: ClassVar[str] = "closed"

    def desk(self, **more: Any) -> HelpDesk:
        return Zammad(ZammadTable(**{"url": self.url, "user": US, "token": "${A}", "secret": "${B}", **more}), TOKEN, SECRET)

    def webhook(self, at: float | None = None) -> tuple[dict[str, str], bytes]:
        article = self._shown(self.posts[-1])
        return self.signed(json.dumps({"ticket": self._ticket(), "article": article}).encode(), at)

    def signed(self, body: bytes, at: float | None) -> tuple[dict[str, str], bytes]:
        signed = hmac.new(SECRET.encode(), body, sha1).hexdigest()
        return {"X-Hub-Signature": f"sha1={signed}", "X-Zammad-Trigger": "desk", "X-Zammad-Delivery": "d-1"}, body

    def _ticket(self) -> dict[str, Any]:
        owner = self.assignee or 1
        times = {"created_at": "2031-03-04T09:00:00.000Z", "updated_at": "2031-03-04T09:01:00.000Z"}
        return {
            "id": 5,
            "number": "10005",
            "title": "The hall",
            "owner_id": owner,
            "customer_id": CUSTOMER,
            "state_id": STATES[self.status][0],
            **times,
        }

    def _shown(self, one: dict[str, Any]) -> dict[str, Any]:
        is_outside = one["by"] in OUTSIDE
        return {
            "id": one["id"],
            "ticket_id": 5,
            "sender": "Customer" if is_outside else "Agent",
            "type": "email" if is_outside else "note",
            "from": OUTSIDE.get(one["by"], "Lea"),
            "body": f"<div>{one['text']}<br></div>" if is_outside else one["text"],
            "content_type": "text/html" if is_outside else "text/plain",
            "internal": not one["public"],
            "created_by_id": one["by"],
            "origin_by_id": None,
            "preferences": {},
            **one["otherwise"],
        }

    def app(self) -> Starlette:
        async def ticket(request: Request) -> Response:
            return JSONResponse(self._ticket())

        async def articles(request: Request) -> Response:
            return JSONResponse([self._shown(one) for one in self.posts])

        async def user(request: Request) -> Response:
            return JSONResponse({"id": CUSTOMER, "email": "noor@example.com", "verified": self.is_verified})

        async def post(request: Request) -> Response:
            asked = await request.json()
            public = not asked["internal"]
            assert (asked["ticket_id"], asked["content_type"]) == (5, "text/plain")
            mail = {"type": "email", "to": "noor@example.com", "subject": "The hall"}
            assert {name: asked.get(name) for name in mail} == (
                mail if public else {"type": "note", "to": None, "subject": None}
            )
            made = partial(JSONResponse, {"id": 1}, 201)
            return self.taken(asked["body"], public=public, made=made)

        async def states(request: Request) -> Response:
            shown = [{"id": number, "state_type_id": kind, "name": name} for name, (number, kind) in STATES.items()]
            return JSONResponse([{**one, "default_follow_up": one["name"] == "open", "active": True} for one in shown])

        async def put(request: Request) -> Response:
            numbers = {number: name for name, (number, _) in STATES.items()}
            asked = numbers[(await request.json())["state_id"]]
            return self.asked_for(asked, lambda: JSONResponse(self._ticket()))

        routes = [Route("/api/v1/tickets/5", ticket), Route("/api/v1/ticket_articles/by_ticket/5", articles)]
        routes += [Route("/api/v1/ticket_states", states), Route("/api/v1/tickets/5", put, methods=["PUT"])]
        routes += [Route(f"/api/v1/users/{CUSTOMER}", user), Route("/api/v1/ticket_articles", post, methods=["POST"])]
        return Starlette(routes=guarded(routes, "authorization", f"Token token={TOKEN}"))


class FakeZendesk(Fake):
    solved: ClassVar[str] = "solved"

    def desk(self, **more: Any) -> HelpDesk:
        names = {"url": self.url, "user": US, "token": "${A}", "secret": "${B}", "email": "desk@example.com", **more}
        return Zendesk(ZendeskTable(**names), TOKEN, SECRET)

    def webhook(self, at: float | None = None) -> tuple[dict[str, str], bytes]:
        detail = {"id": "5", "status": self.status, "requester_id": str(CUSTOMER), "assignee_id": str(self.assignee or 0)}
        told = {
            "type": "zen:event-type:ticket.comment_added",
            "account_id": 12514403,
            "id": "2b24ef10-19d4-4740-93cf-8f98ec4776c0",
            "time": "2031-03-04T09:00:00Z",
            "zendesk_event_version": "2022-11-06",
            "subject": "zen:ticket:5",
            "detail": detail,
            "event": {"comment": {"id": str(self.posts[-1]["id"]), "body": self.posts[-1]["text"], "is_public": True}},
        }
        return self.signed(json.dumps(told).encode(), at)

    def signed(self, body: bytes, at: float | None) -> tuple[dict[str, str], bytes]:
        moment = datetime.fromtimestamp(time.time() if at is None else at, UTC)
        stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        signed = b64encode(hmac.new(SECRET.encode(), stamp.encode() + body, sha256).digest()).decode()
        return {"X-Zendesk-Webhook-Signature": signed, "X-Zendesk-Webhook-Signature-Timestamp": stamp}, body

    @property
    def stamp(self) -> str:
        """When the ticket was changed last."""
        return f"2031-03-04T09:{len(self.posts):02}:{len(self.marked):02}Z"

    def app(self) -> Starlette:
        def shown(one: dict[str, Any]) -> dict[str, Any]:
            told = {"id": one["id"], "type": "Comment", "author_id": one["by"], "body": one["text"], "public": one["public"]}
            return told | one["otherwise"]

        def user(number: int) -> dict[str, Any]:
            address = address_in(OUTSIDE.get(number, "lea@example.com"))
            role = "end-user" if number in OUTSIDE else "agent"
            return {"id": number, "email": address, "role": role, "verified": self.is_verified}

        async def ticket(request: Request) -> Response:
            assert request.query_params["include"] == "users"
            found = {"id": 5, "status": self.status, "assignee_id": self.assignee, "requester_id": CUSTOMER}
            copied = {"email_cc_ids": self.copied, "collaborator_ids": [*self.copied, LEA], "follower_ids": [LEA]}
            users = [user(number) for number in {CUSTOMER, *self.copied} - {GONE}]
            return JSONResponse({"ticket": {**found, **copied, "updated_at": self.stamp}, "users": users})

        async def comments(request: Request) -> Response:
            size, after = 2, int(request.query_params.get("page[after]", 0))  # as of a hundred, asked for a smaller page
            assert (request.query_params["page[size]"], request.query_params["include"]) == ("100", "users")
            found = self.posts[after : after + size]
            users = [user(number) for number in {one["by"] for one in found}]
            meta = {"has_more": after + size < len(self.posts), "after_cursor": str(after + size), "before_cursor": None}
            return JSONResponse({"comments": [shown(one) for one in found], "users": users, "meta": meta})

        async def put(request: Request) -> Response:
            asked = (await request.json())["ticket"]
            if asked["safe_update"] and asked["updated_stamp"] != self.stamp:
                return JSONResponse({"error": "UpdateConflict"}, 409)
            if "status" in asked:
                assert asked["status"] in ("open", "pending", "hold", "solved") and self.status != "closed"
                return self.asked_for(asked["status"], lambda: JSONResponse({"ticket": {"id": 5}}))
            comment = asked["comment"]
            return self.taken(comment["body"], public=comment["public"], made=lambda: JSONResponse({"ticket": {"id": 5}}))

        routes = [Route("/api/v2/tickets/5", ticket), Route("/api/v2/tickets/5/comments", comments)]
        routes.append(Route("/api/v2/tickets/5", put, methods=["PUT"]))
        shows = b64encode(f"desk@example.com/token:{TOKEN}".encode()).decode()
        return Starlette(routes=guarded(routes, "authorization", f"Basic {shows}"))


def guarded(routes: list[Route], header: str, value: str) -> list[Route]:
    """The same, for whoever shows the token alone."""

    def only(route: Route) -> Route:
        async def asked(request: Request) -> Response:
            refused = request.headers.get(header) != value
            return Response(status_code=401) if refused else await route.endpoint(request)

        return Route(route.path, asked, methods=[*(route.methods or ())])

    return [only(route) for route in routes]


FAKES: dict[str, type[Fake]] = {"chatwoot": FakeChatwoot, "zammad": FakeZammad, "zendesk": FakeZendesk}


def answers(view: View) -> Move:
    if view.last("call_a_human", "suggest_answer"):
        return Say(LEFT)
    if "person" in view.latest.lower():
        return call("call_a_human", summary=view.latest)
    return Say(f"Hello {view.facts['email']}. {OPEN}" if view.facts.get("email") else OPEN)


def hall(drafts: str = "") -> TeamSpec:
    """A team that says when it is open."""
    clerk = agent("clerk", answers, call_a_human, *([suggest_answer] if drafts else ()), rules_first=True, drafts=drafts)
    return team(members={"clerk": clerk}, flow=hub("clerk", {}))


@dataclass
class AtDesk:
    """A desk behind a help desk: its webhooks come in, and `turn` does what there is to do."""

    fake: Fake
    engine: Engine
    environment: Environment
    worker: Worker
    channel: HelpDeskChannel

    def tell(self, signed: tuple[dict[str, str], bytes] | None = None) -> httpx.Response:
        headers, body = signed or self.fake.webhook()
        client = TestClient(Starlette(routes=mounted(webhooks([self.channel]))))
        return client.post(f"/channels/{self.channel.name}", content=body, headers=headers)

    def turn(self) -> str:
        """Returns why something could not be posted, or ""."""
        take_in(self.environment, self.channel, "toys")
        self.worker.put_on_queue()
        until = time.monotonic() + 30
        while under_way(self.engine, self.channel):
            assert time.monotonic() < until
            time.sleep(0.02)
        return send_out(self.engine, self.channel, self.environment.teams)[1]

    def says(self, text: str) -> str:
        """The customer writes, and what becomes of it."""
        self.fake.write(text)
        assert self.tell().status_code == 200
        return self.turn()

    def rows(self, query: str) -> list[Any]:
        with self.engine.connect() as connection:
            found = [tuple(row) for row in connection.exec_driver_sql(query)]
        return [row[0] if len(row) == 1 else row for row in found]


@contextmanager
def at_desk(folder: Path, name: str, drafts: str = "", **more: Any) -> Iterator[AtDesk]:
    fake = FAKES[name]()
    engine = open_engine(sqlite_url(folder / "desk.db"))
    migrate_cases(engine)
    environment = Environment(engine, {"toys": hall(drafts)})
    with serving(fake.app()) as fake.url, Worker(environment, takes_cases=True) as worker:
        yield AtDesk(fake, engine, environment, worker, HelpDeskChannel(engine, fake.desk(**more), 30))
    engine.dispose()
