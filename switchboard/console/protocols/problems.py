"""What went wrong, as a document that names who can mend it (RFC 9457); never how it looks inside."""

from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from switchboard.cases.intake import OtherMessage
from switchboard.console.protocols.seam import NotAllowed, NotLetIn
from switchboard.errors import NotThere, OperatorError, SwitchboardError
from switchboard.service.programs.pages import NoCursor

MEDIA = "application/problem+json"
UNFORESEEN = 500
INSIDE = "Something in the program itself went wrong. What it was stands in its log."
AWAY = "The database cannot be reached or written at the moment. Try again; the same key is the same message."
STATUS: tuple[tuple[type[Exception], int, str], ...] = (
    (NotLetIn, 401, "Not let in"),
    (NotAllowed, 403, "Not allowed"),
    (NotThere, 404, "Not there"),
    (OtherMessage, 422, "Key used before"),
    (NoCursor, 422, "No cursor"),
    (OperatorError, 409, "Not as things stand"),
    (OperationalError, 503, "Database away"),
)
"""The first that an error is an instance of says how it is told."""
BY_CLIENT = (401, 403, 404, 405, 413, 415, 422)


class Wrong(BaseModel):
    """What is wrong with one field of a request."""

    at: str
    why: str


class Problem(BaseModel):
    """An error. `who` can mend it: the client with another request, the operator, or the developer."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    who: str
    errors: list[Wrong] = Field(default_factory=list)


def problem_of(error: Exception) -> Problem:
    """How an error is told."""
    for kind, status, title in STATUS:
        if isinstance(error, kind):
            who = "client" if status in BY_CLIENT else "operator"
            return Problem(title=title, status=status, detail=AWAY if status == 503 else str(error), who=who)
    if isinstance(error, HTTPException):
        who = "client" if error.status_code in BY_CLIENT or error.status_code == 400 else "developer"
        return Problem(title=str(error.detail), status=error.status_code, detail=str(error.detail), who=who)
    who = error.who if isinstance(error, SwitchboardError) else "developer"
    return Problem(title="Failed", status=UNFORESEEN, detail=INSIDE, who=who)


def wrong_in(errors: list[dict[str, Any]]) -> Problem:
    """What pydantic found wrong with a request, without what was sent."""
    found = [Wrong(at=".".join(str(part)[:60] for part in one["loc"]), why=str(one["msg"])[:300]) for one in errors[:20]]
    detail = "; ".join(f"{one.at}: {one.why}" for one in found[:3])
    return Problem(title="Not as described", status=422, detail=detail, who="client", errors=found)


def answer(problem: Problem) -> JSONResponse:
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    headers |= {"Retry-After": "1"} if problem.status == 503 else {}
    return JSONResponse(problem.model_dump(), problem.status, headers, MEDIA)


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    """Tell what a framework refuses, such as an address that there is not."""
    assert isinstance(error, HTTPException)
    told = answer(problem_of(error))
    told.headers.update(error.headers or {})
    return told
