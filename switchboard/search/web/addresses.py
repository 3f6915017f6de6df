"""Which addresses of the internet may be asked: public ones alone, each looked up once and then connected to as it was checked.

The name goes on to stand in the request's Host and in TLS; the connection goes to the address that was looked at, so that a
name which means another one a moment later gains nothing.
"""

import socket
import threading
from collections.abc import Callable, Collection, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore

from switchboard.errors import Refused
from switchboard.toolsets.openapi.connection import Network, Stream, time_left

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a name. Raises OSError."""
UNICAST = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")
TUNNELS = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
"""Teredo and 6to4, which lead to an IPv4 address that they hide."""
SERVES_MACHINES = frozenset(("168.63.129.16", "192.88.99.1"))
"""Public by its number, and a cloud's service for its own machines; and the relay of 6to4."""
MOST_TRIED = 4


def is_public(text: str) -> bool:
    """Whether an address is of the internet at large: not of this machine, a network of one's own, a link, a cloud, a group."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.scope_id:
            return False
        within = address.ipv4_mapped or (IPv4Address(int(address) & 0xFFFF_FFFF) if address in NAT64 else None)
        if within:
            return is_public(str(within))
        if address not in UNICAST or any(address in tunnel for tunnel in TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved and text not in SERVES_MACHINES


def looked_up(host: str, port: int) -> list[str]:
    """The addresses of a name, as this machine knows it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PublicNetwork(Network):
    """Connects to public addresses alone, and to those that are `private` and named with their port ("127.0.0.1:8080")."""

    def __init__(self, private: Collection[str] = (), resolve: Resolve = looked_up) -> None:
        super().__init__()
        self._private, self._resolve = frozenset(private), resolve

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *rest: Any, **more: Any) -> Stream:
        """Raises Refused where any of the name's addresses is not public: such a name is not to be trusted with the others."""
        addresses = self._addresses(host, port, time_left(timeout, httpcore.ConnectTimeout))
        for address in addresses:
            named = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
            if not is_public(address) and named not in self._private:
                why = "it leads to an address that is not public, and so is no page of the web"
                raise Refused(why, code="private_address")
        failed: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses[:MOST_TRIED]:
            try:
                return super().connect_tcp(address, port, timeout, *rest, **more)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        assert failed, "a name that leads nowhere was refused"
        raise failed

    def _addresses(self, host: str, port: int, seconds: float) -> list[str]:
        """What a name stands for, within a time that the system's own look-up does not keep."""
        found: list[str] = []

        def look_up() -> None:
            try:
                found.extend(self._resolve(host, port))
            except (OSError, UnicodeError):  # there is no such name, or it cannot be one
                return

        thread = threading.Thread(target=look_up, daemon=True, name="look-up")
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            raise httpcore.ConnectTimeout("its name could not be looked up in time")
        if not found:
            raise httpcore.ConnectError("its name leads nowhere")
        return list(found)
