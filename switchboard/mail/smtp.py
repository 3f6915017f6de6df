"""Sending letters by SMTP (RFC 5321), with the standard library."""

import os
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate
from typing import Any

from switchboard.events.masking import emails
from switchboard.mail.letters import Letter, LetterRefused, MayBeSent, NoSuchMailbox, NotSent, NotThisOne, Tls, message_id

STEP_SECONDS = 10.0
MOST_SECONDS = 30.0
"""How long the server may take for one answer, and for all of them."""
MOST_ENCODED = 76
"""Characters of a line of a header that holds encoded words (RFC 2047, section 2)."""
GOES_AWAY = 421
"""What a server answers, whatever it was asked, before it closes the connection (RFC 5321, section 3.8)."""
MOST_LINE = 990
"""Characters of a line of a mail's header (RFC 5322, section 2.1.1, which allows for eight more)."""


class _Wire(EmailPolicy):
    """How a mail is written for SMTP. Names of mails stand on one line, as one that is folded within is another one. The words
    of a subject are encoded by `Header`: what folds it otherwise loses blanks between them (python/cpython#92081).
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name == "Subject" and not value.isascii():
            words = Header(value, "utf-8", maxlinelen=MOST_ENCODED, header_name=name)
            return f"{name}: {words.encode(linesep=self.linesep)}{self.linesep}".encode()
        policy = self.clone(max_line_length=MOST_LINE) if name in ("In-Reply-To", "References") else self
        return EmailPolicy.fold_binary(policy, name, value)


WIRE = _Wire(linesep="\r\n")


def trusted() -> ssl.SSLContext:
    """Whom we believe: what SSL_CERT_FILE or SSL_CERT_DIR name, else this machine's list and Mozilla's."""
    context = ssl.create_default_context()
    if not os.environ.get("SSL_CERT_FILE") and not os.environ.get("SSL_CERT_DIR"):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


@dataclass(frozen=True)
class Smtp:
    """A mail server, and the address that letters are from. It signs on where there is a `user`. The password stays out of
    the repr.
    """

    host: str
    port: int
    sender: str
    name: str = ""
    tls: Tls = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    seconds: float = MOST_SECONDS

    def send(self, letter: Letter) -> None:
        if [found[0] for found in emails(letter.to)] != [letter.to]:  # one that is a list of them goes to others, too
            raise NoSuchMailbox("The address on file is no e-mail address")
        try:
            message = self._message(letter)
        except (ValueError, MessageError):  # an address that no header can hold
            raise NoSuchMailbox("The address on file cannot be written to") from None
        self._within_time(lambda server: server.send_message(message, self.sender, [letter.to]))

    def probe(self) -> str:
        try:
            self._within_time(self._begin_letter)
        except NotSent as error:
            return str(error)
        return ""

    def _begin_letter(self, server: smtplib.SMTP) -> None:
        """All that comes before the address of a letter."""
        server.ehlo_or_helo_if_needed()
        code, said = server.mail(self.sender)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, said, self.sender)
        server.rset()

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=WIRE)
        message["From"] = Address(self.name, addr_spec=self.sender)
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = letter.subject
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{message_id(letter.key, self.sender)}>"
        message["Auto-Submitted"] = "auto-replied" if letter.answers else "auto-generated"  # RFC 3834: no absence answers it
        if letter.unsubscribe:  # RFC 2369
            message["List-Unsubscribe"] = f"<mailto:{self.sender}?subject=unsubscribe>"
        message.set_content(letter.text)
        if letter.answers:
            message["In-Reply-To"] = f"<{letter.answers}>"
            message["References"] = " ".join(f"<{one}>" for one in (*_fitting(letter), letter.answers))
        return message

    def _within_time(self, act: Callable[[smtplib.SMTP], object]) -> None:
        """Do it in a thread that is left behind when the server takes too long over its many answers. Raises NotSent."""
        raised: list[BaseException] = []
        begun: list[bool] = []

        def work() -> None:
            try:
                with self._signed_on() as server:
                    begun.append(True)
                    act(server)
            except Exception as error:  # noqa: BLE001 - told below
                raised.append(error)

        thread = threading.Thread(target=work, name="mail", daemon=True)
        thread.start()
        thread.join(self.seconds)
        if thread.is_alive():  # and may yet go on with it
            raise MayBeSent(f"The mail server {self._where} did not take the letter within {self.seconds:g} seconds")
        if raised:
            told = self._told_of_letter(raised[0]) if begun else self._told(raised[0])
            not_taken = not begun or _says_no(raised[0])
            raise (told if not_taken else MayBeSent(str(told))) from None  # what it says may quote the letter

    @contextmanager
    def _signed_on(self) -> Iterator[smtplib.SMTP]:
        here = self.sender.rpartition("@")[2]
        seconds = min(STEP_SECONDS, self.seconds)
        if self.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, here, timeout=seconds, context=trusted())
        else:
            server = smtplib.SMTP(self.host, self.port, here, timeout=seconds)
        try:
            if self.tls == "starttls":
                server.starttls(context=trusted())
            if self.user:
                server.login(self.user, self.password)
            yield server
            with suppress(smtplib.SMTPException, OSError):  # it has the letter
                server.quit()
        finally:
            server.close()

    @property
    def _where(self) -> str:
        return f"{self.host}:{self.port}"

    def _told_of_letter(self, error: BaseException) -> NotSent:
        """As `_told`, where a letter was begun: what is wrong may be with it, or with whom it is for, alone."""
        match error:
            case smtplib.SMTPRecipientsRefused(recipients=refused):
                code = min((code for code, _ in refused.values()), default=0)
                if code >= 500:
                    return NoSuchMailbox(f"The mail server {self._where} takes no letters to the address on file ({code})")
                kind = NotSent if code == GOES_AWAY else NotThisOne
                return kind(f"The mail server {self._where} does not take the letter now ({code})")
            case smtplib.SMTPDataError(smtp_code=code) if code >= 500:
                return LetterRefused(str(self._told(error)))
            case smtplib.SMTPNotSupportedError() if self.sender.isascii():
                return NotThisOne(f"The mail server {self._where} takes no letters to addresses beyond ASCII (SMTPUTF8)")
            case _:
                return self._told(error)

    def _told(self, error: BaseException) -> NotSent:
        """An error in words that hold nothing of the letter, and not the address, which servers quote."""
        match error:
            case smtplib.SMTPAuthenticationError():
                return NotSent(f"The mail server {self._where} refuses the user or the password")
            case smtplib.SMTPResponseException(smtp_code=code):
                return NotSent(f"The mail server {self._where} refuses the letter ({code})")
            case smtplib.SMTPNotSupportedError():
                return NotSent(f"The mail server {self._where} does not offer what is asked of it ({type(error).__name__})")
            case OSError() if not isinstance(error, smtplib.SMTPException):
                return NotSent(f"The mail server {self._where} cannot be reached ({type(error).__name__})")
            case _:
                return NotSent(f"The mail server {self._where} broke off ({type(error).__name__})")


def _fitting(letter: Letter) -> list[str]:
    """Of the references the newest that have room on a line with what is answered."""
    room, found = MOST_LINE - len("References: ") - len(letter.answers) - 3, list[str]()
    for one in reversed(letter.references):
        room -= len(one) + 3
        if room < 0:
            break
        found.insert(0, one)
    return found


def _says_no(error: BaseException) -> bool:
    """Whether the letter was surely not taken: the server said so, or it was never asked."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 400  # what is no answer at all has the code -1
    return isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPNotSupportedError)
