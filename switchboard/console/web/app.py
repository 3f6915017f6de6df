"""The pages put together: which path is answered by what, and which role it needs."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from switchboard.accounts.oidc import Provider
from switchboard.console.channels.helpdesks.heard import mounted, webhooks
from switchboard.console.channels.pressing import presses
from switchboard.console.channels.slack import Slack
from switchboard.console.channels.widget.app import widget_routes
from switchboard.console.protocols.mounted import Protocols
from switchboard.console.web.asked import answered, does, for_all, shows
from switchboard.console.web.desk import Desk
from switchboard.console.web.drawing import STATIC
from switchboard.console.web.guard import HEADERS, Guard, told
from switchboard.console.web.live import Live
from switchboard.console.web.pages import bulk, by_provider, case, deciding, queue, signing_in, taking_part, trying
from switchboard.console.web.pages.looking import audit, evaluations, statistics, suggestions
from switchboard.console.web.programs import authorize_by
from switchboard.console.web.streams import Room
from switchboard.service.channels.help_desk import HelpDeskChannel
from switchboard.service.watching.health import is_current, unwritable
from switchboard.service.workers import takers

BROKEN = "Something went wrong here, and the log says what. Look whether it was done before you try again."


class Assets(StaticFiles):
    """Files of ours, which a browser may keep as long as they are the same."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


async def alive(request: Request) -> Response:
    """For whoever watches the process."""
    return PlainTextResponse("ok\n")


async def ready(request: Request) -> Response:
    """For whoever sends requests here: whether this process can do what is asked of it now."""
    state = request.app.state
    why = "It is told to stop." if state.live.is_over() else await run_in_threadpool(_lacking, state.desk)
    return PlainTextResponse(f"{why or 'ready'}\n", 503 if why else 200)


def _lacking(desk: Desk) -> str:
    if not is_current(desk.engine):
        return "The database does not answer, or its tables are not of this version."
    return unwritable(desk.engine) or ("" if takers(desk.engine) else "Nobody takes cases.")


async def not_found(request: Request, error: Exception) -> Response:
    return await answered(request, "viewer", lambda asked: asked.page("refused.html", 404, why="There is no such page."))


async def broken(request: Request, error: Exception) -> Response:
    """It is answered outside of the guard, whose headers it carries all the same."""
    response = told(request.headers, BROKEN, 500)
    response.headers.update(HEADERS)
    return response


ROUTES = [
    shows("/", "viewer", queue.show),
    shows("/events", "viewer", queue.events),
    does("/views/keep", "viewer", queue.keep),
    does("/views/drop", "viewer", queue.drop),
    shows("/bulk", "viewer", bulk.show),
    does("/bulk/confirm", "operator", bulk.confirm),
    does("/bulk/answer", "operator", bulk.answer),
    shows("/cases/{case_id}", "viewer", case.show),
    shows("/cases/{case_id}/trace", "viewer", case.trace),
    shows("/cases/{case_id}/part/{part}", "viewer", case.part),
    shows("/cases/{case_id}/events", "viewer", case.events),
    does("/cases/{case_id}/approve", "operator", deciding.approve),
    does("/cases/{case_id}/refuse", "operator", deciding.refuse),
    does("/cases/{case_id}/edit", "operator", deciding.edit),
    does("/cases/{case_id}/reply", "operator", taking_part.reply),
    does("/cases/{case_id}/note", "operator", taking_part.note),
    does("/cases/{case_id}/take", "operator", taking_part.take),
    does("/cases/{case_id}/hand-back", "operator", taking_part.hand_back),
    does("/cases/{case_id}/end", "operator", taking_part.end),
    does("/cases/{case_id}/escalate", "operator", taking_part.escalate),
    does("/cases/{case_id}/reopen", "operator", taking_part.reopen),
    does("/cases/{case_id}/suggest", "operator", taking_part.suggest),
    does("/cases/{case_id}/draft/send", "operator", taking_part.send_draft),
    does("/cases/{case_id}/draft/drop", "operator", taking_part.drop_draft),
    does("/cases/{case_id}/flag", "operator", taking_part.flag),
    does("/cases/{case_id}/fork", "operator", taking_part.fork),
    does("/cases/{case_id}/tickets/{number}/{what}", "operator", taking_part.ticket),
    shows("/statistics", "viewer", statistics.show),
    shows("/evaluations", "operator", evaluations.show),
    shows("/suggestions", "lead", suggestions.show),
    does("/suggestions/{number}/{what}", "lead", suggestions.settle),
    shows("/audit", "admin", audit.show),
    shows("/try", "operator", trying.begin),
    does("/try", "operator", trying.begun),
    shows("/try/{case_id}", "operator", trying.show),
    shows("/try/{case_id}/said", "operator", trying.said),
    does("/try/{case_id}", "operator", trying.say),
    for_all("/sign-in", signing_in.show),
    for_all("/sign-in", signing_in.sign_in, "POST"),
    for_all("/sign-in/provider", by_provider.begin),
    for_all(by_provider.BACK, by_provider.back),
    does("/sign-out", "viewer", signing_in.sign_out),
    for_all("/health", alive),
    for_all("/ready", ready),
]


def make_app(
    desk: Desk, names: Collection[str], channels: Sequence[HelpDeskChannel] = (), slack: Slack | None = None
) -> Starlette:
    """The application for a desk, which answers to these names: its pages, the protocols that programs speak, and where help
    desks tell of what is written there, and Slack of who pressed.
    """

    protocols, live = Protocols(desk, authorize_by(desk)), Live(desk)
    hearing = [*mounted([*webhooks(channels), *presses(desk, slack)]), *widget_routes(live)]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        looking = asyncio.create_task(live.look())
        async with protocols.at_work():
            yield
        looking.cancel()

    app = Starlette(
        routes=[*ROUTES, *protocols.routes, *hearing, Mount("/static", Assets(directory=STATIC))],
        middleware=[Middleware(Guard, names=names)],
        exception_handlers={404: not_found, 500: broken},
        lifespan=lifespan,
    )
    app.state.desk, app.state.live, app.state.room = desk, live, Room()
    oidc = desk.project.file.accounts.oidc
    app.state.provider = Provider(oidc) if oidc else None
    return app
