"""Who asks over the REST API, and the place that they ask."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from switchboard.console.protocols.seam import Gate, Scope, Served

TOKEN = HTTPBearer(auto_error=False, description="An API token of an account.")


@dataclass(frozen=True)
class Asker:
    """Who was let in, and where."""

    place: Served
    name: str


def _may(scope: Scope) -> Callable[..., Asker]:
    def let_in(request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Security(TOKEN)]) -> Asker:
        gate: Gate = request.app.state.gate
        return Asker(gate.place, gate.let_in(scope, request.client.host if request.client else "", request.headers).name)

    return let_in


Reads = Annotated[Asker, Depends(_may("cases:read"))]
Writes = Annotated[Asker, Depends(_may("cases:write"))]
Decides = Annotated[Asker, Depends(_may("approvals:decide"))]
SeesFigures = Annotated[Asker, Depends(_may("stats:read"))]
