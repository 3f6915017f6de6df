"""Mail as a channel: a mailbox that is read, and a mail server that takes the answers."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, ClassVar

from switchboard.characters import normal
from switchboard.errors import OperatorError, about
from switchboard.mail.letters import Letter, Sender, message_id
from switchboard.mail.received import ANSWERS, NotAMail, Received, read_mail
from switchboard.mail.settings import MailSettings, mailbox_at, smtp_from, writer_from
from switchboard.mail.table import MailboxTable, MailTable
from switchboard.service.channels.channel import Answer, Away, Came, NotMarked, OutOfReach
from switchboard.service.mails import Incoming, message_of

if TYPE_CHECKING:
    from switchboard.console.channels.imap import Imap

INSTALL = "pip install 'switchboard-desk[mail]'"
WITHOUT_ID = "@no-message-id"
MOST_SUBJECT = 200
MOST_TRIES, PAUSE = 5, 30.0
"""How often one mail is tried that cannot be read, and seconds until the second time: each pause is twice as long."""
MOST_IN_A_ROW = 20
"""After so many of them in a row the others wait for the next round, in which these are passed over."""
log = logging.getLogger("switchboard")
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
    later: dict[str, tuple[int, float]] = field(default_factory=dict)
    """How often a mail was tried that could not be read, or marked, and when it is tried again."""
    takes_notes: ClassVar[bool] = False
    arrived: ClassVar[None] = None

    def came(self) -> Iterator[Came]:
        self.mailbox.stop_waiting()
        uids, in_a_row = self.mailbox.new(), 0
        self.later = {uid: self.later[uid] for uid in uids if uid in self.later}
        for uid in uids:
            if uid in self.later and time.monotonic() < self.later[uid][1]:
                continue
            try:
                content = self.mailbox.fetch(uid)
                found = self._came(uid, content) if content else None  # somebody else may have deleted it
            except (OperatorError, Away):
                raise
            except Exception as error:  # noqa: BLE001 - what nobody expects of one mail keeps no other one waiting
                in_a_row += 1
                yield self._not_read(uid, error)
                if in_a_row == MOST_IN_A_ROW:
                    raise OutOfReach(f"{in_a_row} mails one after the other could not be read.") from None
                continue
            in_a_row = 0
            if found:
                yield found

    def keep(self, came: Came) -> None:
        try:
            self.mailbox.mark(came.mark)
            self.later.pop(came.mark, None)
        except Away:
            raise
        except OutOfReach as error:
            if self._put_off(came.mark) == 1:
                log.warning("A mail could not be marked, and comes again (%s in the mailbox): %s", came.mark, error)
            raise NotMarked(str(error)) from None

    def _not_read(self, uid: str, error: Exception) -> Came:
        """Try it later; at last it is left to a person. It is named once. Raises what is wrong with the mailbox itself."""
        if not isinstance(error, OutOfReach):
            log.warning("A mail could not be read (%s in the mailbox)", uid, exc_info=error)
        tries = self._put_off(uid)
        if tries >= MOST_TRIES:
            return Came(uid)
        why = str(error) if isinstance(error, OutOfReach) else f"What it says is not understood ({type(error).__name__})."
        told = f"A mail could not be read ({uid} in the mailbox). {why} It is tried {MOST_TRIES - 1} times more."
        return Came(uid, wrong=told if tries == 1 else "", again=True)

    def _put_off(self, uid: str) -> int:
        """Have a mail wait, the longer the more often it was tried, which is returned. Raises where no mail can be had."""
        self.mailbox.look()
        tries = self.later.get(uid, (0, 0.0))[0] + 1
        self.later[uid] = (tries, time.monotonic() + PAUSE * 2 ** min(tries - 1, MOST_TRIES))
        return tries

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
