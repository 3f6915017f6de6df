"""One request to another side, bounded in seconds and bytes: no redirect, no cookie kept, no proxy, nothing of the environment.

`httpx` bounds each wait and not the whole; here a deadline does, from the first packet to the last, however slowly they drip.
Its client is not used: that keeps cookies, of one customer for the next, and logs addresses.
"""

import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

MOST_BYTES = 1_000_000
MOST_OF_AN_ERROR = 64_000
"""Bytes of an answer, unpacked, and what is read of one that refuses."""
CONNECT_SECONDS = 5.0
MOST_CONNECTIONS, IDLE_SECONDS = 20, 2.0
"""How many there are at a time; one that lies idle is soon closed, as servers close theirs after 5 seconds and more."""
PIECE = 16_384


class Unanswered(Exception):
    """No whole answer came. `detail` is what the system said of it, for operators alone."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why)
        self.detail = detail


class NotSent(Unanswered):
    """No connection was made, so nothing of the request came to the other side."""


class Broken(Unanswered):
    """The request was sent, in parts at least, and no whole answer came."""


class TooLong(Exception):
    """The answer has too many bytes, or is packed in a way that is not known here. Its `status` came before."""

    status = 0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Connections:
    """The connections to one other side, for any number of threads; made when they are first needed, by a `network` of one's
    own where one is given.
    """

    def __init__(self, network: "Network | None" = None) -> None:
        self._lock = threading.Lock()
        self._network = network
        self._transport: _Transport | None = None

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, seconds: float, most: int) -> Answer:
        """One try. `most` are the bytes of an answer that is no refusal. Raises NotSent, Broken, TooLong."""
        waits = dict.fromkeys(("connect", "pool"), min(CONNECT_SECONDS, seconds)) | dict.fromkeys(("read", "write"), seconds)
        try:
            request = httpx.Request(method, url, headers=headers, content=body, extensions={"timeout": waits})
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise NotSent(type(error).__name__) from None
        _until.time = time.monotonic() + seconds
        try:
            response = self._opened().handle_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise NotSent(_why(error), _detail(error)) from None
        except httpx.TransportError as error:
            raise Broken(_why(error), _detail(error)) from None
        try:
            return Answer(response.status_code, response.headers, _body(response, most))
        except TooLong as error:
            error.status = response.status_code
            raise
        except httpx.TransportError as error:
            raise Broken(_why(error), _detail(error)) from None
        finally:
            with suppress(httpx.TransportError):
                response.close()

    def close(self) -> None:
        with self._lock:
            if self._transport:
                self._transport.close()
            self._transport = None

    def _opened(self) -> "_Transport":
        with self._lock:
            if self._transport is None:
                self._transport = _Transport(self._network or Network())
            return self._transport


class _Transport(httpx.HTTPTransport):
    """That of httpx on connections that keep the deadline."""

    def __init__(self, network: "Network") -> None:
        trusted = httpx.create_ssl_context(trust_env=True)  # whom SSL_CERT_FILE names, which the operator sets
        super().__init__(verify=trusted, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted,
            max_connections=MOST_CONNECTIONS,
            max_keepalive_connections=MOST_CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=network,
        )


class _Until(threading.local):
    """When what this thread asks for must have ended; a connection is read by the thread that asks."""

    time = 0.0


_until = _Until()


def time_left(timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
    """The seconds that a wait may take within what is left of the whole."""
    left = _until.time - time.monotonic()
    if left <= 0:
        raise late("it took too long")
    return left if timeout is None else min(left, timeout)


class Network(httpcore.SyncBackend):
    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *rest: Any, **more: Any) -> "Stream":
        return Stream(super().connect_tcp(host, port, time_left(timeout, httpcore.ConnectTimeout), *rest, **more))


class Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, time_left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for at in range(0, len(buffer), PIECE):
            self._stream.write(buffer[at : at + PIECE], time_left(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "Stream":
        left = time_left(timeout, httpcore.ConnectTimeout)
        return Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _body(response: httpx.Response, most: int) -> bytes:
    """All of an answer; of a refusal its beginning. Raises TooLong."""
    done = 200 <= response.status_code < 300
    whole = bytearray()
    assert isinstance(response.stream, httpx.SyncByteStream)
    for piece in _unpacked(response.stream, response.headers.get("content-encoding", "")):
        whole += piece
        if not done and len(whole) > MOST_OF_AN_ERROR:
            return bytes(whole[:MOST_OF_AN_ERROR])
        if len(whole) > most:
            raise TooLong(f"it has more than {most:,} bytes")
    return bytes(whole)


def _unpacked(pieces: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """The pieces as they were before they were packed, each bounded. We ask for unpacked ones, and some servers do not care."""
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        yield from pieces
        return
    if coding not in ("gzip", "x-gzip"):
        raise TooLong("it is packed in a way that is not known here")
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        for packed in pieces:
            while packed:
                yield unpacking.decompress(packed, PIECE)
                packed = unpacking.unconsumed_tail
        yield unpacking.flush(PIECE)
    except zlib.error:
        raise TooLong("it is packed, and cannot be unpacked") from None
    if not unpacking.eof:
        raise TooLong("it is packed, and breaks off")


def _why(error: Exception) -> str:
    """What kind of an end it was; the words of a library may hold an address."""
    return "it took too long" if isinstance(error, httpx.TimeoutException) else "the connection failed"


def _detail(error: BaseException | None) -> str:
    """What the system calls the failure, such as "Connection refused"; "" where it was none of its own."""
    while error is not None and not isinstance(error, OSError):
        error = error.__cause__ or error.__context__
    return error.strerror or "" if isinstance(error, OSError) else ""
