"""Signing in by a provider: the browser is sent there, and begins a session with what it comes back with."""

from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from switchboard.accounts.oidc import Begun, Provider, ProviderAway
from switchboard.console.web import who
from switchboard.console.web.asked import COOKIE
from switchboard.console.web.desk import Desk
from switchboard.console.web.pages.signing_in import end_session, form, local
from switchboard.errors import OperatorError
from switchboard.service import accounts
from switchboard.service.accounts import TooManyTries

BEGUN, BACK = "switchboard_provider", "/sign-in/provider/back"
SECONDS = 600
"""How long one may take to sign in there."""
NOT_BEGUN = "You were not signed in: this was not begun in this browser, or too long ago. Begin anew."
NONE = "Nobody signs in by a provider here."


async def begin(request: Request) -> Response:
    """Send the browser to the provider, with what it began in a cookie that no script reads."""
    provider: Provider | None = request.app.state.provider
    next_page = local(request.query_params.get("next", ""))
    if provider is None:
        return await form(request, 404, next_page, why=NONE)
    try:
        begun, url = await run_in_threadpool(provider.begin, _back(request))
    except OperatorError as error:
        return await form(request, 503, next_page, why=str(error))
    response = RedirectResponse(url, 303)
    kept = ".".join((begun.state, begun.nonce, begun.verifier, quote(next_page, safe="")))
    who.keep(response, request, BEGUN, kept, comes_by_links=True, seconds=SECONDS)
    return response


async def back(request: Request) -> Response:
    """Begin a session, with a token that this browser did not have before, for whom the provider names."""
    desk: Desk = request.app.state.desk
    provider: Provider | None = request.app.state.provider
    if provider is None:
        return await form(request, 404, "", why=NONE)
    if (found := _begun(request)) is None:
        return await form(request, 403, "", why=NOT_BEGUN)
    begun, next_page = found
    given, address = dict(request.query_params), who.address_of(request, desk.project.file.accounts.proxies)
    try:
        signed_in = await run_in_threadpool(accounts.sign_in_by_provider, desk, provider, begun, given, _back(request), address)
    except OperatorError as error:
        status = 429 if isinstance(error, TooManyTries) else 503 if isinstance(error, ProviderAway) else 403
        response = await form(request, status, next_page, why=str(error))
    else:
        await run_in_threadpool(end_session, desk, request)
        response = RedirectResponse(next_page, 303)
        who.keep(response, request, who.COOKIE, signed_in.token, comes_by_links=True)
        response.delete_cookie(COOKIE, path="/")
    response.delete_cookie(BEGUN, path="/")
    return response


def _begun(request: Request) -> tuple[Begun, str] | None:
    """What this browser began, and where it wanted to go."""
    parts = request.cookies.get(BEGUN, "").split(".", 3)
    if len(parts) != 4 or not all(parts[:3]):
        return None
    return Begun(*parts[:3]), local(unquote(parts[3]))


def _back(request: Request) -> str:
    """Where the provider sends the browser: to the name by which it asked, which is one of ours."""
    return f"{'https' if who.came_by_tls(request) else 'http'}://{request.headers['host']}{BACK}"
