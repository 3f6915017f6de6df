"""The desk as an agent of A2A: its card, and JSON-RPC as it is spoken now (1.0) and was before (0.3)."""

import json
import logging
from typing import Any

from a2a.server.context import ServerCallContext
from a2a.server.jsonrpc_models import JSONParseError
from a2a.server.request_handlers.response_helpers import agent_card_to_dict, build_error_response
from a2a.server.routes.common import DefaultServerCallContextBuilder
from a2a.server.routes.jsonrpc_dispatcher import JsonRpcDispatcher
from a2a.types.a2a_pb2 import (
    AgentCapabilities,
    AgentCard,
    AgentInterface,
    AgentSkill,
    HTTPAuthSecurityScheme,
    SecurityRequirement,
    SecurityScheme,
    StringList,
)
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from switchboard.console.protocols.a2a.desk import DECIDES, Desk
from switchboard.console.protocols.a2a.errors import answer
from switchboard.console.protocols.guarded import Guarded
from switchboard.console.protocols.problems import problem_of
from switchboard.console.protocols.seam import Gate, Scope, Served

CARD = "/.well-known/agent-card.json"
RPC = "/a2a"
SENDS = ("SendMessage", "SendStreamingMessage", "message/send", "message/stream")
CANCELS = ("CancelTask", "tasks/cancel")
VERSIONS = ("1.0", "0.3")
TEXT = ["text/plain"]
for noisy in ("server.routes.jsonrpc_dispatcher", "compat.v0_3.jsonrpc_adapter", "utils.version_validator"):
    logging.getLogger(f"a2a.{noisy}").setLevel(
        logging.CRITICAL
    )  # they log what was sent wrongly; what goes wrong here is in our log


class Caller(DefaultServerCallContextBuilder):
    """Tells the desk who was let in."""

    def build(self, request: Request) -> ServerCallContext:
        made = super().build(request)
        made.state.update(request.state.let_in)
        return made


class Door:
    """Lets each request in for what it asks."""

    def __init__(self, place: Served, team: str, gate: Gate) -> None:
        self._place, self._team, self._gate = place, team, gate
        self._spoken = JsonRpcDispatcher(Desk(place, team), Caller(), enable_v0_3_compat=True)

    async def rpc(self, request: Request) -> Response:
        try:
            body = await request.json()
            json.dumps(body, ensure_ascii=False).encode()  # a half of a character, which JSON can hold, could not be told
            scope, is_json = scope_of(body), True
        except (ValueError, RecursionError):
            scope, is_json = "cases:read", False
        client = request.client.host if request.client else ""
        holder = await run_sync(self._gate.let_in, scope, client, request.headers)
        if not is_json:
            return JSONResponse(build_error_response(None, JSONParseError(message="This is no JSON that can be read.")))
        may_decide = await run_sync(self._gate.may, DECIDES, client, request.headers)
        request.state.let_in = {"name": holder.name, "scope": scope, "may_decide": may_decide}
        return await self._spoken.handle_requests(request)

    async def card(self, request: Request) -> Response:
        """Who the desk is, for whoever asks."""
        spec = self._place.environment.teams[self._team]
        url = str(request.base_url).rstrip("/") + RPC
        return JSONResponse(agent_card_to_dict(_card(self._place.project.file.name, spec.name, spec.description, url)))


def scope_of(body: Any) -> Scope:
    """What a request needs a token for: one that sends data decides something."""
    method = body.get("method") if isinstance(body, dict) else None
    if method in CANCELS:
        return "cases:write"
    if method not in SENDS:
        return "cases:read"
    params = body.get("params")
    message = params.get("message") if isinstance(params, dict) else None
    parts = message.get("parts") if isinstance(message, dict) else None
    sends_data = isinstance(parts, list) and any(isinstance(part, dict) and "data" in part for part in parts)
    return DECIDES if sends_data else "cases:write"


def _card(name: str, team: str, description: str, url: str) -> AgentCard:
    skill = AgentSkill(id=team, name=team, description=description, tags=["customer service"])
    bearer = SecurityScheme(http_auth_security_scheme=HTTPAuthSecurityScheme(scheme="Bearer"))
    return AgentCard(
        name=name,
        description=description,
        version="1",
        supported_interfaces=[AgentInterface(url=url, protocol_binding="JSONRPC", protocol_version=v) for v in VERSIONS],
        capabilities=AgentCapabilities(streaming=True),
        security_schemes={"token": bearer},
        security_requirements=[SecurityRequirement(schemes={"token": StringList()})],
        default_input_modes=TEXT,
        default_output_modes=TEXT,
        skills=[skill],
    )


async def on_http_error(request: Request, error: Exception) -> Response:
    return answer(problem_of(error))


def a2a(place: Served, team: str, gate: Gate) -> Starlette:
    """A team of a place as an agent."""
    door = Door(place, team, gate)
    routes = [Route(CARD, door.card), Route(RPC, door.rpc, methods=["POST"])]
    guarded = Middleware(Guarded, tell=answer)
    return Starlette(routes=routes, middleware=[guarded], exception_handlers={HTTPException: on_http_error})
