"""Other sides that answer badly: a plain socket that says what it is told to, byte for byte, and keeps what it was asked."""

import socket
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import NamedTuple


class Asked(NamedTuple):
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Answers = Callable[[Asked], Iterable[bytes | float]]
"""What is sent for a request, piece by piece; a number is a pause in seconds."""


def said(body: bytes | str, status: str = "200 OK", kind: str = "application/json", **headers: str) -> bytes:
    """One whole answer."""
    data = body.encode() if isinstance(body, str) else body
    named = {"Content-Type": kind, "Content-Length": str(len(data)), "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return "\r\n".join([f"HTTP/1.1 {status}", *(f"{n}: {v}" for n, v in named.items()), "", ""]).encode("latin-1") + data


class OtherSide:
    """As a context manager. Each connection is for one request, which `answers` answers in a thread of its own."""

    def __init__(self, answers: Answers | bytes) -> None:
        self._answers: Answers = answers if callable(answers) else lambda _: [answers]
        self.asked: list[Asked] = []

    def __enter__(self) -> "OtherSide":
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)  # or who waits in accept() would be given one more
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                asked = _read(connection)
                self.asked.append(asked)
                for piece in self._answers(asked):
                    if isinstance(piece, float):
                        time.sleep(piece)
                    else:
                        connection.sendall(piece)
            except (OSError, ValueError):  # who asked went away
                return


def _read(connection: socket.socket) -> Asked:
    connection.settimeout(20)
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65_536)
        if not more:
            raise ValueError("nobody asked")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65_536)
    method, target, _ = first.split(" ")
    return Asked(method, target, headers, body)
