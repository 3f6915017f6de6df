"""Who is at a page: who has signed in; where nobody has an account, whoever sits at this machine, as at the terminal."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
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
    return is_here(peer_of(request), request.headers) and not accounts.any_accounts(place)


def peer_of(request: Request) -> str:
    """What this process is asked by, which may be a proxy."""
    return request.client.host if request.client else ""


def address_of(request: Request, proxies: Collection[str]) -> str:
    """Where a request comes from: the last address that it names which is none of our proxies, where these passed it on. What
    stands before that anybody may have written.
    """
    ours = [ip_network(text) for text in proxies]
    said = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    at = peer_of(request)
    for hop in [at, *reversed(said)]:
        address = _address(hop.strip())
        if address is None:  # the proxy does not say whom it was asked by
            return at
        at = str(address)
        if not any(address in network for network in ours):
            return at
    return at


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as a proxy writes it, which may have a port behind it."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text.partition(":")[0] if text.count(":") == 1 else text
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


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
