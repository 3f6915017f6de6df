"""Errors as OpenAI's clients read them."""

from pydantic import ValidationError
from starlette.responses import JSONResponse

from switchboard.console.protocols.problems import Problem, wrong_in

KINDS = {401: "authentication_error", 403: "permission_error", 404: "not_found_error"}
CODES = {401: "invalid_api_key", 404: "not_found", 409: "conflict"}
AS = {409: 400, 422: 400}
"""A client that is told 409 asks once more, which changes nothing here; and what it sent wrongly is a 400 there."""


def answer(problem: Problem) -> JSONResponse:
    """An error. Nothing is to be asked again by itself: the message may have been taken, and a second one would be another."""
    status = AS.get(problem.status, problem.status)
    kind = KINDS.get(status, "invalid_request_error" if status < 500 else "server_error")
    param = problem.errors[0].at if problem.errors else None
    error = {"message": problem.detail, "type": kind, "param": param, "code": CODES.get(problem.status), "who": problem.who}
    return JSONResponse({"error": error}, status, {"x-should-retry": "false"})


def wrong(error: ValidationError) -> Problem:
    """What pydantic found wrong with a request."""
    return wrong_in([{"loc": one["loc"], "msg": one["msg"]} for one in error.errors()])


def refused(at: str, why: str, status: int = 422) -> Problem:
    """A request that cannot be done as it stands."""
    return wrong_in([{"loc": (at,), "msg": why}]).model_copy(update={"status": status, "detail": why})
