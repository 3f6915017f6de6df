"""The chat on a site's pages: a script that puts a frame there, the frame, and what it asks for.

The frame is a page of ours, so it asks its own origin, and no other origin may. It keeps the token itself; only where a browser
keeps nothing for frames does the site's page keep it. Where the frame may stand is said to browsers (`frame-ancestors`).
"""

import json
from collections.abc import Awaitable, Callable, Collection
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from switchboard.cases.intake import OtherMessage
from switchboard.console.channels.widget.limits import Pace, address
from switchboard.console.protocols.bounds import Words
from switchboard.console.web.guard import OF_FRAMES, POLICY
from switchboard.console.web.live import Live
from switchboard.console.web.streams import RETRY_SECONDS, Audience, Page, Room, Streamed, event, seen_last
from switchboard.errors import OperatorError
from switchboard.reading.languages import said
from switchboard.service.channels import visitors
from switchboard.service.channels.table import WidgetTable
from switchboard.service.channels.visitors import TooManyVisitors, Visitor
from switchboard.service.watching.changes import LineAt

STATIC = Path(__file__).parent / "static"
FRAMED = {OF_FRAMES: "1"}
VISITOR = "x-visitor"
"""The header that carries a visitor's token: no browser sends it by itself, and no address shows it."""
MOST_CHARACTERS, MOST_BYTES = 4_000, 40_000
STREAMS, OF_VISITOR, OF_ADDRESS = 300, 3, 30
"""How many live chats there are in a process, for a visitor, and for an address."""
TEXTS = ("title", "open", "close", "message", "send", "you", "begin", "offline", "too_many", "too_long", "not_sent", "again")


class Written(BaseModel):
    """What a visitor writes, and the name that their browser gave it: the same one again is the same message."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]
    text: Annotated[Words, Field(max_length=MOST_CHARACTERS)]


class Widget:
    """What is asked of the chat. `paces` bound how often."""

    def __init__(self, live: Live, table: WidgetTable, proxies: Collection[str]) -> None:
        self._live, self._desk, self._table, self._room = live, live.desk, table, Room(STREAMS)
        self._team = self._desk.project.team_name(table.team)
        self._proxies = proxies
        self._messages, self._from_address = Pace(20, 60), Pace(60, 60)
        self._coming = Pace(20, 3600)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/widget.js", self.script),
            Route("/widget/frame", self.frame),
            Route("/widget/frame.js", asset("frame.js")),
            Route("/widget/frame.css", asset("frame.css")),
            Route("/widget/visitors", self.come, methods=["POST"]),
            Route("/widget/messages", self.write, methods=["POST"]),
            Route("/widget/events", self.events),
        ]

    async def script(self, request: Request) -> Response:
        """What a site's page takes in: whoever may, by its origin, learns nothing from it."""
        headers = {**FRAMED, "cross-origin-resource-policy": "cross-origin", "cache-control": "max-age=300"}
        return FileResponse(STATIC / "widget.js", headers=headers, media_type="text/javascript")

    async def frame(self, request: Request) -> Response:
        language = self._desk.environment.teams[self._team].language
        texts = {name: said(f"widget.{name}", language) for name in TEXTS}
        page = await run_in_threadpool(drawn, language=language, texts=texts, most=MOST_CHARACTERS)
        ancestors = f"frame-ancestors {' '.join(self._table.origins)}"
        policy = POLICY.replace("frame-ancestors 'none'", ancestors)
        headers = {**FRAMED, "content-security-policy": policy, "cross-origin-resource-policy": "cross-origin"}
        return HTMLResponse(page, headers=headers)

    async def come(self, request: Request) -> Response:
        """A token for a new visitor."""
        if wait := self._coming.wait(self._address(request)):
            return refused(429, wait)
        try:
            return JSONResponse({"token": await run_in_threadpool(visitors.come, self._desk)}, 201)
        except TooManyVisitors:
            return refused(503, RETRY_SECONDS)

    async def write(self, request: Request) -> Response:
        """Take in what a visitor writes, and say how their case stands then."""
        visitor = await self._visitor(request)
        if visitor is None:
            return refused(401)
        if wait := self._messages.wait(visitor.token) or self._from_address.wait(self._address(request)):
            return refused(429, wait)
        body = await request.body()
        if len(body) > MOST_BYTES:
            return refused(413)
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return refused(415)
        try:
            written = Written.model_validate_json(body)
            instead = await run_in_threadpool(visitors.write, self._desk, self._team, visitor, written.id, written.text)
        except (ValidationError, OtherMessage):
            return refused(422)
        except OperatorError:
            return refused(409)
        now = await self._visitor(request)
        view = asdict(await run_in_threadpool(visitors.view, self._desk, now.case_id)) if now and now.case_id else {}
        return JSONResponse({**view, "instead": instead})

    async def events(self, request: Request) -> Response | Streamed:
        """What is said in a visitor's case after the entry that was seen last, and how it stands."""
        visitor = await self._visitor(request)
        if visitor is None:
            return refused(401)
        if not visitor.case_id:
            return refused(409)
        case_id, token = visitor.case_id, request.headers.get(VISITOR, "")
        page = Page(case_id, "", seen_last(request.headers.get("last-event-id"), ""), line_for_customer, "customer")
        page.stand = lambda: json.dumps(asdict(visitors.view(self._desk, case_id)), ensure_ascii=False)
        bounds = {f"visitor {visitor.token}": OF_VISITOR, f"address {self._address(request)}": OF_ADDRESS}
        return Streamed(self._live, self._room, Audience(bounds, visitor.token, lambda: self._is_there(token)), page)

    def _is_there(self, token: str) -> bool:
        return visitors.visitor_of(self._desk, token) is not None

    async def _visitor(self, request: Request) -> Visitor | None:
        token = request.headers.get(VISITOR, "")
        return await run_in_threadpool(visitors.visitor_of, self._desk, token) if 20 < len(token) < 100 else None

    def _address(self, request: Request) -> str:
        return address(request, self._proxies)


def line_for_customer(line: LineAt) -> str:
    found = visitors.for_customer(line.entry)
    return event("entry", json.dumps(asdict(found), ensure_ascii=False), line.number) if found else ""


def drawn(**values: object) -> str:
    """The frame, with everything that is put into it escaped."""
    found = Environment(loader=FileSystemLoader(STATIC), autoescape=True, undefined=StrictUndefined)
    return found.get_template("frame.html").render(**values)


def asset(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def file(request: Request) -> Response:
        return FileResponse(STATIC / name, headers={"cache-control": "no-cache"})

    return file


def refused(status: int, wait: int = 0) -> Response:
    """What went wrong, as a number alone: the frame has the words, in the visitor's language."""
    return JSONResponse({"status": status}, status, {"retry-after": str(wait)} if wait else {})


def widget_routes(live: Live) -> list[BaseRoute]:
    """What is mounted for the chat: nothing where the project's file has none."""
    table = live.desk.project.file.channels.widget
    return Widget(live, table, live.desk.project.file.accounts.proxies).routes() if table else []
