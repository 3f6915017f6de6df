"""A help desk as a channel: its webhooks say that there is something to read, and what there is, is read from it.

So a webhook that comes twice, late, or in another order is harmless, and none is believed more than that. What differs from one
help desk to another is in `HelpDesk`: how it signs, which conversation a webhook is about, how one is read, and how posted to.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

from sqlalchemy import Engine

from switchboard.cases.channels.noticed import give_up, has_read, notice, notice_again, noticed, put_off
from switchboard.cases.intake import Message, cases_of
from switchboard.characters import normal
from switchboard.errors import OperatorError, SwitchboardError
from switchboard.events.masking import spoken
from switchboard.loop.recording.words import MOST_WORDS
from switchboard.mail.letters import LetterRefused, NotSent, Overtaken
from switchboard.service.channels.channel import Answer, Away, Came, OutOfReach
from switchboard.service.channels.others import COPIES, OTHERS, tell_of_others
from switchboard.service.conversations import known
from switchboard.service.mails import EMPTY

log = logging.getLogger("switchboard")
MOST_BEFORE = 20
MOST_TRIES, PAUSE = 5, 30.0
"""How often one conversation is tried that cannot be read, and seconds until the second time: each pause is twice as long."""
MOST_AWAY = 2
"""After how many answers in a round that the help desk is away no more is asked of it."""
By = Literal["customer", "us", "person", "program", "other"]
"""Who wrote a post: `us` is the account that the desk posts as, a `person` any other who works at the help desk. The `customer`
is only who the conversation is surely with, as its `email` is theirs; whoever else writes from outside is an `other`.
"""
TAKEN = "Somebody at the help desk has this conversation, or has answered it, or not only its customer writes there."
SILENT = "The desk does not answer here: not only the customer of this conversation writes, or surely does. Please answer it."
"""What people at the help desk read where there is no case that a ticket could tell of it."""


class NotSigned(SwitchboardError):
    """A webhook that does not come from the help desk, or came before."""

    who = "client"


@dataclass(frozen=True)
class Post:
    """What stands in a conversation."""

    id: int
    by: By
    text: str
    public: bool = True


@dataclass(frozen=True)
class Conversation:
    """A conversation as it stands, with its posts, the oldest first. A `person` has taken it; or it `is_ours`, since somebody
    gave it to the desk. `email` is the customer's, as far as it may be believed. Where there are `copies` the help desk sends
    what is said in public to somebody else, too. `how` is what a post needs, in the help desk's own words.
    """

    posts: tuple[Post, ...]
    person: bool = False
    is_ours: bool = False
    email: str = ""
    copies: bool = False
    how: Mapping[str, Any] = field(default_factory=dict)

    def is_taken_since(self, post: int) -> bool:
        """Whether the desk is to be silent in it: a person has taken it, has answered after this post, or ever, unless it was
        given to the desk afterwards; or somebody else writes there, who may read what the customer is told.
        """
        answered = any(one.by == "person" and one.public for one in self.since(post))
        before = any(one.by == "person" and one.public for one in self.posts)
        return self.person or answered or (before and not self.is_ours) or self.has_others

    @property
    def has_others(self) -> bool:
        return any(one.by == "other" for one in self.posts)

    def since(self, post: int) -> tuple[Post, ...]:
        """The posts after one; all of them where it is gone."""
        return self.posts[next((at + 1 for at, one in enumerate(self.posts) if one.id == post), 0) :]


class HelpDesk(Protocol):
    """One help desk."""

    name: ClassVar[str]

    def noticed_by(self, headers: Mapping[str, str], body: bytes, now: float) -> str:
        """The conversation that a webhook tells of, "" where it tells of none. Raises NotSigned, and ValueError where it is
        none that this help desk sends.
        """

    def read(self, conversation: str) -> Conversation | None:
        """A conversation as it stands, with all of its posts; None where there is none. Raises OutOfReach."""

    def post(self, conversation: str, text: str, *, public: bool, how: Mapping[str, Any]) -> None:
        """Post a reply, or an internal note, to a conversation that was just read. Raises `NotSent` of
        `switchboard/mail/letters.py`, or what that can be.
        """


@dataclass
class HelpDeskChannel:
    """Customers who write to a help desk, and are answered there."""

    engine: Engine
    desk: HelpDesk
    most_answers: int
    takes_notes: ClassVar[bool] = True
    woken: threading.Event = field(default_factory=threading.Event)
    tries: dict[str, int] = field(default_factory=dict)
    """How often each conversation was tried that could not be read yet."""

    @property
    def name(self) -> str:
        return self.desk.name

    def hear(self, headers: Mapping[str, str], body: bytes, now: float) -> None:
        """Take a webhook. Raises NotSigned, ValueError."""
        if conversation := self.desk.noticed_by(headers, body, now):
            notice(self.engine, self.name, conversation)
            self.woken.set()

    def catch_up(self) -> None:
        """Have what was read lately read again, for what was written while nobody heard of it."""
        notice_again(self.engine, self.name)
        self.woken.set()

    def came(self) -> Iterator[Came]:
        away: list[tuple[str, int, Away]] = []
        has_others = False
        for conversation, notices in noticed(self.engine, self.name):
            try:
                found = self.desk.read(conversation)
            except Away as error:
                away.append((conversation, notices, error))
                if len(away) == MOST_AWAY:
                    break
                continue
            except Exception as error:  # noqa: BLE001 - what an adapter does not expect of one conversation stops no other one
                yield from self._not_read(conversation, notices, error)
                continue
            has_others = True
            yield from self._unanswered(conversation, found) if found else ()
            try:
                self._tell_people(conversation, found)
            except NotSent as error:
                yield from self._not_read(conversation, notices, OutOfReach(str(error)))
                continue
            has_read(self.engine, self.name, conversation, notices)
            self.tries.pop(conversation, None)
        for conversation, notices, trouble in away:
            if has_others:  # then it may be about this conversation alone
                yield from self._not_read(conversation, notices, trouble)
            else:
                put_off(self.engine, self.name, conversation, notices, 0.0)
        if away and (len(away) == MOST_AWAY or not has_others):
            raise away[-1][2]

    def _not_read(self, conversation: str, notices: int, error: Exception) -> Iterator[Came]:
        """Try it later, behind the others; at last it is left to a person."""
        if not isinstance(error, OutOfReach):
            log.warning("Conversation %s of %s could not be read", conversation, self.name, exc_info=error)
        tries = self.tries.pop(conversation, 0) + 1
        if tries < MOST_TRIES:
            self.tries[conversation] = tries
            put_off(self.engine, self.name, conversation, notices, PAUSE * 2 ** (tries - 1))
            return
        why = str(error) if isinstance(error, OutOfReach) else f"What it says is not understood ({type(error).__name__})."
        yield Came(conversation, wrong=f"Conversation {conversation} of {self.name} is left to a person. {why}")
        give_up(self.engine, self.name, conversation, notices)

    def _unanswered(self, conversation: str, found: Conversation) -> Iterator[Came]:
        """What the customer wrote that no person has answered, where none has the conversation: what is new, and the last of it
        each time, so that its place is kept.
        """
        posts = self._of_customer(conversation, found)
        keys = [*posts]
        there = cases_of(self.engine, keys)
        for at, (key, post) in enumerate(posts.items()):
            if (key in there and key != keys[-1]) or found.is_taken_since(post.id):
                continue
            words = spoken(post.text)[:MOST_WORDS] or EMPTY
            message = Message(key, words, _known(found.email), 0, tuple(reversed(keys[max(at - MOST_BEFORE, 0) : at])))
            address = normal(message.known.get("email", "")) or f"{self.name}:{conversation}"
            yield Came(key, message, address, {"conversation": conversation, "post": post.id})

    def _of_customer(self, conversation: str, found: Conversation) -> dict[str, Post]:
        """What the customer wrote, by the ids of the messages that it becomes."""
        said = (one for one in found.posts if one.by == "customer" and one.public)
        return {f"{self.name}:{conversation}:{one.id}": one for one in said}

    def _tell_people(self, conversation: str, found: Conversation | None) -> None:
        """Tell people of a conversation that the desk cannot answer by itself: by a ticket, else by one note in it."""
        if found is None or found.person or not (found.has_others or found.copies):
            return
        keys = [*self._of_customer(conversation, found)]
        subject = OTHERS if found.has_others else COPIES
        if tell_of_others(self.engine, self.name, conversation, keys, subject) or not found.has_others:
            return
        if not any(one.by == "person" or _folded(one.text) == _folded(SILENT) for one in found.posts if one.by != "other"):
            self.desk.post(conversation, SILENT, public=False, how=found.how)

    def keep(self, came: Came) -> None:
        """Nothing: a conversation is marked once all that it says is kept."""

    def send(self, answer: Answer) -> None:
        conversation, public, since = _place(answer)
        found = self._read(conversation)
        if found is None:
            raise LetterRefused(f"Conversation {conversation} of {self.name} is gone.")
        if public and found.is_taken_since(since):
            raise Overtaken(TAKEN)
        self.desk.post(conversation, answer.text, public=public and not found.copies, how=found.how)

    def arrived(self, answer: Answer) -> bool | None:
        """Whether a post of ours after the customer's says just that. One that says something else may be what the help desk
        made of it; then nobody can tell.
        """
        conversation, public, since = _place(answer)
        found = self._read(conversation)
        seen = {public, public and not (found and found.copies)}
        ours = [one for one in found.since(since) if one.by == "us" and one.public in seen] if found else []
        if any(_folded(one.text) == _folded(answer.text) for one in ours):
            return True
        return None if ours else False

    def known_as(self, key: str, address: str) -> str:
        return ""

    def wait(self, seconds: float) -> bool:
        is_woken = self.woken.wait(seconds)
        self.woken.clear()
        return is_woken

    def _read(self, conversation: str) -> Conversation | None:
        try:
            return self.desk.read(conversation)
        except OutOfReach as error:
            raise NotSent(str(error)) from None


def _place(answer: Answer) -> tuple[str, bool, int]:
    """Which conversation an answer is for, whether the customer reads it, and after which post."""
    return str(answer.place["conversation"]), not answer.place.get("internal"), int(answer.place["post"])


def _known(email: str) -> dict[str, str]:
    try:
        return known(email)
    except OperatorError:  # no address, or one that looks like another one
        return {}


def _folded(text: str) -> str:
    return " ".join(text.split())
