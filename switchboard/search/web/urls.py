"""Addresses of pages, taken apart once, by what also sends the request; and which of them a project lets be read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from switchboard.errors import Refused

MOST_CHARACTERS = 2_000
HOST = re.compile(r"[a-z0-9_][a-z0-9_.-]*|[0-9a-f.]{0,45}:[0-9a-f:.]{0,45}")
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Target:
    """A page's address as it is asked, without its fragment."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{'' if self.port == PORTS[self.scheme] else f':{self.port}'}"


def target_of(text: str, base: Target | None = None) -> Target:
    """An address, as it stands in what `base` gave. Raises Refused for what is no address of a page."""
    try:
        url = httpx.URL(base.url).join(text.strip()) if base else httpx.URL(text.strip())
        host, port = url.raw_host.decode("ascii").lower(), url.port
    except (httpx.InvalidURL, UnicodeError, ValueError, TypeError):
        raise Refused("it is no address of a page", code="no_address") from None
    if url.scheme not in PORTS or not HOST.fullmatch(host) or not (port is None or 0 < port < 65_536):
        raise Refused("only addresses of hosts that begin with http:// or https:// are read", code="no_address")
    if url.userinfo:
        raise Refused("its address holds a name or a password", code="no_address")
    whole = str(url.copy_with(fragment=None))
    if len(whole) > MOST_CHARACTERS:  # as it is asked, with the host, and with its letters written out
        raise Refused("its address is too long", code="no_address")
    return Target(whole, url.scheme, host.rstrip("."), port or PORTS[url.scheme])


def is_allowed(target: Target, patterns: Sequence[str]) -> bool:
    """Whether one of the project's patterns fits a host, and its port, where that is not the usual one."""
    return any(_fits(target, pattern) for pattern in patterns)


def _fits(target: Target, pattern: str) -> bool:
    host, _, port = pattern.rpartition(":") if pattern.rpartition(":")[2].isdigit() else (pattern, "", "")
    if (target.port != int(port)) if port else (target.port not in PORTS.values()):
        return False
    if host == "*":
        return True
    if host.startswith("*."):
        return target.host.endswith(host[1:]) and len(target.host) > len(host) - 1
    return target.host == host.strip("[]").rstrip(".")
