"""Reading a mail: a pure function from its bytes (RFC 5322) to what a desk needs of it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from hashlib import sha256
from typing import Literal

from switchboard.characters import same
from switchboard.errors import OperatorError
from switchboard.mail import phrases
from switchboard.mail.bodies import MOST_TEXT, body_of
from switchboard.mail.headers import Fields, address_in, field, ids_in, raw
from switchboard.mail.history import apart

MOST_BYTES = 10_000_000
MOST_HEADERS = 1_000_000
"""Bytes of a mail, and of its header."""
MOST_BOUNDARIES = 400
Kind = Literal["person", "automatic", "bounce", "own"]
"""Who wrote a mail: a person, a machine for one (RFC 3834), a mail server that could not deliver another, or we ourselves."""
ITS_FIELDS = ("From", "Subject", "Message-ID", "Date", "To", "Received", "Return-Path")
ANSWERS = re.compile(
    r"\A\s*(?:re|aw|antw|antwort|sv|fwd?|wg|tr|rv|rif|odp|res|enc|vs|ynt|回复|答复|转发|返信|転送)\s?(?:\[\d{1,3}\])?\s?[:：]",
    re.IGNORECASE,
)
"""How the subject of an answer, or of what is passed on, begins."""
SERVERS = ("mailer-daemon", "mail-daemon", "mailerdaemon")
IN_BULK = ("bulk", "junk", "auto_reply", "auto-reply")
"""Precedences of no person. `list` is not among them: a desk's own address may be a list that passes customers' mails on."""


class NotAMail(OperatorError):
    """What was given is none, or too much of one; the sentence says which."""


@dataclass(frozen=True)
class Received:
    """A mail as it was received. Everything in it may be made up but the time at which we got it.

    `text` is its subject, where that begins a conversation, and what is written, with history and signature; `own` and `quoted`
    are the two parts of that. `sender` is the address in From, `envelope` the one that the server was told, as Return-Path has
    it: None where it has none, "" where the mail is to have no answer. `references` are the ids of the mails before it, the
    newest first; `why` says in words why it was written by no person.
    """

    message_id: str
    subject: str
    text: str
    sender: str = ""
    envelope: str | None = None
    references: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()
    kind: Kind = "person"
    why: str = ""

    @property
    def own(self) -> str:
        return apart(self.text).own

    @property
    def quoted(self) -> str:
        return apart(self.text).rest


def read_mail(content: bytes, ours: Collection[str] = (), envelope: str | None = None) -> Received:
    """Read a mail. `ours` are the addresses that we write from; `envelope` is the address that the server was told, where that
    is known otherwise. Raises NotAMail.
    """
    message = parsed(content)
    returned = raw(message, "Return-Path")
    if envelope is None and returned:
        envelope = "" if returned.replace(" ", "") == "<>" else address_in(returned) or None
    subject, body = field(message, "Subject"), body_of(message)
    sender = address_in(field(message, "From"))
    kind, why = _kind(message, subject, sender, envelope, ours)
    if body.calendar == "reply" and kind == "person":
        kind, why = "automatic", "It answers an invitation."
    hanging = "\n".join(f"[attached: {name}]" for name in body.attached)
    text = "\n\n".join(part for part in (_opening(subject, body.text), body.text.strip("\n"), hanging) if part.strip())
    found = ids_in(raw(message, "References"))
    answered = ids_in(raw(message, "In-Reply-To"))
    return Received(
        message_id=next(iter(ids_in(raw(message, "Message-ID"))), "") or f"{sha256(content).hexdigest()[:32]}@no-message-id",
        subject=subject,
        text=text[:MOST_TEXT],
        sender=sender,
        envelope=envelope,
        references=tuple(dict.fromkeys([*answered, *found])),
        attached=body.attached,
        kind=kind,
        why=why,
    )


def parsed(content: bytes) -> Message:
    if len(content) > MOST_BYTES:
        raise NotAMail(f"The mail has more than {MOST_BYTES:,} bytes. Send it without what hangs on it.")
    ends = [at for at in (content.find(b"\n\n"), content.find(b"\r\n\r\n")) if at >= 0]
    if min(ends, default=len(content)) > MOST_HEADERS or content.lower().count(b"boundary") > MOST_BOUNDARIES:
        raise NotAMail("The mail has more parts, or more in its header, than any that is read. Write its text out.")
    try:
        message = message_from_bytes(content, policy=Fields())
    except Exception:  # noqa: BLE001 - the library promises nothing for what is broken
        raise NotAMail("The mail is broken, or nested too deeply to be read. Write its text out.") from None
    if not any(raw(message, name) for name in ITS_FIELDS):
        raise NotAMail("This is no mail: it begins with no header such as From or Subject. Leave --mail out for plain text.")
    return message


def _opening(subject: str, text: str) -> str:
    """The subject, where it is the writer's own and the text does not begin with it."""
    begins = " ".join(text[: 2 * len(subject) + 20].split())
    return "" if ANSWERS.match(subject) or begins.startswith(subject) else subject


def _kind(message: Message, subject: str, sender: str, envelope: str | None, ours: Collection[str]) -> tuple[Kind, str]:
    """Who wrote a mail, and the reason in words where that is no person."""
    if any(same(address, one) for one in ours for address in (sender, envelope or "") if address):
        return "own", "We wrote it ourselves."
    reports = field(message, "Content-Type").lower()
    if message.get_content_type() == "multipart/report" and "disposition-notification" not in reports:
        return "bounce", "A mail server reports on another mail."
    local = sender.partition("@")[0].lower()
    if envelope == "" or local in SERVERS or raw(message, "X-Failed-Recipients"):
        return "bounce", "A mail server wrote it, and wants no answer."
    submitted = raw(message, "Auto-Submitted").lower().partition(";")[0].strip()
    if submitted and submitted != "no":
        return "automatic", f"It was written by a machine (Auto-Submitted: {submitted[:60]})."
    if message.get_content_type() == "multipart/report":
        return "automatic", "It confirms that another mail was read."
    if raw(message, "Precedence").lower() in IN_BULK:
        return "automatic", "It was sent to many."
    if raw(message, "X-Autoreply") or raw(message, "X-Autorespond") or phrases.AWAY.match(subject):
        return "automatic", "It is a notice of absence."
    return "person", ""
