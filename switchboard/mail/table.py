"""`[mail]` and `[channels.mail]` of a project's file: which server sends the letters, and which mailbox is read."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from switchboard.characters import is_plain
from switchboard.mail.letters import Tls

Host = Annotated[str, Field(pattern=r"^[\w.:-]+$", max_length=253)]
Port = Annotated[int, Field(ge=1, le=65535)]
Address = Annotated[str, Field(pattern=r"^[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,190}$")]


Writer = Literal["given", "envelope", "from"]


class MailTable(BaseModel):
    """The mail server. There is no password in it: that is SWITCHBOARD_MAIL_PASSWORD."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    host: Host | None = None
    """The mail server that codes and answers are sent by."""
    port: Port | None = None
    """Its port; else the usual one of its `tls`."""
    sender: Address | None = None
    """The address that they come from."""
    tls: Tls | None = None
    """How the connection is encrypted: "starttls", which it is without this, "tls", or "none" to this machine alone."""
    user: str | None = Field(default=None, max_length=320)
    """The account that sends, where the server wants one."""
    writer: Writer | None = None
    """Whom a mail is from that comes without `--email`: nobody who is known ("given", the default), the sender of its
    "envelope", or the address in its "from". Each is as true as the mail server that let it in has made sure of."""


IMAP = re.compile(
    r"(?P<scheme>imaps?)://(?P<user>[^\s:@/]{1,320}(?:@[^\s:@/]{1,255})?):(?P<password>[^\s/]{1,300})@(?P<host>[\w.-]{1,253})"
    r"(?::(?P<port>\d{1,5}))?/?"
)
"""What an IMAP URL (RFC 5092) is here: whose mailbox, with the variable that holds the password, on which server."""
ONE_VARIABLE = re.compile(r"\$\{[A-Za-z_]\w{0,99}\}")


def imap_url(url: str) -> str:
    """A URL of a mailbox that may stand in a file. Raises ValueError."""
    if ONE_VARIABLE.fullmatch(url):
        return url
    found = IMAP.fullmatch(url)
    if not is_plain(url) or found is None:
        raise ValueError('it is no URL such as "imaps://desk@example.com:${MAILBOX_PASSWORD}@imap.example.com"')
    if not ONE_VARIABLE.fullmatch(found["password"]):
        raise ValueError(
            'the password stands in it, and none stands in this file: write "${MAILBOX_PASSWORD}", and set that to it'
        )
    return url


Folder = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class MailboxTable(BaseModel):
    """A mailbox that customers write to: `switchboard mail serve` reads it, and answers by the mail server of `[mail]`, whose
    `writer` says whom a mail is from."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    imap: Annotated[str, Field(min_length=4, max_length=1000), AfterValidator(imap_url)]
    """Where the mailbox is, with its user and the variable that holds the password, such as
    "imaps://desk@example.com:${MAILBOX_PASSWORD}@imap.example.com"; or all of that in one variable, "${MAILBOX}"."""
    tls: Tls | None = None
    """How the connection is encrypted: with imaps "tls", from the first byte, with imap "starttls"; to this machine imap goes
    without, and elsewhere only where "none" is said."""
    folder: Folder = "INBOX"
    """The folder that is read."""
    moved_to: Folder | None = None
    """The folder that a mail is moved to once it is kept as a case; it must be there. Without it mails stay where they are, are
    marked as seen, and one that somebody else has seen before is not read."""
    team: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    """The team that works on the mails; else the one that the project speaks with."""
    most_answers: int = Field(default=10, ge=1, le=1000)
    """How many answers one address gets in an hour; what is more is not sent, and a person hears of it."""
    looks_every: int = Field(default=60, ge=1, le=3600)
    """After how many seconds it is looked for mails, where the server does not tell of new ones itself (IDLE)."""
