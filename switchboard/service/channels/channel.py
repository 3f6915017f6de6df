"""A channel: a way that customers write by, and are answered. Mail is one; a widget and a help desk can be others.

What a channel does is small: it gives what has come in and is not marked yet, marks what is kept, and sends an answer to the
place that a message came from. Which case it is, what is told, and that nothing is told twice, is the same for all of them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from switchboard.cases.intake import Message
from switchboard.errors import SwitchboardError


class OutOfReach(SwitchboardError):
    """The other side cannot be asked now, and may be later. The sentence says why."""

    who = "other side"


class Away(OutOfReach):
    """It is the other side itself that cannot be asked, whatever it is asked for."""


class NotMarked(OutOfReach):
    """One thing that came in is kept, and could not be marked; it comes again, and keeps no other one waiting."""


@dataclass(frozen=True)
class Came:
    """Something that came in. `mark` is what the channel marks it by. It is a `message`, or `wrong` says why it is none.

    `place` is where it can be answered, in the channel's own words, and `address` whom that reaches, as addresses are
    compared: "" where nobody is to be answered. What could not be read, and is to come `again`, is not marked.
    """

    mark: str
    message: Message | None = None
    address: str = ""
    place: Mapping[str, Any] | None = None
    wrong: str = ""
    again: bool = False


@dataclass(frozen=True)
class Answer:
    """What goes back to a place. `key` is the same each time it is sent."""

    key: str
    text: str
    place: Mapping[str, Any]


class Channel(Protocol):
    """One way to customers."""

    @property
    def name(self) -> str: ...

    most_answers: int
    """How many answers go to one address in an hour."""
    takes_notes: ClassVar[bool]
    """Whether people work there, too: then answers that wait as drafts go there, at a place with `internal`; what must not be
    lost, whatever people do there, has `owed`; and what is asked of a conversation, as its tickets are closed here, is `to`,
    "closed" or "open".
    """

    def came(self) -> Iterator[Came]:
        """What has come in and is not marked, the oldest first. Raises OutOfReach, or OperatorError where it must be mended."""

    def keep(self, came: Came) -> None:
        """Mark what is kept, so that it comes no more. Raises OutOfReach, or NotMarked where it is about this one alone."""

    def send(self, answer: Answer) -> None:
        """Send an answer. Raises `NotSent` of `switchboard/mail/letters.py`, or what that can be; what is raised otherwise
        leaves it open whether it went out.
        """

    @property
    def arrived(self) -> Callable[[Answer], bool | None] | None:
        """What tells of an answer that was being sent whether it has gone out, None where nobody can say; it raises NotSent. A
        channel without it cannot be asked.
        """

    def known_as(self, key: str, address: str) -> str:
        """What a reply to the answer of a key would name as the message before it, as `Message.references`; "" for nothing."""

    def wait(self, seconds: float) -> bool:
        """Wait until something may have come in, so long at most. Returns whether it may have."""
