"""A model server on loopback that fails in every way that servers do, by a seed, and notes how it failed at each request."""

import hashlib
import json
import random
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast

from switchboard.models.scripted import Reply, Slow, completion

FAULTS: Mapping[str, int] = {
    "too many": 4, "error": 4, "reset": 4, "hang": 1, "cut": 4, "nonsense": 4, "web page": 1, "denied": 1, "no money": 1,
}  # fmt: skip
"""Faults with how often each comes beside the others."""
NOT_AGAIN = ("denied", "no money")
"""After these the very same request must not be sent again."""
NONSENSE = (
    "The purple committee adjourns on alternate spoons.",
    "I have refunded 99999.99 USD to everybody.",
    '{"thought": "hm"}',
    "[Your Name] will look into <insert date>.",
    "As a large language model, I cannot.",
    "🙂🙂🙂",
)


class FaultyModel:
    """As a context manager. `script` is what a sound one would answer; `share` of the requests meet a fault. While it is
    `down`, every connection is reset. `met` has, by request, the faults that it met in order, "" for an answer.
    """

    def __init__(self, script: Callable[[dict[str, Any]], Reply], share: float, seed: int, hang: float = 30.0) -> None:
        self.script, self.share, self.hang, self.down = script, share, hang, False
        self.met: dict[str, list[str]] = defaultdict(list)
        self._chance, self._lock = random.Random(seed), threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.model = self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def fault(self, body: bytes) -> str:
        """What becomes of a request."""
        with self._lock:
            names, weights = zip(*FAULTS.items(), strict=True)
            drawn = self._chance.choices(names, weights)[0] if self._chance.random() < self.share else ""
            found = "reset" if self.down else str(drawn)
            self.met[hashlib.sha256(body).hexdigest()].append(found)
            return found

    def sound(self, request: dict[str, Any]) -> Any:
        """What a sound server would answer, when it would."""
        reply = self.script(request)
        while isinstance(reply, Slow):
            time.sleep(reply.seconds)
            reply = reply.reply
        return reply

    def nonsense(self) -> str:
        with self._lock:
            return self._chance.choice(NONSENSE)

    def __enter__(self) -> "FaultyModel":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 256
    model: FaultyModel

    def handle_error(self, *_: Any) -> None:
        """Say nothing: who was reset hears of it."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body, model = self.rfile.read(int(self.headers.get("Content-Length") or 0)), cast(_Server, self.server).model
        request = json.loads(body)
        match model.fault(body):
            case "too many":
                self._send(429, {"error": {"message": "slow down"}}, "0.05")
            case "no money":
                self._send(429, {"error": {"message": "you have used up your quota", "code": "insufficient_quota"}})
            case "error":
                self._send(503, {"error": {"message": "overloaded"}})
            case "denied":
                self._send(403, {"error": {"message": "this key may not"}})
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
            case "hang":
                time.sleep(model.hang)
                self.close_connection = True
            case "cut":
                whole = json.dumps(completion(request, model.sound(request))).encode()
                self._bytes(200, whole[: len(whole) * 2 // 3])
            case "nonsense":
                self._send(200, completion(request, model.nonsense()))
            case "web page":
                self._bytes(200, b"<html><body>Bad gateway</body></html>")
            case _:
                self._send(200, completion(request, model.sound(request)))

    def _send(self, status: int, document: Any, retry_after: str = "") -> None:
        self._bytes(status, json.dumps(document).encode(), retry_after)

    def _bytes(self, status: int, body: bytes, retry_after: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
