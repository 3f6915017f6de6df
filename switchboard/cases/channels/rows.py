"""Rows of channels, such as mail: which way a case came, and the answers that go back that way, each once."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from switchboard.cases.tables import Json, Table
from switchboard.mail.outbox import InOutbox


class ThreadRow(Table):
    """A case that came by a channel. `place` is where its newest message can be answered, in the channel's own words, and
    `address` whom that reaches, as addresses are compared. Up to entry `told` it was looked for what the customer is told.
    """

    __tablename__ = "channel_threads"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    channel: Mapped[str]
    address: Mapped[str]
    place: Mapped[Json]
    told: Mapped[int]


class AnswerRow(InOutbox, Table):
    """What a customer is told by a channel: the words of a run up to entry `n`, or of that entry of an operator. The words
    stand in the transcript alone. With an `n` below 0 nothing is told: the conversation is closed there, or opened (`to` of its
    place).
    """

    __tablename__ = "channel_answers"
    __table_args__ = (Index("ix_channel_answers_address", "address", "changed_at"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[str]
    address: Mapped[str]
    place: Mapped[Json]


class UnreadRow(Table):
    """Something that came in and could not be read, by what its channel marks it by: a person finds it there."""

    __tablename__ = "channel_unread"

    channel: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(primary_key=True)
    came_at: Mapped[datetime]


class NoticedRow(Table):
    """A conversation of a help desk that something was told of, `notices` times, and read since as it stood after `read` of
    these: what it says is read from the help desk, and no webhook is believed more than that there is something to read.
    """

    __tablename__ = "noticed_conversations"

    channel: Mapped[str] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(primary_key=True)
    notices: Mapped[int]
    read: Mapped[int]
    at: Mapped[datetime]


def keep_thread(session: Session, case_id: str, channel: str, address: str, place: Json) -> None:
    """Keep where a case's newest message can be answered; and since when it is known of that place how it stands, if it is."""
    row = session.get(ThreadRow, case_id, with_for_update=True)
    if row is None:
        session.add(ThreadRow(case_id=case_id, channel=channel, address=address, place=place, told=0))
    else:
        since = {"since": row.place["since"]} if "since" in row.place and "since" in place else {}
        row.channel, row.address, row.place = channel, address, {**place, **since}
