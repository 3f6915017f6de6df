"""Letters that the program writes to customers, and who sends them."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, Protocol

from switchboard.errors import SwitchboardError

Tls = Literal["starttls", "tls", "none"]
"""How what is said to a mail server is kept secret: from a word on, from the first byte, or not at all."""


@dataclass(frozen=True)
class Letter:
    """A plain text to one address. `key` is the same where the same letter is sent again after a crash. The head of one that
    nobody asked for says how to `unsubscribe`, as its text does. One that `answers` a mail names that, by its Message-ID, and
    as `references` those before it, the oldest first.
    """

    to: str
    subject: str
    text: str
    key: str
    unsubscribe: bool = False
    answers: str = ""
    references: tuple[str, ...] = ()


def message_id(key: str, sender: str) -> str:
    """The Message-ID, without its brackets, of the letter with this key from an address: the same each time it is sent."""
    return f"{sha256(key.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}"


class NotSent(SwitchboardError):
    """A letter could not be handed to whoever carries it. The sentence says why, without the letter's text or address."""

    who = "operator"


class MayBeSent(NotSent):
    """Nobody can tell whether the letter was taken: who carries it had begun to take it, and gave no answer."""


class NotThisOne(NotSent):
    """This letter, or this recipient, is not taken now; others may be."""


class LetterRefused(NotThisOne):
    """This letter is taken at no other time either."""


class Overtaken(NotThisOne):
    """This letter is not to be sent any more: somebody else has answered meanwhile, or is about to. Nobody need hear of it."""


class NoSuchMailbox(LetterRefused):
    """No letter can go to this address, others can: the mail server says so, or it is none that a letter could be sent to."""


class Sender(Protocol):
    """Who sends letters. A project may bring its own, as the service `mail` of its setup."""

    def send(self, letter: Letter) -> None:
        """Send it, or hand it to who will. May be called again with the same `key`. Raises NotSent, within a minute at most."""

    def probe(self) -> str:
        """Why no letter could be sent now, in one sentence; "" where one could. It takes about as long as to send one."""
