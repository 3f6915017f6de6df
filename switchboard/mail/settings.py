"""Which mail server sends the letters: `[mail]` of `switchboard.toml`, and variables, which come before it."""

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import Field

from switchboard.errors import OperatorError
from switchboard.mail.letters import Tls
from switchboard.mail.table import IMAP, Address, Host, MailboxTable, MailTable, Port, Writer
from switchboard.settings import Variables, read_variables
from switchboard.toolsets.environment import VARIABLE, value_of

if TYPE_CHECKING:
    from switchboard.mail.smtp import Smtp

MAKE_KEY = "python -c 'import secrets; print(secrets.token_urlsafe(32))'"


class MailSettings(Variables):
    """The same from the environment, with what is secret: the password, and the key that codes are made with."""

    mail_host: Host | None = None
    mail_port: Port | None = None
    mail_sender: Address | None = None
    mail_tls: Tls | None = None
    mail_writer: Writer | None = None
    mail_user: str | None = Field(default=None, max_length=320)
    mail_password: str | None = Field(default=None, repr=False)
    code_key: str | None = Field(default=None, min_length=32, repr=False)


def smtp_from(table: MailTable | None, settings: MailSettings, name: str) -> "Smtp":
    """The mail server that is configured. Raises OperatorError with a sentence for each thing that is missing."""
    table = table or MailTable()
    host, sender = settings.mail_host or table.host, settings.mail_sender or table.sender
    tls: Tls = settings.mail_tls or table.tls or "starttls"
    user, password = settings.mail_user or table.user or "", settings.mail_password or ""
    missing = []
    if host is None:
        missing.append(_missing("no mail server", "host", "MAIL_HOST"))
    if sender is None:
        missing.append(_missing("no address that letters are from", "sender", "MAIL_SENDER"))
    if user and not password:
        missing.append("Letters need the password of the mail server's user: set SWITCHBOARD_MAIL_PASSWORD.")
    if tls == "none" and host and not is_loopback(host):
        missing.append(f"Letters to {host} would go without TLS, for all to read: set tls of [mail] to starttls or tls.")
    if missing or host is None or sender is None:
        raise OperatorError("\n".join(missing))
    from switchboard.mail.smtp import Smtp  # smtplib and email, which other projects do without

    port = settings.mail_port or table.port or (465 if tls == "tls" else 587)
    return Smtp(host, port, sender, name, tls, user, password)


def sender_from(table: MailTable | None, name: str) -> "Smtp | None":
    """The mail server for tools that send letters; None where it is not configured, or not wholly."""
    try:
        return smtp_from(table, mail_settings(), name)
    except OperatorError:  # each letter then waits in the outbox
        return None


@dataclass(frozen=True)
class MailboxAt:
    """Where a mailbox is, and how it is entered. The password stays out of the repr."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: Tls = "tls"


def mailbox_at(table: MailboxTable) -> MailboxAt:
    """Where the mailbox of a project is. Raises OperatorError where a variable is missing, or what it holds is no URL."""
    where = "The mailbox"
    url = value_of(table.imap, where) if VARIABLE.fullmatch(table.imap) else table.imap
    found = IMAP.fullmatch(url)
    if found is None:
        raise OperatorError(f"What {table.imap} holds is no URL such as imaps://desk@example.com:PASSWORD@imap.example.com.")
    written = found["scheme"]
    host = found["host"]
    usual: Tls = "tls" if written == "imaps" else "none" if is_loopback(host) else "starttls"
    tls = table.tls or usual
    password = found["password"] if url != table.imap else value_of(found["password"], where)
    return MailboxAt(host, int(found["port"] or (993 if tls == "tls" else 143)), found["user"], password, tls)


def writer_from(table: MailTable | None, settings: MailSettings) -> tuple[Writer, list[str]]:
    """Whom a mail is from that comes without `--email`, and the addresses that we write from ourselves."""
    table = table or MailTable()
    ours = settings.mail_sender or table.sender
    return settings.mail_writer or table.writer or "given", [ours] if ours else []


def _missing(what: str, key: str, variable: str) -> str:
    return f"There is {what}: set {key} of [mail] in switchboard.toml, or SWITCHBOARD_{variable}."


def code_key(settings: MailSettings) -> bytes:
    """The key that codes are made with, which all processes of a database share. Raises OperatorError where there is none."""
    if settings.code_key is None:
        raise OperatorError(f"There is no key to make codes with: set SWITCHBOARD_CODE_KEY to what {MAKE_KEY} gives.")
    return settings.code_key.encode()


def mail_settings() -> MailSettings:
    """The variables. Raises OperatorError with a sentence for each wrong one."""
    return read_variables(MailSettings)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, so that what is sent to it goes over no network."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
