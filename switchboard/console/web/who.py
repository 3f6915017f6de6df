"""Who is at a page: who has signed in; where nobody has an account, whoever sits at this machine, as at the terminal."""

from ipaddress import ip_address
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from switchboard.accounts.roles import Role
from switchboard.console.app import Workplace
from switchboard.console.protocols.seam import is_here
from switchboard.service import accounts
from switchboard.service.accounts import Person

COOKIE = "switchboard_session"
OF_WHO_SITS_HERE: Role = "admin"


def whose(place: Workplace, request: Request) -> Person | None:
    """The person who asks for a page."""
    token = request.cookies.get(COOKIE)
    signed_in = accounts.whose(place, token) if token else None
    if signed_in or not _sits_here(place, request):
        return signed_in
    return Person(place.called(""), OF_WHO_SITS_HERE)


def form_token_of(place: Workplace, request: Request) -> str:
    """What the forms of a session carry; "" where there is no session."""
    token = request.cookies.get(COOKIE)
    return accounts.csrf_of(place, token) if token else ""


def is_still_there(place: Workplace, request: Request) -> bool:
    """Whether who asked for a page may be told what is new on it. A page that is open is no use of a session."""
    return bool(form_token_of(place, request)) or _sits_here(place, request)


def _sits_here(place: Workplace, request: Request) -> bool:
    """Whether somebody at this machine asks, and nobody has an account. One who comes through a proxy may be anywhere."""
    return is_here(address_of(request), request.headers) and not accounts.any_accounts(place)


def address_of(request: Request) -> str:
    """Where a request comes from. What it says of that itself anybody may write."""
    return request.client.host if request.client else ""


def keep(
    response: Response, request: Request, name: str, token: str, *, comes_by_links: bool = False, seconds: int | None = None
) -> None:
    """Have a browser keep a token that no script reads, no other path's page, and, over TLS, nobody on the way."""
    same_site: Literal["lax", "strict"] = "lax" if comes_by_links else "strict"
    is_safe = came_by_tls(request)
    response.set_cookie(name, token, max_age=seconds, httponly=True, samesite=same_site, secure=is_safe, path="/")


def came_by_tls(request: Request) -> bool:
    """Whether a request came over TLS. One that says so of its proxy is believed: it can have but its own cookie guarded."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))


def is_this_machine(host: str) -> bool:
    """Whether an address to listen on is reached from this machine alone."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
