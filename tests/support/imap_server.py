"""A mailbox on loopback: `pymap`, a whole IMAP server (IDLE, MOVE, UIDPLUS), which keeps its mails in memory."""

import asyncio
import imaplib
import ssl
import threading
from argparse import Namespace
from contextlib import suppress
from types import TracebackType
from typing import Any

from proxyprotocol.noop import ProxyProtocolNoop
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, DictBackend, Login
from pymap.imap import IMAPServer

from support.ports import free_port

NOW = imaplib.Time2Internaldate(0)
USER, PASSWORD = "desk@example.com", "sesame"
ARGS = Namespace(passlib_cfg=None, proxy_protocol="noop", host="127.0.0.1", port=0, debug=False, cert=None, key=None, tls=False)


class _Config(Config):
    lacks: tuple[bytes, ...] = ()

    @property
    def login_capability(self) -> list[bytes]:
        return [one for one in super().login_capability if one not in self.lacks]


class ImapServer:
    """As a context manager. It keeps its mails when it is away for a while (`leave`, `come_back`), and announces none of what
    it `lacks`.
    """

    def __init__(self, *, idle: bool = True, tls: ssl.SSLContext | None = None, lacks: tuple[bytes, ...] = ()) -> None:
        self.port, self._idle, self._tls, self._lacks = free_port(), idle, tls, lacks
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> "ImapServer":
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._do(self._begin())
        self.come_back()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.leave()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def come_back(self) -> None:
        self._do(self._open())

    def leave(self) -> None:
        """Break off what is being said, and take no connections."""
        self._do(self._close())

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Have mails arrive."""
        with imaplib.IMAP4("127.0.0.1", self.port) as client:
            client.login(USER, PASSWORD)
            for mail in mails:
                told = client.append(folder, "", NOW, b"\r\n".join(mail.splitlines()) + b"\r\n")
                assert told[0] == "OK", told

    def found(self, criteria: str = "ALL", folder: str = "INBOX") -> int:
        """How many mails of a folder are so."""
        with imaplib.IMAP4("127.0.0.1", self.port) as client:
            client.login(USER, PASSWORD)
            if client.select(folder, readonly=True)[0] != "OK":
                return 0
            return len(client.search(None, criteria)[1][0].split())

    def mark_deleted(self) -> None:
        """Have somebody else mark all mails there are for the next EXPUNGE."""
        with imaplib.IMAP4("127.0.0.1", self.port) as client:
            client.login(USER, PASSWORD)
            client.select("INBOX")
            assert client.store("1:*", "+FLAGS", r"(\Deleted)")[0] == "OK"

    def make(self, folder: str) -> None:
        with imaplib.IMAP4("127.0.0.1", self.port) as client:
            client.login(USER, PASSWORD)
            assert client.create(folder)[0] == "OK"

    def _do(self, doing: Any) -> None:
        asyncio.run_coroutine_threadsafe(doing, self._loop).result(10)

    async def _begin(self) -> None:
        given: dict[str, Any] = {
            "demo_data": False,
            "demo_user": USER,
            "demo_password": PASSWORD,
            "disable_idle": not self._idle,
        }
        self._config = _Config(ARGS, host="127.0.0.1", port=0, tls_enabled=False, **given)
        self._config.lacks = self._lacks
        login = Login(self._config)
        await DictBackend._add_demo_user(self._config, login)
        self._imap = IMAPServer(login, self._config)

    async def _open(self) -> None:
        self._config.apply_context()
        self._lines: list[asyncio.StreamWriter] = []
        talk = ProxyProtocolReader(ProxyProtocolNoop()).get_callback(self._imap)

        async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._lines.append(writer)
            with suppress(OSError, EOFError):
                await talk(reader, writer)

        self._server = await asyncio.start_server(one, "127.0.0.1", self.port, limit=100_000_000, ssl=self._tls)

    async def _close(self) -> None:
        self._server.close()
        for line in self._lines:
            line.transport.abort()
