"""A conversation of a help desk as it stands, and what each help desk can be asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

from switchboard.errors import SwitchboardError
from switchboard.plays.asked.thanks import only_thanks

By = Literal["customer", "us", "person", "program", "other"]
"""Who wrote a post: `us` is the account that the desk posts as, a `person` any other who works at the help desk. The `customer`
is only who the conversation is surely with, as its `email` is theirs; whoever else writes from outside is an `other`.
"""
Status = Literal["open", "pending", "closed"]
"""How a conversation stands: `closed` where people have settled it there, and `pending` where it is a program's, so that
they do not see it among theirs.
"""


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
    what is said in public to somebody else, too. `how` is what a post, or a mark, needs, in the help desk's own words.
    """

    posts: tuple[Post, ...]
    person: bool = False
    is_ours: bool = False
    email: str = ""
    copies: bool = False
    status: Status = "open"
    how: Mapping[str, Any] = field(default_factory=dict)

    def is_taken_since(self, post: int) -> bool:
        """Whether the desk is to be silent in it: a person has taken it, has answered after this post, or ever, unless it was
        given to the desk afterwards; or somebody else writes there, who may read what the customer is told.
        """
        answered = any(one.by == "person" and one.public for one in self.since(post))
        before = any(one.by == "person" and one.public for one in self.posts)
        return self.person or answered or (before and not self.is_ours) or self.has_others

    def waits_since(self, post: int) -> bool:
        """Whether somebody from outside waits for an answer. To what they wrote after this post none of ours is one, since the
        desk may not have read it; thanks wait for none.
        """
        said = [one for one in self.posts if one.public and one.by != "program"]
        asked = [at for at, one in enumerate(said) if one.by in ("customer", "other") and not only_thanks(one.text)]
        if not asked:
            return False
        answer = ("person",) if said[asked[-1]] in self.since(post) else ("person", "us")
        return not any(one.by in answer for one in said[asked[-1] + 1 :])

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

    def mark(self, conversation: str, status: Literal["open", "closed"], how: Mapping[str, Any]) -> None:
        """Close a conversation that was just read, or open it for people. Raises as `post` does."""
