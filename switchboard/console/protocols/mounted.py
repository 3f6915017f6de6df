"""All protocols of a place, to be mounted where it is served."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Mount, Route

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
        self._mcp: OverHttp | None = None
        if find_spec("mcp"):
            with suppress(OperatorError):
                self._mcp = _over_http(place, place.project.team_name(None), authorize)
                self.routes.append(Route("/mcp", Guarded(self._mcp)))

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        if self._mcp is None:
            yield
            return
        async with self._mcp.manager.run():
            yield


def _over_http(place: Served, team: str, authorize: Authorize | None) -> "OverHttp":
    from switchboard.console.protocols.mcp.server import OverHttp

    return OverHttp(place, team, Gate(place, authorize))
