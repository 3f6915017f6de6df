"""Errors as clients of A2A read them."""

import functools
import logging
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from a2a.server.request_handlers.response_helpers import build_error_response
from a2a.utils.errors import (
    A2AError,
    InternalError,
    InvalidParamsError,
    InvalidRequestError,
    TaskNotFoundError,
    UnsupportedOperationError,
)
from pydantic import ValidationError
from starlette.responses import JSONResponse

from switchboard.console.protocols.problems import UNFORESEEN, Problem, problem_of, wrong_in
from switchboard.console.protocols.problems import answer as of_http

KINDS: dict[int, type[A2AError]] = {404: TaskNotFoundError, 422: InvalidParamsError, 500: InternalError, 503: InternalError}
P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger("switchboard")


def told(error: Exception) -> A2AError:
    """How an error is told; what nobody foresaw stands in the log alone."""
    if isinstance(error, A2AError):
        return error
    if isinstance(error, ValidationError):
        return InvalidParamsError(wrong_in([{"loc": one["loc"], "msg": one["msg"]} for one in error.errors()]).detail)
    problem = problem_of(error)
    if problem.status == UNFORESEEN:
        log.error("a request over A2A failed", exc_info=error)
    return KINDS.get(problem.status, UnsupportedOperationError)(problem.detail)


def answer(problem: Problem) -> JSONResponse:
    """What is refused before it is read: by its status, and in the protocol's own form."""
    error = InvalidRequestError(problem.detail) if problem.status < UNFORESEEN else InternalError(problem.detail)
    headers = {name: value for name, value in of_http(problem).headers.items() if not name.startswith("content-")}
    return JSONResponse(build_error_response(None, error), problem.status, headers)


def foreseen(method: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """A method whose errors are A2A's."""

    @functools.wraps(method)
    async def within(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await method(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the library would tell it as it stands
            raise told(error) from None

    return within
