"""Where presses in Slack come in, and the thread that shows what waits, beside the pages."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from anyio.to_thread import run_sync
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from switchboard.console.app import Workplace
from switchboard.console.channels.serving import Says, Side, beside
from switchboard.console.channels.slack import NAME, Press, Slack
from switchboard.errors import about
from switchboard.mail.letters import NotSent
from switchboard.project import FILE
from switchboard.service.channels.conversation import NotSigned
from switchboard.service.place import Place
from switchboard.tables.project_file import placed
from switchboard.toolsets.environment import value_of

log = logging.getLogger("switchboard")
LOOK_SECONDS = 2.0


def slack_of(place: Workplace) -> Slack | None:
    """The channel of Slack that a project names. Raises OperatorError."""
    table, where = place.project.file.channels.slack, f"[channels.{NAME}]"
    if table is None:
        return None
    with placed(place.project.folder / FILE, FILE, "channels", NAME, table=where):
        with about("token"):
            token = value_of(table.token, where)
        with about("secret"):
            secret = value_of(table.secret, where)
    return Slack(table, token, secret)


def presses(place: Place, slack: Slack | None) -> list[Route]:
    """Where it is heard who presses; nothing without Slack."""
    if slack is None:
        return []

    async def hear(request: Request) -> Response:
        """Decided before it is answered, in time, since nothing but rows is asked; what became of it is told afterwards."""
        body = await request.body()
        try:
            press = slack.heard(request.headers, body, time.time())
        except NotSigned as error:
            return PlainTextResponse(f"{error}\n", 401)
        except ValueError:
            return PlainTextResponse("This is no press that is known here.\n", 422)
        if press is None:
            return Response()
        told = await run_sync(slack.decide, place, press)
        return Response(background=BackgroundTask(_tell, slack, press, *told))

    return [Route(f"/{NAME}", hear, methods=["POST"])]


def _tell(slack: Slack, press: Press, told: str, to_all: bool, waits: bool) -> None:
    try:
        slack.tell(press, told, to_all, waits)
    except NotSent as error:  # it is decided all the same, as whoever presses again is told
        log.warning("Slack was not told what a press did: %s", error)


@contextmanager
def showing(place: Place, slack: Slack | None, say: Says) -> Iterator[None]:
    """Show what waits, for as long as this lasts."""
    with beside([partial(_show, place, slack, say)] if slack else []):
        yield


def _show(place: Place, slack: Slack, say: Says, over: threading.Event) -> None:
    side = Side("Calls are shown in Slack again.", say)
    while not over.wait(LOOK_SECONDS):
        try:
            if side.is_due:
                slack.show_new(place)
                side.answered()
        except NotSent as error:
            side.failed(str(error))
        except Exception:
            log.exception("What waits could not be shown in Slack")
            side.rests(30.0)
