"""A Stripe for tests: a localstripe process, and before it a proxy on loopback that misbehaves as it is told.

localstripe knows neither idempotency keys nor a limit on what is sent back of a charge, and answers at once. The proxy does
with keys what Stripe does (https://docs.stripe.com/api/idempotent_requests), and fails as networks and servers fail.
"""

import json
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from typing import Any

import httpx

from support.absent import absent
from support.ports import free_port

SECRET = "sk_test_5ecret"
TIMEOUT = 0.4
SERVE = """
import sys
from aiohttp import web
from localstripe import resources, server
resources.Store.dump_to_disk = lambda store: None
web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""
"""Started by its own command it listens on every address of the machine, and all its processes share one file of state."""

Reply = tuple[int, bytes]


class Stripe:
    """The proxy's address (`base`), how it behaves, and what localstripe holds.

    Each request for a refund takes the next of `moods`, and `mood` when there is none: fine; late (done, answered after the
    timeout); twice (delivered two times); lost (done, not answered); deaf (not delivered); broken (done, answered 500);
    down (not delivered, answered 503); declined. `asked` counts these requests.
    """

    def __init__(self, behind: str) -> None:
        self.start_anew()
        self._lock = threading.Lock()
        self._http = httpx.Client(base_url=behind, headers={"Authorization": f"Bearer {SECRET}"}, trust_env=False)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def start_anew(self) -> None:
        """As on the first day: in a good mood, and without a key that was used; charges and refunds stay."""
        self.moods: deque[str] = deque()
        self.mood = "fine"
        self.asked = 0
        self._known: dict[str, tuple[bytes, Reply | None]] = {}

    def charge(self, cents: int) -> str:
        """A charge that was paid."""
        return str(self.intent(cents)["latest_charge"]["id"])

    def intent(self, cents: int) -> Any:
        """A payment intent that was paid, with its `id` and its `latest_charge`."""
        card = {"card[number]": "4242424242424242", "card[exp_month]": "12", "card[exp_year]": "2040", "card[cvc]": "123"}
        method = self._post("/v1/payment_methods", type="card", **card)["id"]
        return self._post("/v1/payment_intents", amount=str(cents), currency="usd", payment_method=method, confirm="true")

    def refunds(self, *charges: str) -> list[tuple[str, int]]:
        """The refunds of these charges: number and cents."""
        answers = [self._http.get("/v1/refunds", params={"charge": c, "limit": 100}).json() for c in charges]
        return [(one["id"], one["amount"]) for answer in answers for one in answer["data"]]

    def _post(self, path: str, **fields: str) -> Any:
        return self._http.post(path, data=fields).raise_for_status().json()

    def answer(self, method: str, path: str, body: bytes, key: str) -> Reply | None:
        """What the caller hears; None where the connection is cut."""
        if method != "POST" or path != "/v1/refunds":
            return self._forward(method, path, body)
        with self._lock:
            self.asked += 1
            mood = self.moods.popleft() if self.moods else self.mood
        if mood in ("deaf", "down"):
            return None if mood == "deaf" else (503, error("api_error", "Come back later."))
        for _ in range(2 if mood == "twice" else 1):
            reply = self._once(key, mood, body)
        if mood == "late":
            time.sleep(TIMEOUT * 2)
        return None if mood == "lost" else reply

    def _once(self, key: str, mood: str, body: bytes) -> Reply:
        with self._lock:
            if key in self._known:
                asked, known = self._known[key]
                if asked != body:
                    return 400, error("idempotency_error", "This key was used for another request.")
                return known or (409, error("idempotency_error", "A request with this key is in progress."))
            self._known[key] = (body, None)
        reply = (400, error("invalid_request_error", "This charge is disputed."))
        if mood != "declined":
            reply = self._forward("POST", "/v1/refunds", body)
        if mood == "broken":
            reply = (500, error("api_error", "Something broke."))
        self._known[key] = (body, reply)
        return reply

    def _forward(self, method: str, path: str, body: bytes) -> Reply:
        done = self._http.request(method, path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
        return done.status_code, done.content


def error(kind: str, message: str) -> bytes:
    return json.dumps({"error": {"type": kind, "message": message}}).encode()


def _handler(stripe: Stripe) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: two would wait for each other

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            reply: Reply | None = (401, error("invalid_request_error", "Invalid API Key provided."))
            if self.headers.get("Authorization", "") == f"Bearer {SECRET}":
                reply = stripe.answer(self.command, self.path, body, self.headers.get("Idempotency-Key") or str(uuid.uuid4()))
            self.close_connection = reply is None
            if reply is None:
                return
            try:
                self.send_response(reply[0])
                self.send_header("Content-Length", str(len(reply[1])))
                self.end_headers()
                self.wfile.write(reply[1])
            except OSError:
                self.close_connection = True  # who asked has given up waiting

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@contextmanager
def running_stripe() -> Iterator[Stripe]:
    """Start localstripe and the proxy. Skips where a package is missing; in CI, where they have to be there, fails."""
    for package in ("stripe", "localstripe"):
        if find_spec(package) is None:
            absent(f"The package {package} is not installed.")
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], stderr=subprocess.DEVNULL)
    stripe = Stripe(f"http://127.0.0.1:{port}")
    threading.Thread(target=stripe.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        _wait_for(port, process)
        yield stripe
    finally:
        stripe.server.shutdown()
        stripe.server.server_close()
        process.kill()  # its state is thrown away, and it would wait for the connections that are open
        process.wait(10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(400):
        assert process.poll() is None, "localstripe ended at its start"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("localstripe did not answer within 20 seconds")
