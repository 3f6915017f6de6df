"""A help desk as a channel: its webhooks say that there is something to read, and what there is, is read from it.

So a webhook that comes twice, late, or in another order is harmless, and none is believed more than that. What differs from one
help desk to another is in `HelpDesk`: how it signs, which conversation a webhook is about, how one is read, and how posted to.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Engine

from switchboard.cases.channels.noticed import claim, give_up, has_read, notice, notice_again, noticed, put_off, unclaim
from switchboard.cases.channels.statuses import SETTLED, agree, now_of, place_of
from switchboard.cases.intake import Message, cases_of
from switchboard.characters import normal
from switchboard.errors import OperatorError
from switchboard.events.masking import spoken
from switchboard.loop.recording.words import MOST_WORDS
from switchboard.mail.letters import LetterRefused, MayBeSent, NotSent, Overtaken
from switchboard.service.channels.channel import Answer, Away, Came, OutOfReach
from switchboard.service.channels.conversation import Conversation, HelpDesk, Post
from switchboard.service.channels.others import COPIES, OTHERS, tell_of_note, tell_of_others
from switchboard.service.conversations import known
from switchboard.service.mails import EMPTY
from switchboard.tickets.rows import CLOSED, OPEN

log = logging.getLogger("switchboard")
MOST_BEFORE = 20
MOST_TRIES, PAUSE = 5, 30.0
"""How often one conversation is tried that cannot be read, and seconds until the second time: each pause is twice as long."""
MOST_AWAY = 2
"""After how many answers in a round that the help desk is away no more is asked of it."""
TAKEN = "Somebody at the help desk has this conversation, or has answered it, or not only its customer writes there."
CLOSED_THERE = "Somebody at the help desk has closed this conversation."
WROTE = "The customer wrote there since, and nobody has answered."
SILENT = "The desk does not answer here: not only the customer of this conversation writes, or surely does. Please answer it."
"""What people at the help desk read where there is no case that a ticket could tell of it."""


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
            began = now_of(self.engine)
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
            yield from self._taken_up(conversation, found, began) if found else ()
            try:
                is_told = self._tell_people(conversation, found)
            except NotSent as error:
                yield from self._not_read(conversation, notices, OutOfReach(str(error)))
                continue
            if not is_told:
                put_off(self.engine, self.name, conversation, notices, PAUSE)
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

    def _taken_up(self, conversation: str, found: Conversation, began: datetime) -> Iterator[Came]:
        """What the customer wrote that no person has answered, where none has the conversation: what is new, and the last of it
        each time, so that its place is kept. Before that the tickets here are closed if it was closed there: what was written
        meanwhile opens them again.
        """
        posts = self._of_customer(conversation, found)
        keys = [*posts]
        there, seen = cases_of(self.engine, keys), dict.fromkeys(("seen", "since"), began.isoformat())
        for case_id in {*there.values()}:
            agree(self.engine, self.name, case_id, found.status, began)
        for at, (key, post) in enumerate(posts.items()):
            if (key in there and key != keys[-1]) or found.is_taken_since(post.id):
                continue
            words = spoken(post.text)[:MOST_WORDS] or EMPTY
            message = Message(key, words, _known(found.email), 0, tuple(reversed(keys[max(at - MOST_BEFORE, 0) : at])))
            address = normal(message.known.get("email", "")) or f"{self.name}:{conversation}"
            place = {"conversation": conversation, "post": post.id, "status": found.status, **seen}
            kept = place_of(self.engine, there[key]) if key in there else {}
            yield Came(key, message, address, kept if kept.get("post") == post.id and "status" in kept else place)

    def _of_customer(self, conversation: str, found: Conversation) -> dict[str, Post]:
        """What the customer wrote, by the ids of the messages that it becomes."""
        said = (one for one in found.posts if one.by == "customer" and one.public)
        return {f"{self.name}:{conversation}:{one.id}": one for one in said}

    def _tell_people(self, conversation: str, found: Conversation | None) -> bool:
        """Tell people of a conversation that the desk cannot answer by itself: by a ticket, else by one note in it. False where
        another process may be about to leave that note.
        """
        if found is None or found.person or not (found.has_others or found.copies):
            return True
        keys = [*self._of_customer(conversation, found)]
        subject = OTHERS if found.has_others else COPIES
        if tell_of_others(self.engine, self.name, conversation, keys, subject) or not found.has_others:
            return True
        said = (one for one in found.posts if one.by != "other")
        if found.status == CLOSED or any(one.by == "person" or _folded(one.text) == _folded(SILENT) for one in said):
            return True
        if not claim(self.engine, self.name, conversation):
            return False
        try:
            self.desk.post(conversation, SILENT, public=False, how=found.how)
        except MayBeSent:
            raise
        except NotSent:
            unclaim(self.engine, self.name, conversation)
            raise
        return True

    def keep(self, came: Came) -> None:
        """Nothing: a conversation is marked once all that it says is kept."""

    def send(self, answer: Answer) -> None:
        conversation, public, since = _place(answer)
        found = self._read(conversation)
        if found is None:
            raise LetterRefused(f"Conversation {conversation} of {self.name} is gone.")
        if "to" in answer.place:
            self._mark(conversation, found, answer, since)
            return
        is_taken, is_owed = public and found.is_taken_since(since), _is_owed(answer)
        if is_taken and not is_owed:
            raise Overtaken(TAKEN)
        if public and not is_owed and _is_closed_since(found, answer):
            raise Overtaken(CLOSED_THERE)
        if is_taken:  # people there are not to be interrupted, and must know
            tell_of_note(self.engine, self.name, conversation, answer.key)
            public = False
        self.desk.post(conversation, answer.text, public=public and not found.copies, how=found.how)

    def _mark(self, conversation: str, found: Conversation, answer: Answer, since: int) -> None:
        """Close a conversation, or open it, where it is not so and nobody there has done something else meanwhile."""
        to = answer.place["to"]
        if found.status == to:
            return
        if to == CLOSED and found.person:
            raise Overtaken(TAKEN)
        if to == CLOSED and found.waits_since(since):
            raise Overtaken(WROTE)
        if to != CLOSED and answer.place.get("status") != SETTLED and _is_closed_since(found, answer):
            notice(self.engine, self.name, conversation)  # it was read while this was under way
            raise Overtaken(CLOSED_THERE)
        self.desk.mark(conversation, to, found.how)

    def arrived(self, answer: Answer) -> bool | None:
        """Whether a post of ours after the customer's says just that. One that says something else may be what the help desk
        made of it; and a note in a conversation that people have may be of a draft that said the same: then nobody can tell.
        """
        conversation, public, since = _place(answer)
        found = self._read(conversation)
        if "to" in answer.place:  # where it is otherwise, somebody may have changed it since
            is_to_be_opened = found is not None and (found.status, answer.place["to"]) == ("pending", OPEN)
            return True if found and found.status == answer.place["to"] else False if is_to_be_opened else None
        seen = {public, public and not (found and found.copies)}
        of_us = [one for one in found.since(since) if one.by == "us"] if found else []
        ours = [one for one in of_us if one.public in seen]
        same = [one for one in of_us if _folded(one.text) == _folded(answer.text)]
        if any(one in ours for one in same):
            return True
        is_left = bool(same and found and found.is_taken_since(since) and _is_owed(answer))
        return None if ours or is_left else False

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


def _is_owed(answer: Answer) -> bool:
    """Whether an answer is not to be lost; before these were marked so, the words of operators were."""
    return bool(answer.place.get("owed") or answer.place.get("operator"))


def _is_closed_since(found: Conversation, answer: Answer) -> bool:
    """Whether people have closed a conversation after the customer's message was read; of older answers that is not known."""
    return found.status == CLOSED and answer.place.get("status", CLOSED) != CLOSED


def _known(email: str) -> dict[str, str]:
    try:
        return known(email)
    except OperatorError:  # no address, or one that looks like another one
        return {}


def _folded(text: str) -> str:
    return " ".join(text.split())
