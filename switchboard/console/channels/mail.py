"""Mail as a channel: a mailbox that is read, and a mail server that takes the answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, ClassVar

from switchboard.characters import normal
from switchboard.errors import OperatorError, about
from switchboard.mail.letters import Letter, Sender, message_id
from switchboard.mail.received import ANSWERS, NotAMail, Received, read_mail
from switchboard.mail.settings import MailSettings, mailbox_at, smtp_from, writer_from
from switchboard.mail.table import MailboxTable, MailTable
from switchboard.service.channels.channel import Answer, Came, OutOfReach
from switchboard.service.mails import Incoming, message_of

if TYPE_CHECKING:
    from switchboard.console.channels.imap import Imap

INSTALL = "pip install 'switchboard-desk[mail]'"
WITHOUT_ID = "@no-message-id"
MOST_SUBJECT = 200
BY_WHOM = (
    'Nothing says whom a mail is from, and nobody is answered otherwise: set writer of [mail] to "from", where the mail server '
    'lets nothing in that fails DMARC, or to "envelope", where it checks SPF.'
)


@dataclass
class MailChannel:
    """Customers who write mails. `us` is the address that answers come from, and `sign` what stands below them."""

    mailbox: "Imap"
    sender: Sender
    incoming: Incoming
    us: str
    sign: str
    most_answers: int = 10
    name: str = "mail"
    takes_notes: ClassVar[bool] = False
    arrived: ClassVar[None] = None

    def came(self) -> Iterator[Came]:
        self.mailbox.stop_waiting()
        failed: OutOfReach | None = None
        for uid in self.mailbox.new():
            try:
                content = self.mailbox.fetch(uid)
            except OutOfReach as error:
                if failed:
                    raise
                failed = error  # one mail that the server cannot give keeps no other one waiting
                continue
            if content:  # somebody else may have deleted it
                yield self._came(uid, content)
        if failed:
            raise failed

    def keep(self, came: Came) -> None:
        self.mailbox.mark(came.mark)

    def send(self, answer: Answer) -> None:
        place = answer.place
        text = f"{answer.text}\n\n-- \n{self.sign}\n"
        before = tuple(place["references"])
        self.sender.send(Letter(place["to"], place["subject"], text, answer.key, answers=place["answers"], references=before))

    def known_as(self, key: str, address: str) -> str:
        return f"<{message_id(key, self.us)}> {address}"

    def wait(self, seconds: float) -> bool:
        return self.mailbox.wait(seconds)

    def _came(self, uid: str, content: bytes) -> Came:
        try:
            read = read_mail(content, self.incoming.ours)
        except NotAMail as error:
            return Came(uid, wrong=f"A mail was not taken ({uid} in the mailbox): {error}")
        message = message_of(read, content, self.incoming)
        to = message.known.get("email", "")
        return Came(uid, message, normal(to), _place(read, to) if to else None)


def _place(read: Received, to: str) -> dict[str, object]:
    """How a mail is answered. An id that no header can hold as it is is left out."""
    subject = read.subject if ANSWERS.match(read.subject) else f"Re: {read.subject}".strip()
    itself = read.message_id if _fits(read.message_id) and not read.message_id.endswith(WITHOUT_ID) else ""
    before = [one for one in reversed(read.references) if _fits(one)]
    return {"to": to, "subject": subject[:MOST_SUBJECT], "answers": itself, "references": before}


def _fits(message_id: str) -> bool:
    return message_id.isascii() and message_id.isprintable()


def mail_channel(
    mailbox: MailboxTable | None, mail: MailTable | None, settings: MailSettings, name: str, sender: Sender | None = None
) -> MailChannel:
    """The channel that a project's file describes; `sender` is the project's own. Raises OperatorError with a sentence for each
    thing that is missing.
    """
    if mailbox is None:
        raise OperatorError("switchboard.toml names no mailbox: write [channels.mail] with imap.")
    if find_spec("imap_tools") is None:
        raise OperatorError(f"A mailbox is read by imap-tools: {INSTALL}.")
    from switchboard.console.channels.imap import Imap

    writer, ours = writer_from(mail, settings)
    wrong = [BY_WHOM] if writer == "given" else []
    try:
        sender = sender or smtp_from(mail, settings, name)
    except OperatorError as error:
        wrong.append(str(error))
    if wrong or sender is None:
        raise OperatorError("\n".join(wrong))
    with about("imap"):
        at = mailbox_at(mailbox)
    imap = Imap(at, mailbox.folder, mailbox.moved_to)
    return MailChannel(imap, sender, Incoming(writer, ours), next(iter(ours), ""), name, mailbox.most_answers)
