"""Where webhooks of help desks come in, and the threads that read what these tell of, and post to them, beside the pages."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from switchboard.console.channels.serving import PAUSES, Says, Served, beside
from switchboard.console.protocols.guarded import Guarded
from switchboard.engine.worker import Worker
from switchboard.service.channels.conversation import NotSigned
from switchboard.service.channels.help_desk import HelpDeskChannel

log = logging.getLogger("switchboard")
LOOKS_EVERY = 10.0
"""Seconds after which it is looked for what another process was told of."""


def mounted(hearing: Sequence[Route]) -> list[BaseRoute]:
    """What is heard at /channels/NAME; nothing where there is none."""
    return [Mount("/channels", Guarded(Starlette(routes=hearing)))] if hearing else []


def webhooks(channels: Sequence[HelpDeskChannel]) -> list[Route]:
    """Where each channel hears."""
    return [_hearing(channel) for channel in channels]


def _hearing(channel: HelpDeskChannel) -> Route:
    async def hear(request: Request) -> Response:
        """Answered as soon as it is kept that there is something to read."""
        body = await request.body()
        try:
            await run_sync(channel.hear, request.headers, body, time.time())
        except NotSigned as error:
            return PlainTextResponse(f"{error}\n", 401)
        except ValueError:
            return PlainTextResponse("This is no webhook that is known here.\n", 422)
        return PlainTextResponse("ok\n")

    return Route(f"/{channel.name}", hear, methods=["POST"])


@contextmanager
def at_work(worker: Worker, channels: Sequence[tuple[HelpDeskChannel, str]], say: Says) -> Iterator[None]:
    """Read and post for as long as this lasts, each channel by itself; at the end what is to be told is sent once more, if that
    is done within a while; else it is for the next process."""
    with beside([partial(_serve, channel, Served(worker, channel, team, LOOKS_EVERY, say)) for channel, team in channels]):
        yield


def _serve(channel: HelpDeskChannel, served: Served, over: threading.Event) -> None:
    failed, has_begun = 0, False
    while not over.is_set():
        try:
            if not has_begun:
                channel.catch_up()
                has_begun = True
            served.turn()
            failed = 0
        except Exception:
            log.exception("A help desk could not be served")
            over.wait(PAUSES[min(failed, len(PAUSES) - 1)])
            failed += 1
    with suppress(Exception):  # what cannot be sent now is sent by the next process
        served.send()
