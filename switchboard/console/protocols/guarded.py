"""What stands around each protocol: a bound on what a request may bring, and an answer where something went wrong within."""

import logging
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from switchboard.console.protocols.problems import UNFORESEEN, Problem, answer, problem_of

log = logging.getLogger("switchboard")
MOST_BYTES = 1_000_000
TOO_LARGE = Problem(
    title="Too large", status=413, detail=f"A request may have {MOST_BYTES:,} bytes, and this one has more.", who="client"
)


class TooLarge(Exception):
    pass


class Guarded:
    """An application whose requests are refused where their bodies are too long, whatever they say of their length, and whose
    errors are told; one that nobody foresaw stands in the log alone.
    """

    def __init__(self, app: ASGIApp, tell: Callable[[Problem], Response] = answer) -> None:
        self._app, self._tell = app, tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if said.isdigit() and len(said) < 20 and int(said) > MOST_BYTES:
            await self._tell(TOO_LARGE)(scope, receive, send)
            return
        came, is_begun = 0, False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > MOST_BYTES:
                raise TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal is_begun
            if came <= MOST_BYTES:  # else it tells what it made of the error, which is told otherwise
                is_begun = True
                await send(message)

        try:
            await self._app(scope, counted, noted)
        except TooLarge:
            pass
        except Exception as error:
            problem = problem_of(error)
            if problem.status == UNFORESEEN:
                log.exception("%s %s failed", scope["method"], scope["path"])
            if not is_begun:
                await self._tell(problem)(scope, receive, send)
        if came > MOST_BYTES and not is_begun:
            await self._tell(TOO_LARGE)(scope, receive, send)
