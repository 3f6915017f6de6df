"""The way to a model server: straight or through a proxy, with TLS where the address says so, all within one deadline."""

import io
import ipaddress
import os
import select
import socket
import ssl
import sys
import time
from base64 import b64encode
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPResponse
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies

from switchboard.models.failures import NoConnection, Unusable

CONNECT_SECONDS = 5.0
PORTS = {"http": 80, "https": 443}


class Deadline:
    """What is left of a request's seconds, from the first packet to the last."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds, more than 0. Raises TimeoutError when there are none."""
        seconds = self._until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


@dataclass(frozen=True)
class Proxy:
    host: str
    port: int
    tls: bool
    authorization: str = field(default="", repr=False)


@dataclass(frozen=True)
class Route:
    """Where a request goes, and by which proxy."""

    host: str
    port: int
    tls: bool
    proxy: Proxy | None = None

    @property
    def netloc(self) -> str:
        """As the Host header has it: an IPv6 address in brackets, the usual port left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS["https" if self.tls else "http"] else f"{host}:{self.port}"

    def open(self, deadline: Deadline) -> socket.socket:
        """A connection. Raises OSError (TimeoutError among them), NoConnection where a proxy refuses, and Unusable."""
        first = self.proxy or self
        if self.proxy and self.proxy.tls and self.tls:
            raise Unusable("an https:// proxy cannot lead to an https:// address here; give it as http:// in HTTPS_PROXY")
        sock = _reach(first.host, first.port, deadline)
        try:
            if self.proxy and self.proxy.tls:
                sock = _with_tls(sock, self.proxy.host, deadline)
            if self.proxy and self.tls:
                self._tunnel(sock, self.proxy, deadline)
            return _with_tls(sock, self.host, deadline) if self.tls else sock
        except BaseException:
            sock.close()
            raise

    def _tunnel(self, sock: socket.socket, proxy: Proxy, deadline: Deadline) -> None:
        """Ask the proxy to pass on what follows, which it cannot read."""
        target = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        lines += [f"Proxy-Authorization: {proxy.authorization}"] if proxy.authorization else []
        sock.settimeout(deadline.left())
        sock.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        response = HTTPResponse(Line(sock, deadline), method="CONNECT")  # type: ignore[arg-type]
        response.begin()
        if response.status != 200:
            raise NoConnection(f"the proxy answers HTTP {response.status}")


class Line:
    """A socket as `HTTPResponse` takes it: each read waits no longer than the deadline, however slowly bytes drip in."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock, self._deadline), 16_384)


class _Reader(io.RawIOBase):
    """It does not close the socket, which may be used again."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)


def is_quiet(sock: socket.socket) -> bool:
    """Whether a connection that lies idle is still good: the other side has neither closed it nor said anything."""
    if sys.platform == "win32":
        return not select.select([sock], [], [], 0)[0]
    poll = select.poll()  # select() knows no more than 1,024 open files
    poll.register(sock, select.POLLIN)
    return not poll.poll(0)


def _reach(host: str, port: int, deadline: Deadline) -> socket.socket:
    """A connection to the first address of a host that takes it."""
    failed: OSError = OSError("the name has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(min(CONNECT_SECONDS, deadline.left()))
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        except OSError as error:
            sock.close()
            failed = error
        except BaseException:
            sock.close()
            raise
    raise failed


def _with_tls(sock: socket.socket, host: str, deadline: Deadline) -> ssl.SSLSocket:
    sock.settimeout(deadline.left())
    return _trusted().wrap_socket(sock, server_hostname=host)


@cache
def _trusted() -> ssl.SSLContext:
    """Whom we believe: what SSL_CERT_FILE or SSL_CERT_DIR name, else Mozilla's list, which takes 30 to 100 ms to load."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if not file and not folder:
        import certifi

        file = certifi.where()
    context = ssl.create_default_context(cafile=file or None, capath=None if file else folder)
    context.set_alpn_protocols(["http/1.1"])
    return context


def route_to(url: str, direct: bool = False) -> Route:
    """The way to an address, by the proxy that the environment names for it, unless it shall be `direct`. Raises Unusable."""
    parts = urlsplit(url)
    tls = parts.scheme == "https"
    try:
        host, port = _ascii(parts.hostname or ""), parts.port or PORTS[parts.scheme]
    except ValueError as error:
        raise Unusable(f"base_url is not an address ({error})") from None
    return Route(host, port, tls, None if direct else _proxy_for(parts, host, port))


def _ascii(host: str) -> str:
    """A name as the network knows it: bücher.example is xn--bcher-kva.example there."""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _proxy_for(parts: SplitResult, host: str, port: int) -> Proxy | None:
    proxies = getproxies()
    address = proxies.get(parts.scheme) or proxies.get("all")
    if not address or is_exempt(host, port, proxies.get("no", "")):
        return None
    try:
        proxy = urlsplit(address if "://" in address else f"http://{address}")
        name, its_port = _ascii(proxy.hostname or ""), proxy.port or PORTS.get(proxy.scheme, 0)
    except ValueError:
        raise Unusable("the proxy that HTTP_PROXY, HTTPS_PROXY or ALL_PROXY names is not an address") from None
    if proxy.scheme not in PORTS or not name:
        raise Unusable(f"a proxy of the kind {proxy.scheme}:// cannot be used here; name one that is http://")
    user = f"{unquote(proxy.username or '')}:{unquote(proxy.password or '')}"
    login = f"Basic {b64encode(user.encode()).decode()}" if proxy.username else ""
    return Proxy(name, its_port, proxy.scheme == "https", login)


MOST_HOST = 253
"""Characters of the name of a host (RFC 1035, section 2.3.4, less what its form takes)."""


def is_exempt(host: str, port: int, no_proxy: str) -> bool:
    """Whether NO_PROXY names a host: by its name or a domain above it, a network, with a port or without, or `*` for all."""
    if len(host) > MOST_HOST:
        return False
    for entry in no_proxy.lower().split(","):
        entry = entry.strip()
        if entry == "*":
            return True
        name, its_port = _name_and_port(entry.partition("://")[2] or entry)
        if its_port in ("", str(port)) and name and _is_within(host.lower(), name):
            return True
    return False


def _name_and_port(entry: str) -> tuple[str, str]:
    if entry.startswith("["):
        name, _, port = entry[1:].partition("]")
        return name, port.removeprefix(":")
    name, _, port = entry.partition(":") if entry.count(":") == 1 else (entry, "", "")
    return name, port


def _is_within(host: str, name: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(name, strict=False)
    except ValueError:  # one of them is a name
        return host == name or host.endswith(name if name.startswith(".") else f".{name}")
