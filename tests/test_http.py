"""One request to a model server: how long and how large it may be, which way it goes, and what is never sent."""

import gzip
import json
import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from support.absent import self_signed

from switchboard.models import http, wire
from switchboard.models.endpoints import Endpoint
from switchboard.models.failures import BadAnswer, Failure, NoConnection, Status, TooSlow, Unusable, described
from switchboard.models.http import Client
from switchboard.models.scripted import ScriptedModel
from switchboard.models.wire import is_exempt, route_to

BODY = {"model": "m", "messages": [{"role": "user", "content": "the prompt"}]}
KEY = "sk-test-0123456789abcdef"
HERE = Endpoint(model="m", api_key=KEY)
Talk = Callable[[socket.socket], None]


class Raw:
    """A server that says what it is told to, byte by byte; `heard` is what each of its connections was sent first."""

    def __init__(self, talk: Talk) -> None:
        self.heard: list[bytes] = []
        self.connections = 0
        self._talk = talk
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(model="m", base_url=f"http://127.0.0.1:{self.port}/v1", api_key=KEY)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self._talk(connection)

    def hear(self, connection: socket.socket) -> bytes:
        """A whole request, head and body; empty at the end."""
        heard = b""
        while b"\r\n\r\n" not in heard:
            more = connection.recv(65_536)
            if not more:
                return b""
            heard += more
        head, _, body = heard.partition(b"\r\n\r\n")
        lengths = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
        while lengths and len(body) < lengths[0]:
            body += connection.recv(65_536)
        self.heard.append(head + b"\r\n\r\n" + body)
        return self.heard[-1]

    def __enter__(self) -> "Raw":
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


def saying(*parts: bytes, pause: float = 0.0) -> Raw:
    """A server that answers the first request of each connection with these parts, and then closes."""

    def talk(connection: socket.socket) -> None:
        server.hear(connection)
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)

    server = Raw(talk)
    return server


def failing(server: Raw, seconds: float = 5.0) -> Failure | BadAnswer:
    with server, pytest.raises((Failure, BadAnswer)) as caught:
        Client(server.endpoint).post(BODY, seconds)
    return caught.value


DRIPS = {
    "a status line": (b"H", b"T", b"T", b"P", b"/", b"1") * 20,
    "headers": (b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 90),
    "a body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", *[b"x"] * 90),
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 90),
    "a body without a length": (b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 90),
}


@pytest.mark.parametrize("what", DRIPS)
def test_the_seconds_are_for_the_whole_answer_however_slowly_it_drips_in(what: str) -> None:
    assert isinstance(failing(saying(*DRIPS[what], pause=0.05), seconds=0.4), TooSlow)  # all of it would take 4 s


TOO_MUCH = {
    "as it says": (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",),
    "in one chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFF\r\n", *[b"x" * 1000] * 3),
    "in many chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"3E8\r\n" + b"x" * 1000 + b"\r\n"] * 3),
    "until it closes": (b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 1000] * 3),
    "unpacked": (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(b"x" * 5000, mtime=0)),
}


@pytest.mark.parametrize("how", TOO_MUCH)
def test_an_answer_that_is_too_long_is_not_read_on(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST_BYTES", 2000)
    error = failing(saying(*TOO_MUCH[how]))
    assert isinstance(error, BadAnswer) and "more than" in str(error)


BROKEN = {
    "nothing": (),
    "something else": (b"SSH-2.0-OpenSSH_9.6\r\n",),
    "half a body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",),
    "half a chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{",),
    "a chunk without a size": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{",),
    "a line without an end": (b"HTTP/1.1 200 " + b"x" * 70_000,),
    "headers without an end": (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 200),
    "what cannot be unpacked": (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_answer_is_no_connection(what: str) -> None:
    error = failing(saying(*BROKEN[what]))
    assert isinstance(error, NoConnection) and error.temporary
    assert described(error, HERE, 5).isprintable()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{'a':1}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{'a\r\n4;x=y\r\n':1}\r\n0\r\nT: u\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n{'a':1}",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{'a':1}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"{'a':1}", mtime=0),
    ],
)
def test_every_form_of_a_whole_answer_is_read(answer: bytes) -> None:
    with saying(answer) as server:
        assert Client(server.endpoint).post(BODY, 5) == b"{'a':1}"


def test_a_connection_is_kept_and_one_that_the_other_side_forgot_is_made_anew() -> None:
    answers = 0

    def talk(connection: socket.socket) -> None:
        nonlocal answers
        while server.hear(connection):
            answers += 1
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            if answers == 3:
                return
            if answers == 5:  # after the next request: it dies with the request unanswered
                server.hear(connection)
                return

    server = Raw(talk)
    with server:
        client = Client(server.endpoint)
        for _ in range(3):
            client.post(BODY, 5)
        assert server.connections == 1
        time.sleep(0.1)
        for _ in range(2):
            client.post(BODY, 5)
        assert server.connections == 2
        assert client.post(BODY, 5) == b"{}" and server.connections == 3


@pytest.mark.slow
def test_a_connection_that_broke_off_or_was_too_slow_is_not_used_again() -> None:
    def talk(connection: socket.socket) -> None:
        while server.hear(connection):
            late = len(server.heard) == 1
            time.sleep(0.4 if late else 0)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + (b"late" if late else b"good"))

    server = Raw(talk)
    with server:
        client = Client(server.endpoint)
        with pytest.raises(TooSlow):
            client.post(BODY, 0.2)
        time.sleep(0.4)
        assert client.post(BODY, 5) == b"good" and server.connections == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_takes_neither_prompt_nor_key_elsewhere_and_says_where_it_points(status: int) -> None:
    with ScriptedModel(["never"]) as elsewhere:
        place = elsewhere.url.encode() + b"?token=secret"
        error = failing(saying(b"HTTP/1.1 %d Moved\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % (status, place)))
    assert isinstance(error, Status) and error.who == "operator" and not error.temporary
    text = described(error, HERE, 5)
    assert f"HTTP {status}, a redirect to http://127.0.0.1, which is not followed" in text and "secret" not in text
    assert elsewhere.count == 0


@pytest.mark.parametrize("location", [b"/elsewhere", b"http://[", b"javascript:alert(1)", b"\x1b[31mhttp://x", b""])
def test_a_redirect_to_nowhere_is_one_too(location: bytes) -> None:
    error = failing(saying(b"HTTP/1.1 302 Found\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % location))
    assert isinstance(error, Status) and error.to == ""


@pytest.mark.parametrize(("status", "who"), [(400, "operator"), (401, "operator"), (404, "operator"), (408, "other side"),
                                             (429, "other side"), (500, "other side"), (503, "other side")])  # fmt: skip
def test_an_error_says_who_can_mend_it(status: int, who: str) -> None:
    error = failing(saying(b"HTTP/1.1 %d X\r\nContent-Length: 2\r\n\r\n{}" % status))
    assert error.who == who


@pytest.mark.parametrize(("headers", "asked"), [(b"Retry-After: 7", "7"), (b"Retry-After: 7\r\nretry-after-ms: 6500", "6.5")])
def test_how_long_a_server_wants_to_be_left_alone(headers: bytes, asked: str) -> None:
    error = failing(saying(b"HTTP/1.1 429 X\r\n%b\r\nContent-Length: 2\r\n\r\n{}" % headers))
    assert isinstance(error, Status) and error.asked_wait == asked


def test_what_every_request_carries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "bad\r\nX-Injected: 1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Team: desk\nHost: elsewhere\nno header\nContent-Length: 0")
    with ScriptedModel(["Here."]) as model:
        endpoint = Endpoint(model="m", base_url=f"{model.url.removesuffix('/v1')}/a b/v1/", api_key=KEY)
        Client(endpoint).post(BODY, 5)
    headers = model.headers[0]
    assert model.paths == ["/a%20b/v1/chat/completions"] and model.requests == [BODY]
    assert headers["host"] == endpoint.host and headers["authorization"] == f"Bearer {KEY}"
    assert headers["content-type"] == "application/json" and headers["openai-organization"] == "org-1"
    assert headers["x-team"] == "desk" and "openai-project" not in headers and "x-injected" not in headers


def test_azures_own_token_comes_before_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "token-1")
    with ScriptedModel(["Here."]) as model:
        Client(Endpoint(model="gpt", api_type="azure", base_url=model.url, api_key=KEY, api_version="1")).post(BODY, 5)
    assert model.headers[0]["authorization"] == "Bearer token-1" and "api-key" not in model.headers[0]


# --- proxies ---


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


def test_plain_http_goes_to_the_proxy_with_the_whole_address_and_its_password(bare: pytest.MonkeyPatch) -> None:
    with saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as proxy:
        bare.setenv("HTTP_PROXY", f"http://me:p%40ss@127.0.0.1:{proxy.port}")
        endpoint = Endpoint(model="m", base_url="http://model.example:8000/v1", api_key=KEY)
        assert Client(endpoint).post(BODY, 5) == b"{}"
    head = proxy.heard[0].decode()
    assert head.startswith("POST http://model.example:8000/v1/chat/completions HTTP/1.1\r\nHost: model.example:8000\r\n")
    assert f"Proxy-Authorization: Basic {b64encode(b'me:p@ss').decode()}\r\n" in head


def test_a_proxy_that_refuses_is_no_connection_and_hears_neither_key_nor_prompt(bare: pytest.MonkeyPatch) -> None:
    with saying(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") as proxy:
        bare.setenv("HTTPS_PROXY", f"127.0.0.1:{proxy.port}")
        with pytest.raises(NoConnection, match="the proxy answers HTTP 407"):
            Client(Endpoint(model="m", base_url="https://[2001:db8::1]/v1", api_key=KEY)).post(BODY, 5)
    assert proxy.heard == [b"CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n"]


@pytest.mark.parametrize(
    ("variable", "proxy", "words"),
    [
        ("ALL_PROXY", "socks5://me:secret@127.0.0.1:1080", "of the kind socks5://"),
        ("HTTPS_PROXY", "https://me:secret@127.0.0.1:1080", "cannot lead to an https:// address"),
        ("HTTPS_PROXY", "http://127.0.0.1:no-port", "is not an address"),
        ("HTTPS_PROXY", "http://[::1", "is not an address"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_for_the_operator(
    bare: pytest.MonkeyPatch, variable: str, proxy: str, words: str
) -> None:
    bare.setenv(variable, proxy)
    with pytest.raises(Unusable, match=words) as caught:
        Client(Endpoint(model="m", base_url="https://model.example/v1", api_key=KEY)).post(BODY, 5)
    assert caught.value.who == "operator" and "secret" not in str(caught.value)


def test_no_request_to_this_machine_goes_to_a_proxy(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("ALL_PROXY", "http://proxy.example:3128")
    with ScriptedModel(["Here."]) as model:
        for host in ("127.0.0.1", "localhost"):
            url = model.url.replace("127.0.0.1", host)
            assert b"Here." in Client(Endpoint(model="m", base_url=url, api_key=KEY)).post(BODY, 5)
            model.requests.clear()


EXEMPT = [
    ("*", "http://model.example", True),
    ("model.example", "http://model.example", True),
    ("MODEL.example", "http://model.example", True),
    ("example", "http://model.example", True),
    ("xample", "http://model.example", False),
    (".model.example", "http://model.example", False),
    (".example", "http://model.example", True),
    ("a.example, model.example", "http://model.example", True),
    ("model.example:8000", "http://model.example:8000", True),
    ("model.example:8000", "http://model.example", False),
    ("http://model.example", "http://model.example", True),
    ("10.0.0.5", "http://10.0.0.5", True),
    ("10.0.0.0/8", "http://10.1.2.3", True),
    ("10.0.0.0/8", "http://11.1.2.3", False),
    ("[2001:db8::1]", "http://[2001:db8::1]:8000", True),
    ("2001:db8::1", "http://[2001:db8::1]:8000", True),
    ("[2001:db8:0::1]:8000", "http://[2001:db8::1]:8000", True),
    ("[2001:db8::1]:8001", "http://[2001:db8::1]:8000", False),
    ("2001:db8::/32", "http://[2001:db8::1]", True),
    ("[", "http://model.example", False),
    (",,", "http://model.example", False),
]


@pytest.mark.parametrize(("no_proxy", "url", "exempt"), EXEMPT)
def test_no_proxy_names_hosts_domains_networks_and_ports(
    bare: pytest.MonkeyPatch, no_proxy: str, url: str, exempt: bool
) -> None:
    bare.setenv("HTTP_PROXY", "http://proxy.example:3128")
    bare.setenv("NO_PROXY", no_proxy)
    assert (route_to(url).proxy is None) == exempt
    assert is_exempt("other.host", 80, no_proxy) == (no_proxy == "*")


def test_a_name_beyond_ascii_is_asked_for_as_the_network_knows_it(bare: pytest.MonkeyPatch) -> None:
    assert route_to("https://bücher.example/v1").netloc == "xn--bcher-kva.example"
    assert route_to("http://[2001:db8::1]:80").netloc == "[2001:db8::1]"
    with pytest.raises(Unusable):
        route_to(f"https://{'ü' * 70}.example")


# --- TLS ---


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return self_signed(tmp_path, "model.example", "localhost")


@pytest.fixture
def trusting(certificate: Path, bare: pytest.MonkeyPatch) -> Iterator[Path]:
    bare.setenv("SSL_CERT_FILE", str(certificate))
    wire._trusted.cache_clear()
    yield certificate
    wire._trusted.cache_clear()


def secured(certificate: Path, tunnel: bool = False) -> Raw:
    """A server with TLS; as a proxy it first takes a CONNECT, and is then the other side of its own tunnel."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, certificate.parent / "key")

    def talk(connection: socket.socket) -> None:
        if tunnel:
            server.hear(connection)
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with context.wrap_socket(connection, server_side=True) as secure:
            while server.hear(secure):
                secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    server = Raw(talk)
    return server


def test_https_is_spoken_with_whom_the_certificate_names_and_the_connection_kept(trusting: Path) -> None:
    with secured(trusting) as server:
        client = Client(Endpoint(model="m", base_url=f"https://localhost:{server.port}/v1", api_key=KEY))
        assert [client.post(BODY, 5) for _ in range(3)] == [b"{}"] * 3
        assert server.connections == 1
        with pytest.raises(NoConnection, match="CERTIFICATE_VERIFY_FAILED"):
            Client(Endpoint(model="m", base_url=f"https://127.0.0.1:{server.port}/v1", api_key=KEY)).post(BODY, 5)
    assert len(server.heard) == 3


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path, bare: pytest.MonkeyPatch) -> None:
    wire._trusted.cache_clear()
    with secured(certificate) as server, pytest.raises(NoConnection, match="CERTIFICATE_VERIFY_FAILED"):
        Client(Endpoint(model="m", base_url=f"https://localhost:{server.port}/v1", api_key=KEY)).post(BODY, 5)
    assert server.heard == []


def test_https_goes_through_a_proxy_that_cannot_read_it(trusting: Path, bare: pytest.MonkeyPatch) -> None:
    with secured(trusting, tunnel=True) as proxy:
        bare.setenv("HTTPS_PROXY", f"http://me:secret@127.0.0.1:{proxy.port}")
        client = Client(Endpoint(model="m", base_url="https://model.example/v1", api_key=KEY))
        assert [client.post(BODY, 5) for _ in range(2)] == [b"{}"] * 2
    connect, *requests = proxy.heard
    assert connect.startswith(b"CONNECT model.example:443 HTTP/1.1\r\n") and b"Proxy-Authorization: Basic" in connect
    assert KEY.encode() not in connect and len(requests) == 2
    assert all(b"Proxy-Authorization" not in request for request in requests)
    assert json.loads(requests[0].partition(b"\r\n\r\n")[2]) == BODY
