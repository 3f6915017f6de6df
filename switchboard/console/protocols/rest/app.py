"""The REST API as one application.

FastAPI, since its description of the API is made from the very declarations that check each request, so that it cannot tell
anything else; with Starlette and pydantic alone that would have been to be written, and kept, by hand.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from switchboard.console.protocols.guarded import Guarded
from switchboard.console.protocols.problems import MEDIA, Problem, answer, on_http_error, wrong_in
from switchboard.console.protocols.rest import approvals, cases, figures, tickets, webhooks
from switchboard.console.protocols.seam import Authorize, Gate, Served

ABOUT = "What customers, operators and other programs do with the cases of this desk."
WRONG = {"description": "What is wrong, and who can mend it.", "model": Problem}
RESPONSES: dict[int | str, dict[str, Any]] = dict.fromkeys((401, 403, 404, 409, 413, 422, 503), WRONG)


async def on_wrong_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return answer(wrong_in(list(error.errors())))


class Described(FastAPI):
    """An application whose description says in which form errors are told, for which FastAPI has no declaration."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            operations = [one for path in super().openapi()["paths"].values() for one in path.values()]
            answers = [answer for operation in operations for answer in operation["responses"].items()]
            for response in (one for status, one in answers if int(status) in RESPONSES):
                response["content"] = {MEDIA: response["content"].pop("application/json")}
        return super().openapi()


def rest(place: Served, authorize: Authorize | None = None) -> FastAPI:
    """The REST API of a place, to be mounted: its description is at `openapi.json`, all else below `v1`."""
    app = Described(
        title="Switchboard",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        responses=RESPONSES,
        exception_handlers={
            RequestValidationError: on_wrong_request,
            HTTPException: on_http_error,
        },
    )
    app.state.gate = Gate(place, authorize)
    app.add_middleware(Guarded)
    for part in (cases, approvals, tickets, figures, webhooks):
        app.include_router(part.router)
    webhooks.describe_webhooks(app)
    return app
