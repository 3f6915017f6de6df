"""All protocols of a place, to be mounted where it is served."""

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

import anyio
from anyio.abc import TaskGroup, TaskStatus
from anyio.to_thread import run_sync
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from switchboard.console.protocols.guarded import Guarded
from switchboard.console.protocols.seam import Authorize, Gate, Served
from switchboard.errors import OperatorError

if TYPE_CHECKING:
    from switchboard.console.protocols.mcp.server import OverHttp

CARD = "/.well-known/agent-card.json"


class Protocols:
    """Their `routes`, and what is to be `at_work` for as long as these are served: the REST API at `/api`, OpenAI's protocol at
    `/v1`, and, for the team that the project asks by itself, if it has one, MCP at `/mcp`, A2A at `/a2a` and AG-UI at
    `/ag-ui`, each where what speaks it is installed.
    """

    def __init__(self, place: Served, authorize: Authorize | None = None) -> None:
        self.routes: list[BaseRoute] = [
            Mount("/api", Imported(partial(_rest, place, authorize))),
            Mount("/v1", Imported(partial(_chat, place, authorize))),
        ]
        self._mcp: WhenAsked | None = None
        gate = Gate(place, authorize)
        with suppress(OperatorError):
            team = place.project.team_name(None)
            if find_spec("mcp"):
                self._mcp = WhenAsked(place, team, gate)
                self.routes.append(Route("/mcp", Guarded(self._mcp)))
            if find_spec("a2a"):
                agent = Imported(partial(_a2a, place, team, gate))
                self.routes += [Route(path, agent) for path in (CARD, "/a2a")]
            if find_spec("ag_ui"):
                self.routes.append(Route("/ag-ui", Imported(partial(_agui, place, team, gate))))

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        if self._mcp is None:
            yield
            return
        async with anyio.create_task_group() as tasks:
            self._mcp.begin(tasks)
            yield
            tasks.cancel_scope.cancel()


class Imported:
    """An application that is made when it is first asked, in a thread, since to import what speaks it takes a second or two."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._app: ASGIApp | None = None
        self._one_at_a_time = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = await run_sync(self.made) if self._app is None else self._app
        await app(scope, receive, send)

    def made(self) -> ASGIApp:
        """The application itself."""
        with self._one_at_a_time:  # of two first requests one makes it
            self._app = self._app or self._make()
            return self._app


def _rest(place: Served, authorize: Authorize | None) -> ASGIApp:
    from switchboard.console.protocols.rest.app import rest

    return rest(place, authorize)


def _chat(place: Served, authorize: Authorize | None) -> ASGIApp:
    from switchboard.console.protocols.chat.app import chat

    return chat(place, authorize)


def _a2a(place: Served, team: str, gate: Gate) -> ASGIApp:
    from switchboard.console.protocols.a2a.app import a2a

    return a2a(place, team, gate)


def _agui(place: Served, team: str, gate: Gate) -> ASGIApp:
    from switchboard.console.protocols.agui.app import agui

    return agui(place, team, gate)


class WhenAsked:
    """MCP over HTTP from the first request on: to import what speaks it takes half a second, which no start waits for."""

    def __init__(self, place: Served, team: str, gate: Gate) -> None:
        self._made_of = place, team, gate
        self._app: OverHttp | None = None

    def begin(self, tasks: TaskGroup) -> None:
        """From now on there may be requests, for as long as these tasks."""
        self._tasks, self._one_at_a_time = tasks, anyio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._one_at_a_time:
            if self._app is None:
                self._app = await self._tasks.start(self._run)
        await self._app(scope, receive, send)

    async def _run(self, *, task_status: "TaskStatus[OverHttp]") -> None:
        app = await run_sync(self._make)
        async with app.manager.run():
            task_status.started(app)
            await anyio.sleep_forever()

    def _make(self) -> "OverHttp":
        from switchboard.console.protocols.mcp.server import OverHttp

        return OverHttp(*self._made_of)
