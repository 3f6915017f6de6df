"""A mail server on loopback that keeps the letters it takes: SMTP (RFC 5321) with STARTTLS and AUTH PLAIN, as far as clients
need it. `aiosmtpd`, which does more, has had no release since 2024.
"""

import base64
import email
import email.policy
import re
import socket
import socketserver
import ssl
import threading
import time
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any


@dataclass
class MailServer:
    """As a context manager. `letters` are those that were taken, with the addresses that they were for.

    `refuses` are addresses that it does not know, `puts_off` those that it takes no letters to now; `answers` what it says to a
    command instead, such as `{"DATA": "451 Later"}`; `silent` answers nothing, `silent_at` nothing from a command on; with
    `users` nobody else may send; `certificate` and the key beside it make it speak TLS, from the first byte where it is
    `wrapped`.
    """

    refuses: tuple[str, ...] = ()
    puts_off: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    certificate: Path | None = None
    wrapped: bool = False
    silent: bool = False
    silent_at: str = ""
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    visits: int = 0

    def __enter__(self) -> "MailServer":
        self._server = _Server(("127.0.0.1", 0), _Talk)
        self._server.mail = self
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def codes(self) -> list[str]:
        """The codes that the letters hold, in their order."""
        return [re.findall(r"(?<!\d)\d{6}(?!\d)", letter.get_content())[0] for _, letter in self.letters]

    @property
    def context(self) -> ssl.SSLContext:
        assert self.certificate
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.certificate.parent / "key")
        return context


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    mail: MailServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of a test's."""


class _Talk(socketserver.BaseRequestHandler):
    """One connection."""

    def handle(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        self.mail, self.secure, self.user, self.to = server.mail, False, "", list[str]()
        self.mail.visits += 1
        if self.mail.silent:
            time.sleep(5)
            return
        self._use(self.request)
        if self.mail.wrapped:
            self._secure()
        self._say("220 mail.example.com")
        while line := self._line():
            word = line.split()[0].upper() if line.split() else ""
            if word == "QUIT":
                return self._say("221 Bye")
            if word == self.mail.silent_at:
                return time.sleep(5)
            self._say(self._answer(word, line))
            if word == "STARTTLS" and self.mail.certificate:
                self._secure()

    def _use(self, connection: socket.socket) -> None:
        self.connection, self.reading = connection, connection.makefile("rb")

    def _secure(self) -> None:
        self._use(self.mail.context.wrap_socket(self.connection, server_side=True))
        self.secure = True

    def _line(self) -> str:
        return self.reading.readline().decode()

    def _say(self, line: str) -> None:
        self.connection.sendall(f"{line}\r\n".encode())

    def _answer(self, word: str, line: str) -> str:
        if word in self.mail.answers:
            return self.mail.answers[word]
        match word:
            case "EHLO":
                can = ["SMTPUTF8", *(["AUTH PLAIN"] if self.mail.users else [])]
                can += ["STARTTLS"] if self.mail.certificate and not self.secure else []
                return "\r\n".join(["250-mail.example.com", *(f"250-{one}" for one in can), "250 OK"])
            case "STARTTLS":
                return "220 Go ahead" if self.mail.certificate else "502 No"
            case "AUTH":
                _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
                self.user = user if self.mail.users.get(user) == password else ""
                return "235 OK" if self.user else "535 No"
            case "MAIL":
                return "530 Sign on first" if self.mail.users and not self.user else "250 OK"
            case "RCPT":
                self.to.append(line[line.index("<") + 1 : line.index(">")])
                if self.to[-1] in self.mail.puts_off:
                    return f"450 Not now {self.to[-1]}"
                return f"550 No such user {self.to[-1]}" if self.to[-1] in self.mail.refuses else "250 OK"
            case "DATA":
                self._say("354 Go on")
                return self._taken()
            case "NOOP" | "RSET":
                return "250 OK"
            case _:
                return "502 No"

    def _taken(self) -> str:
        lines = []
        while (line := self.reading.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        letter = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.mail.letters.append((",".join(self.to), letter))
        return "250 Taken"
