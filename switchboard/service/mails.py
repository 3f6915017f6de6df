"""Mails: whom they are from, which case they go on with, and what is answered with silence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from switchboard.cases import intake
from switchboard.cases.intake import Message
from switchboard.characters import is_plain_address, normal
from switchboard.events.masking import spoken
from switchboard.events.stream import Listener
from switchboard.mail.received import NotAMail, Received, read_mail
from switchboard.mail.table import Writer
from switchboard.service.conversations import MOST_ADDRESS, known
from switchboard.service.place import Place, Worked, work

NOBODY = "<>"
"""The sender of an envelope whose mail is to have no answer (RFC 5321, section 4.5.5)."""
EMPTY = "[attached: nothing]"
"""What stands for the text of a mail without one: it is no word of the writer."""


@dataclass(frozen=True)
class Incoming:
    """How mails are taken in: what says whom one is from that comes without an address, and the addresses that are our own."""

    writer: Writer = "given"
    ours: Collection[str] = ()


def ask_by_mail(
    place: Place, team: str, content: bytes, email: str, incoming: Incoming, listener: Listener | None = None
) -> Worked:
    """Let a team work on a mail, in the case that it goes on with or in a new one. `email` is the envelope's sender, ""
    where it is not known. Raises NotAMail, and OperatorError for an address that looks like another one.
    """
    message = message_from(content, incoming, priority=0, email=email)
    with place.worker() as worker:
        kept = intake.keep_message(place.environment, team, message, worker.workflows.executor)
        if kept.run:
            return Worked(work(worker, kept.run, listener), here=True)
        document = worker.document(kept.case_id)
        return Worked(document if document["end"] and not kept.is_new else {**document, "reply": ""}, instead=kept.instead)


def message_from(content: bytes, incoming: Incoming, priority: int, email: str = "", envelope: str | None = None) -> Message:
    """A mail as a message. `envelope` is its sender as a mailbox has it, where that is not in the mail itself."""
    given = email.strip()
    read = read_mail(content, incoming.ours, ("" if given == NOBODY else given or envelope))
    return message_of(read, content, incoming, priority, given)


def message_of(read: Received, content: bytes, incoming: Incoming, priority: int = 0, given: str = "") -> Message:
    """The same of a mail that is read; `given` is its envelope's sender."""
    writer = known(given) if given and given != NOBODY else _known_by_itself(read, incoming.writer)
    sender = normal(writer.get("email", ""))
    before = [_key(one, sender) for one in read.references] if sender and not read.why else []
    words = read.text if spoken(read.text) else EMPTY
    own_id = _key(read.message_id, sender or sha256(content).hexdigest()[:32])
    return Message(own_id, words, writer, priority, tuple(before), read.why)


def messages_from(
    mails: Sequence[tuple[bytes, str | None]], incoming: Incoming, priority: int
) -> tuple[list[Message], list[tuple[int, str]]]:
    """Mails, each with its envelope's sender where that is known, as messages, of the same one several times the first; and of
    those that cannot be read their place among them, from 1, and why.
    """
    found: dict[str, Message] = {}
    wrong = []
    for number, (content, envelope) in enumerate(mails, start=1):
        try:
            message = message_from(content, incoming, priority, envelope=envelope)
            found.setdefault(message.id, message)
        except NotAMail as error:
            wrong.append((number, str(error)))
    return list(found.values()), wrong


def _known_by_itself(read: Received, writer: Writer) -> dict[str, str]:
    """What is known of who wrote a mail by that mail, where the project believes it."""
    address = {"given": "", "envelope": read.envelope or "", "from": read.sender}[writer]
    return known(address) if len(address) <= MOST_ADDRESS and is_plain_address(address) else {}


def _key(message_id: str, sender: str) -> str:
    """What a mail is known by. Its id alone anybody can write who has seen it; so it counts together with who sent it."""
    return f"<{message_id}> {sender}"
