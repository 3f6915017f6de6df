"""Signing in, and out: a page that whoever has no session sees, and that leads on to the one they asked for."""

import secrets

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from switchboard.console.web import who
from switchboard.console.web.asked import COOKIE, Asked, form_of, is_same
from switchboard.console.web.desk import Desk
from switchboard.console.web.drawing import drawn
from switchboard.errors import OperatorError
from switchboard.service import accounts
from switchboard.service.accounts import TooManyTries

MOST_OF_PATH = 2000
LOST = "You were not signed in any more, so what you sent was not done. Sign in, and send it again."
OLD_FORM = "This page had been open for long, or its cookie is gone. Try again."


async def show(request: Request) -> Response:
    """The form; who needs none goes on."""
    desk: Desk = request.app.state.desk
    given = request.query_params
    if await run_in_threadpool(who.whose, desk.place, request):
        return RedirectResponse(local(given.get("next", "")), 303)
    return await form(request, 200, given.get("next", ""), why=LOST if "lost" in given else "")


async def sign_in(request: Request) -> Response:
    """Begin a session, with a token that this browser did not have before, and go on."""
    desk: Desk = request.app.state.desk
    sent = await form_of(request)
    name, next_page = sent.get("name", ""), sent.get("next", "")
    if not is_same(request.cookies.get(COOKIE, ""), sent):
        return await form(request, 403, next_page, name, OLD_FORM)
    try:
        address = who.address_of(request, desk.project.file.accounts.proxies)
        begun = await run_in_threadpool(accounts.sign_in, desk, name, sent.get("password", ""), address)
    except TooManyTries as error:
        response = await form(request, 429, next_page, name, str(error))
        response.headers["retry-after"] = str(error.seconds)
        return response
    except OperatorError as error:
        return await form(request, 403, next_page, name, str(error))
    await run_in_threadpool(end_session, desk, request)
    response = RedirectResponse(local(next_page), 303)
    who.keep(response, request, who.COOKIE, begun.token, comes_by_links=True)
    response.delete_cookie(COOKIE, path="/")
    return response


def sign_out(asked: Asked) -> Response:
    """End the session, here and in the rows."""
    end_session(asked.desk, asked.request)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(who.COOKIE, path="/")
    return response


def local(path: str) -> str:
    """A path of these pages, as it was asked for; the queue for what may lead elsewhere."""
    is_ours = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable() and len(path) <= MOST_OF_PATH
    return path if is_ours else "/"


def end_session(desk: Desk, request: Request) -> None:
    if token := request.cookies.get(who.COOKIE):
        accounts.sign_out(desk, token)


async def form(request: Request, status: int, next_page: str, name: str = "", why: str = "") -> Response:
    """The page by which one signs in, told why one is not."""
    desk: Desk = request.app.state.desk
    token = request.cookies.get(COOKIE) or secrets.token_urlsafe(24)
    response = drawn(
        "sign_in.html",
        status,
        person=None,
        project=desk.project.file.name,
        token=token,
        next_page=local(next_page),
        name=name[:200],
        why=why,
        provider=request.app.state.provider,
        can_sign_in=await run_in_threadpool(accounts.any_accounts, desk),
    )
    who.keep(response, request, COOKIE, token)
    return response
