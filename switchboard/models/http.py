"""One request to one endpoint, over connections that are kept open.

By hand on `http.client`'s reader of answers: a client library's types, hooks and pools take three to eight times the processor
time, and nothing of them is needed here. No redirect is followed, and nothing is sent anywhere but to the endpoint.
"""

import json
import os
import re
import socket
import time
import weakref
import zlib
from collections import deque
from functools import cached_property
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from switchboard.models.endpoints import Endpoint
from switchboard.models.failures import BadAnswer, NoConnection, Status, TooSlow
from switchboard.models.wire import Deadline, Line, Route, is_quiet, route_to

MOST_BYTES = 8 * 1024 * 1024
"""Of one answer: a hundred times what the longest ones have."""
TOO_LONG = f"answered with more than {MOST_BYTES // 1024 // 1024} MiB"
MOST_IDLE, IDLE_SECONDS = 200, 30.0
"""How many connections are kept, and how long one may lie idle. Servers and routers between forget it after a while."""
IN_A_PATH = "/%:@!$&'()*+,;=~"
HEADER = re.compile(r"([!#$%&'*+.^_`|~\w-]+):[ \t]*([\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?", re.ASCII)


class Client:
    """The connections to one endpoint, for any number of threads."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._idle: deque[tuple[socket.socket, float]] = deque()
        weakref.finalize(self, _close, self._idle)

    def post(self, body: dict[str, Any], seconds: float) -> bytes:
        """The answer's body. `seconds` are for all of it, from connecting to the last byte. Raises Failure, and BadAnswer for
        one that is too long.
        """
        # Half a surrogate pair, out of a model's JSON or a cut text, is not sendable: it becomes a question mark.
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        deadline = Deadline(seconds)
        try:
            kept = self._kept()
            if kept:
                try:
                    return self._round_trip(kept, data, deadline)
                except _Stale:
                    pass
            return self._round_trip(self._route.open(deadline), data, deadline)
        except TimeoutError:
            raise TooSlow(f"no answer within {seconds:g} s") from None
        except (OSError, HTTPException, _Stale) as error:
            raise NoConnection(str(error) or type(error).__name__) from None

    def _round_trip(self, sock: socket.socket, data: bytes, deadline: Deadline) -> bytes:
        """Send, and read all that comes; the connection is kept if it is as it was before, else closed."""
        try:
            response = HTTPResponse(Line(sock, deadline), method="POST")  # type: ignore[arg-type]
            try:
                sock.settimeout(deadline.left())
                sock.sendall(b"%b%d\r\n\r\n%b" % (self._head, len(data), data))
                response.begin()
            except (BrokenPipeError, ConnectionResetError) as error:  # http.client's RemoteDisconnected is one
                raise _Stale(str(error)) from None
            body = _whole(response)
            if response.will_close or response.status < 200 or len(self._idle) >= MOST_IDLE:
                sock.close()
            else:
                self._idle.append((sock, time.monotonic()))
        except BaseException:
            sock.close()
            raise
        if not 200 <= response.status < 300:
            text = body.decode("utf-8", "replace")
            raise Status(response.status, text, _wait_asked(response), _origin(response.getheader("location")))
        return body

    def _kept(self) -> socket.socket | None:
        """The connection that was used last, if it is still good."""
        while self._idle:
            try:
                sock, since = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            if time.monotonic() - since < IDLE_SECONDS and is_quiet(sock):
                return sock
            sock.close()
        return None

    @cached_property
    def _route(self) -> Route:
        return route_to(self._endpoint.base_url, direct=self._endpoint.is_loopback)

    @cached_property
    def _head(self) -> bytes:
        """What comes before the body but for its length, which is the last header."""
        route, target = self._route, _path(self._endpoint)
        headers = {"Host": route.netloc, **_headers(self._endpoint)}
        if route.proxy and not route.tls:
            target = f"http://{route.netloc}{target}"
            headers |= {"Proxy-Authorization": route.proxy.authorization} if route.proxy.authorization else {}
        lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "Content-Length: "]).encode("ascii")


class _Stale(Exception):
    """The other side closed the connection before it said a word: a kept one may have been forgotten there."""


def _whole(response: HTTPResponse) -> bytes:
    """The body. Raises BadAnswer where it is too long, and NoConnection where it ends too early."""
    if (response.length or 0) > MOST_BYTES:
        raise BadAnswer(TOO_LONG)
    body = response.read(MOST_BYTES + 1)
    if len(body) <= MOST_BYTES and response.length:
        raise NoConnection(f"the answer broke off {response.length} bytes before its end")
    if response.getheader("content-encoding", "").lower() in ("gzip", "x-gzip", "deflate"):  # which was not asked for
        try:
            body = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, MOST_BYTES + 1)
        except zlib.error as error:
            raise NoConnection(f"the answer cannot be unpacked: {error}") from None
    if len(body) > MOST_BYTES:
        raise BadAnswer(TOO_LONG)
    return body


def _wait_asked(response: HTTPResponse) -> str | None:
    """Retry-After, or what some send beside it, in milliseconds."""
    exact = response.getheader("retry-after-ms", "")
    return str(int(exact) / 1000) if re.fullmatch(r"\d{1,9}", exact, re.ASCII) else response.getheader("retry-after")


def _path(endpoint: Endpoint) -> str:
    path = quote(urlsplit(endpoint.base_url).path.rstrip("/"), safe=IN_A_PATH)
    query = dict(endpoint.default_query)
    if endpoint.api_type == "azure":
        path = f"{path}/openai/deployments/{quote(endpoint.azure_deployment or '', safe='')}"
        query = {"api-version": endpoint.api_version or "", **query}
    return f"{path}/chat/completions{'?' if query else ''}{urlencode(query, quote_via=quote, safe='')}"


def _headers(endpoint: Endpoint) -> dict[str, str]:
    """The headers of every request; the variables are those of OpenAI's own client."""
    key, variables = endpoint.api_key.get_secret_value(), os.environ
    if endpoint.api_type == "azure":
        token = variables.get("AZURE_OPENAI_AD_TOKEN", "")
        given = [f"Authorization: Bearer {token}" if token else f"api-key: {key}"]
    else:
        given = [f"Authorization: Bearer {key}"]
        given += [f"OpenAI-Organization: {variables.get('OPENAI_ORG_ID', '')}"]
        given += [f"OpenAI-Project: {variables.get('OPENAI_PROJECT_ID', '')}"]
    given += ["Content-Type: application/json", "Accept: application/json", "Accept-Encoding: identity"]
    given += ["User-Agent: switchboard", *variables.get("OPENAI_CUSTOM_HEADERS", "").split("\n")]
    given += [f"{name}: {value.get_secret_value()}" for name, value in endpoint.default_headers.items()]
    headers: dict[str, tuple[str, str]] = {}
    for line in given:
        found = HEADER.fullmatch(line.strip())
        if found and found[2]:
            headers[found[1].lower()] = (found[1], found[2])
    for ours in ("host", "content-length", "transfer-encoding", "connection"):
        headers.pop(ours, None)
    return dict(headers.values())


def _origin(location: str | None) -> str:
    """Where a redirect points, without what may be a secret in it."""
    found = re.match(r"https?://[\w.-]+", location or "", re.ASCII)
    return found[0] if found else ""


def _close(idle: deque[tuple[socket.socket, float]]) -> None:
    while idle:
        idle.pop()[0].close()
