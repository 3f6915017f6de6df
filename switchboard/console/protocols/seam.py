"""Where protocols meet the rest: the place that they work in, and who may do what there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, Protocol

from switchboard.errors import SwitchboardError
from switchboard.service.place import Place
from switchboard.service.tickets.working import Desk

Scope = Literal["cases:read", "cases:write", "approvals:decide", "stats:read"]
HERE = ("127.0.0.1", "localhost", "::1")
"""What this machine is called by whoever asks it over the loopback."""
FORWARDED = (
    *("forwarded", "x-forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"),
    *("x-real-ip", "via", "cf-connecting-ip"),
)
"""What proxies add to a request, each of them some of it."""


class Served(Place, Desk, Protocol):
    """A place that is served: its `worker()` is the one of the process, which goes on when a request is over."""

    def called(self, name: str) -> str:
        """A name as an operator's, "" being who runs this process. Raises OperatorError where it is none."""


@dataclass(frozen=True)
class Holder:
    """Who asks. As an operator they go by `name`."""

    name: str


class NotLetIn(SwitchboardError):
    """Nobody may ask without a token that holds, or, where there are no accounts, from elsewhere than this machine."""

    who = "client"


class NotAllowed(SwitchboardError):
    """A token holds, and not for this."""

    who = "client"


Authorize = Callable[[str, Scope], Holder | None]
"""Who holds a token, "" where none was shown, that is good for a scope; None where nobody has an account. Raises NotLetIn,
NotAllowed. It may ask the database.
"""


@dataclass(frozen=True)
class Gate:
    """Lets requests in: with a token, or, without accounts, those that a program on this machine makes."""

    place: Served
    authorize: Authorize | None = None

    def let_in(self, scope: Scope, client: str, headers: Mapping[str, str]) -> Holder:
        """Who asks from an address, with these headers, their names in small letters. Raises NotLetIn, NotAllowed."""
        kind, _, token = headers.get("authorization", "").partition(" ")
        shown = token.strip() if kind.lower() == "bearer" else ""
        if self.authorize and (holder := self.authorize(shown, scope)):
            return holder
        if "origin" in headers or not is_here(client, headers):  # a page of a browser says where it is from
            raise NotLetIn("Without accounts only programs on this machine are served. Make an account and a token first.")
        return Holder(self.place.called(""))

    def may(self, scope: Scope, client: str, headers: Mapping[str, str]) -> bool:
        """Whether who asks would be let in for a scope, too."""
        try:
            self.let_in(scope, client, headers)
        except (NotLetIn, NotAllowed):
            return False
        return True


def is_here(client: str, headers: Mapping[str, str]) -> bool:
    """Whether this machine is asked by itself, under a name of its own, and not by somebody behind a proxy."""
    try:
        is_near = ip_address(client).is_loopback
    except ValueError:
        return False
    return is_near and _host(headers.get("host", "")) in HERE and not any(name in headers for name in FORWARDED)


def _host(authority: str) -> str:
    """The name of an authority without its port."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.partition(":")[0].lower()
