"""A mailbox on an IMAP server (RFC 9051), by `imap-tools`."""

import imaplib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailboxLoginError, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import MailboxFolderSelectError

from switchboard.console.channels.parts import structure_in, without_attachments
from switchboard.errors import OperatorError
from switchboard.mail.received import MOST_BYTES
from switchboard.mail.settings import MailboxAt
from switchboard.mail.smtp import trusted
from switchboard.service.channels.channel import Away, OutOfReach

SECONDS = 30.0
"""How long the server may take for one answer."""
MOST_IDLE = 300.0
"""Seconds after which it is asked anew to tell of mails: a connection may be gone without a word."""
SIZE = re.compile(r"RFC822\.SIZE (\d+)")
MOST_AT_ONCE = 10_000


class Imap:
    """One folder of a mailbox. The connection is opened when it is needed, and after each trouble anew."""

    def __init__(self, at: MailboxAt, folder: str, moved_to: str | None = None, most_bytes: int = MOST_BYTES) -> None:
        self._at, self._folder, self._moved_to, self._most_bytes = at, folder, moved_to, most_bytes
        self._opened: BaseMailBox | None = None
        self._idles_since: float | None = None
        self._validity = self._listed = b""
        """The folder's UIDVALIDITY, and what it was when its mails were listed."""

    @property
    def named(self) -> str:
        return f"{self._folder} of {self._at.user} at {self._at.host}:{self._at.port}"

    def new(self) -> list[str]:
        """The mails that are not marked, by their UIDs, the oldest first."""
        with self._talking() as box:
            self._listed = self._validity
            return sorted(box.uids("UNDELETED" if self._moved_to else "UNDELETED UNSEEN"), key=int)[:MOST_AT_ONCE]

    def fetch(self, uid: str) -> bytes:
        """A mail, b"" of one that is gone; of one that is too large its text, and what hangs on it by name. It stays unseen."""
        with self._talking(of_list=True) as box:
            size = next((int(found[1]) for one in self._asked(box, uid, "RFC822.SIZE") if (found := _size_in(one))), 0)
            if size <= self._most_bytes:
                return self._section(box, uid, "", self._most_bytes)
            structure = structure_in(self._asked(box, uid, "BODYSTRUCTURE"))
            return without_attachments(structure, lambda section, most: self._section(box, uid, section, most))

    def mark(self, uid: str) -> None:
        """Mark a mail, so that it is new no more."""
        with self._talking(of_list=True) as box:
            if self._moved_to:
                self._move(box, uid, self._moved_to)
            else:  # what imap-tools does with flags deletes, too, what others have marked for that
                self._told(box.client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))

    def _move(self, box: BaseMailBox, uid: str, to: str) -> None:
        """Where the server cannot move, the mail is copied, marked as deleted, and removed by its UID (UIDPLUS, RFC 4315), or
        left so: a plain EXPUNGE, as imap-tools has it, removes all that others have marked, too.
        """
        if "MOVE" in box.client.capabilities:
            box.move(uid, to)
            return
        box.copy(uid, to)
        self._told(box.client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in box.client.capabilities:
            self._told(box.client.uid("EXPUNGE", uid))

    def wait(self, seconds: float) -> bool:
        """Wait for so long, or until the server tells that something came. Returns whether it did, as far as it tells."""
        with self._talking() as box:
            if "IDLE" not in box.client.capabilities:
                time.sleep(seconds)
                return False
            if self._idles_since is None:
                box.idle.start()  # type: ignore[no-untyped-call]
                self._idles_since = time.monotonic()
            began = time.monotonic()
            told = box.idle.poll(timeout=seconds)
            if not told and time.monotonic() - began < seconds / 2:
                raise imaplib.IMAP4.abort("the connection is gone")
            return any(b"EXISTS" in line for line in told) or began - self._idles_since > MOST_IDLE

    def look(self) -> None:
        """Raises what would keep a mail from being read and marked: OutOfReach, or OperatorError."""
        with self._talking() as box:
            if self._moved_to and not box.folder.exists(self._moved_to):
                raise OperatorError(
                    f"The mailbox has no folder {self._moved_to!r}: make it, or mend moved_to of [channels.mail]."
                )

    def close(self) -> None:
        box, self._opened, self._idles_since = self._opened, None, None
        if box is not None:
            with suppress(Exception):
                box.client.shutdown()

    @contextmanager
    def _talking(self, *, of_list: bool = False) -> Iterator[BaseMailBox]:
        """The connection, out of its waiting. Raises OutOfReach where it cannot be had, or breaks off; or where a mail is meant
        `of_list`, and the folder has been made anew since: its UIDs are those of other mails (RFC 9051, section 2.3.1.1).
        """
        try:
            if self._opened is None:
                self._opened = self._open()
            if of_list and self._listed != self._validity:
                raise Away(f"The folder {self._folder!r} of the mailbox was made anew.")
            yield self._opened
        except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
            self.close()
            raise OutOfReach(f"The mailbox at {self._at.host}:{self._at.port} {_why(error)}.") from None
        except OperatorError:
            self.close()
            raise

    def stop_waiting(self) -> None:
        """End the waiting, before anything else is asked."""
        if self._idles_since is not None:
            with self._talking() as box:
                self._idles_since = None
                box.idle.stop()  # type: ignore[no-untyped-call]

    def _open(self) -> BaseMailBox:
        at = self._at
        box: BaseMailBox
        if at.tls == "tls":
            box = MailBox(at.host, at.port, timeout=SECONDS, ssl_context=trusted())
        elif at.tls == "starttls":
            box = MailBoxStartTls(at.host, at.port, timeout=SECONDS, ssl_context=trusted())
        else:
            box = MailBoxUnencrypted(at.host, at.port, timeout=SECONDS)
        try:
            self._sign_on(box)
        except BaseException:
            box.client.shutdown()
            raise
        return box

    def _sign_on(self, box: BaseMailBox) -> None:
        at = self._at
        where = f"The mailbox at {at.host}:{at.port}"
        try:
            signs_on = box.login if f"{at.user}{at.password}".isascii() else box.login_utf8
            signs_on(at.user, at.password, initial_folder=None)
        except (MailboxLoginError, imaplib.IMAP4.error) as error:
            if isinstance(error, imaplib.IMAP4.abort) or "UNAVAILABLE" in str(error):
                raise
            raise OperatorError(
                f"{where} refuses the user or the password: mend imap of [channels.mail], or the variable that it names."
            ) from None
        box.client.capabilities = tuple(self._told(box.client.capability())[0].decode().upper().split())
        try:
            box.folder.set(self._folder)
            self._validity = b"".join(one for one in box.client.response("UIDVALIDITY")[1] if isinstance(one, bytes))
        except MailboxFolderSelectError:
            raise OperatorError(f"{where} has no folder {self._folder!r}: mend folder of [channels.mail].") from None

    def _asked(self, box: BaseMailBox, uid: str, what: str) -> list[Any]:
        return self._told(box.client.uid("FETCH", uid, f"({what})"))

    def _section(self, box: BaseMailBox, uid: str, section: str, most: int) -> bytes:
        """So many bytes of a section at most."""
        told = self._asked(box, uid, f"BODY.PEEK[{section}]<0.{most}>")
        return next((bytes(one[1]) for one in told if isinstance(one, tuple)), b"")

    def _told(self, told: tuple[str, list[Any]]) -> list[Any]:
        if told[0] != "OK":
            raise imaplib.IMAP4.error("says no")
        return told[1]


def _size_in(one: Any) -> "re.Match[str] | None":
    line: bytes = one[0] if isinstance(one, tuple) else one or b""
    return SIZE.search(line.decode("latin-1"))


def _why(error: Exception) -> str:
    """An error in words of our own: what a server says may quote a mail."""
    if isinstance(error, OSError):
        return f"cannot be reached ({type(error).__name__})"
    return (
        f"broke off ({type(error).__name__})" if isinstance(error, imaplib.IMAP4.abort) else f"says no ({type(error).__name__})"
    )
