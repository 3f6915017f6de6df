"""A model server on loopback that answers from a script, so that tests and benches go over real HTTP.

`with ScriptedModel([tool_calls([("look_up", {"number": 1})]), "It is there."]) as model:` serves
at `model.url`, and `model.requests` holds what it was asked.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any

Message = dict[str, Any]


@dataclass(frozen=True)
class Status:
    """An HTTP error; `retry_after` is in seconds or an HTTP date, `body` stands in for the usual one with `message`."""

    code: int
    retry_after: float | str | None = None
    message: str = "scripted failure"
    body: bytes = b""


@dataclass(frozen=True)
class Slow:
    """A reply that is sent after so many seconds."""

    seconds: float
    reply: "Reply"


Reply = str | Message | int | bytes | Status | Slow
"""Text; a raw assistant message; an HTTP status; a raw body (HTML, broken JSON); an HTTP error; any of them, later."""

Script = Sequence[Reply] | Callable[[dict[str, Any]], Reply]


def tool_calls(calls: Sequence[tuple[str, Mapping[str, Any] | str]], text: str = "") -> Message:
    """A message that calls tools; arguments given as text are sent as they are, broken or not."""
    numbered = [
        {
            "id": f"call_{number}",
            "type": "function",
            "function": {"name": name, "arguments": given if isinstance(given, str) else json.dumps(given)},
        }
        for number, (name, given) in enumerate(calls, start=1)
    ]
    return {"role": "assistant", "content": text or None, "tool_calls": numbered}


class ScriptedModel:
    """The server, as a context manager. `script` is replies in order (again from the start with `repeat`), or a
    function from the request to the reply, which may be called from several threads at a time.
    """

    def __init__(self, script: Script, *, repeat: bool = False) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self._script = script
        self._repeat = repeat
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.model = self

    @property
    def url(self) -> str:
        """The base URL that an OpenAI client takes."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def count(self) -> int:
        """How many completions were asked for."""
        return len(self.requests)

    def config(self, folder: Path) -> Path:
        """Write an OAI_CONFIG_LIST for this server into `folder`."""
        path = folder / "OAI_CONFIG_LIST"
        entry = {"model": "scripted", "base_url": self.url, "api_key": "scripted", "tags": ["fast", "strong"]}
        path.write_text(json.dumps([entry]), encoding="utf-8")
        return path

    def reply_to(self, request: dict[str, Any], headers: dict[str, str], path: str) -> Reply:
        with self._lock:
            number = len(self.requests)
            self.requests.append(request)
            self.headers.append(headers)
            self.paths.append(path)
        if callable(self._script):
            return self._script(request)
        if self._repeat:
            number %= len(self._script)
        if number < len(self._script):
            return self._script[number]
        return Status(500, message=f"the script has {len(self._script)} replies; this is request {number + 1}")

    def __enter__(self) -> "ScriptedModel":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    model: ScriptedModel
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one packet

    def do_GET(self) -> None:
        if self.path in ("/v1/models", "/models"):
            self._send(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]})
        else:
            self._send(404, {"error": {"message": f"no such address: {self.path}"}})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.path.split("?")[0].endswith("/chat/completions"):
            self._send(404, {"error": {"message": f"no such address: {self.path}"}})
            return
        request = json.loads(body)
        try:
            reply = self.server.model.reply_to(
                request, {name.lower(): value for name, value in self.headers.items()}, self.path
            )
        except Exception as error:  # a script that fails must fail the test, not hang it
            self._send(500, {"error": {"message": f"the script raised {error!r}"}})
            raise
        while isinstance(reply, Slow):
            time.sleep(reply.seconds)
            reply = reply.reply
        if isinstance(reply, int):
            reply = Status(reply)
        if isinstance(reply, bytes):
            self._send_bytes(200, reply, "text/html" if reply.startswith(b"<") else "application/json")
        elif isinstance(reply, Status):
            body = reply.body or json.dumps({"error": {"message": reply.message}}).encode()
            self._send_bytes(reply.code, body, "application/json", reply.retry_after)
        else:
            self._send(200, completion(request, reply))

    def _send(self, status: int, document: Any) -> None:
        self._send_bytes(status, json.dumps(document).encode(), "application/json")

    def _send_bytes(self, status: int, body: bytes, kind: str, retry_after: float | str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: standard error belongs to the program under test."""


_numbers = count(1)


def completion(request: Mapping[str, Any], reply: str | Message) -> dict[str, Any]:
    """The chat completion around a message; tokens are counted as characters / 4."""
    message = {"role": "assistant", "content": reply} if isinstance(reply, str) else reply
    asked = len(json.dumps([request.get("messages"), request.get("tools")], ensure_ascii=False)) // 4
    said = len(json.dumps(message, ensure_ascii=False)) // 4
    return {
        "id": f"chatcmpl-{next(_numbers)}",
        "object": "chat.completion",
        "created": 0,
        "model": request.get("model", "scripted"),
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls" if message.get("tool_calls") else "stop"}],
        "usage": {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said},
    }


def replies_from(path: Path) -> list[Reply]:
    """The replies of a JSON file: a list of text, HTTP statuses, messages, or {"calls": [[name, arguments], ...]}."""
    return [
        tool_calls([(name, given) for name, given in item["calls"]], item.get("text", ""))
        if isinstance(item, dict) and "calls" in item
        else item
        for item in json.loads(path.read_text(encoding="utf-8"))
    ]


if __name__ == "__main__":
    with ScriptedModel(replies_from(Path(sys.argv[1])), repeat="--repeat" in sys.argv) as running:
        sys.stdout.write(f"{running.url}\n")
        sys.stdout.flush()
        sys.stdin.read()  # until the bench that started it closes the pipe
