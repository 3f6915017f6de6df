"""All protocols of a place, to be mounted where it is served."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

import anyio
from anyio.abc import TaskGroup, TaskStatus
from anyio.to_thread import run_sync
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from switchboard.console.protocols.chat.app import chat
from switchboard.console.protocols.guarded import Guarded
from switchboard.console.protocols.rest.app import rest
from switchboard.console.protocols.seam import Authorize, Gate, Served
from switchboard.errors import OperatorError

if TYPE_CHECKING:
    from switchboard.console.protocols.mcp.server import OverHttp


class Protocols:
    """Their `routes`, and what is to be `at_work` for as long as these are served: the REST API at `/api`, OpenAI's protocol at
    `/v1`, and, where the extra `mcp` is installed, MCP at `/mcp` for the team that the project asks by itself, if it has one.
    """

    def __init__(self, place: Served, authorize: Authorize | None = None) -> None:
        self.routes: list[BaseRoute] = [Mount("/api", rest(place, authorize)), Mount("/v1", chat(place, authorize))]
        self._mcp: WhenAsked | None = None
        if find_spec("mcp"):
            with suppress(OperatorError):
                self._mcp = WhenAsked(place, place.project.team_name(None), Gate(place, authorize))
                self.routes.append(Route("/mcp", Guarded(self._mcp)))

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        if self._mcp is None:
            yield
            return
        async with anyio.create_task_group() as tasks:
            self._mcp.begin(tasks)
            yield
            tasks.cancel_scope.cancel()


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
