"""Conversations of help desks that something was told of: a row for each, until it is read as it stood after that."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.cases.channels.rows import NoticedRow, UnreadRow
from switchboard.cases.tables import clock
from switchboard.database import for_a_while
from switchboard.mail.outbox import SETTLES

AT_ONCE, WEEK = 200, timedelta(days=7)


@for_a_while
def notice(engine: Engine, channel: str, conversation: str) -> None:
    """Keep that there is something to read in a conversation."""
    mine = (NoticedRow.channel == channel, NoticedRow.conversation == conversation)
    try:
        with Session(engine) as session, session.begin():
            now = clock(session)
            told = update(NoticedRow).where(*mine).values(notices=NoticedRow.notices + 1, at=now)
            if session.execute(told.returning(NoticedRow.notices)).first() is None:
                session.add(NoticedRow(channel=channel, conversation=conversation, notices=1, read=0, at=now))
    except IntegrityError:  # another request told of it first at the same moment
        notice(engine, channel, conversation)


@for_a_while
def notice_again(engine: Engine, channel: str) -> None:
    """Keep that there may be something to read in the conversations that were told of last, within a week: of what was written
    while nobody heard it nothing tells.
    """
    with Session(engine) as session, session.begin():
        recent = select(NoticedRow.conversation).where(NoticedRow.channel == channel, NoticedRow.at >= clock(session) - WEEK)
        newest = recent.order_by(NoticedRow.at.desc()).limit(AT_ONCE)
        again = update(NoticedRow).where(NoticedRow.channel == channel, NoticedRow.conversation.in_(newest))
        session.execute(again.values(notices=NoticedRow.notices + 1).execution_options(synchronize_session=False))


def noticed(engine: Engine, channel: str) -> list[tuple[str, int]]:
    """The conversations of a channel that are to be read now, the one that was told of first before the others, each with how
    many notices there were."""
    query = select(NoticedRow.conversation, NoticedRow.notices).order_by(NoticedRow.at).limit(AT_ONCE)
    query = query.where(NoticedRow.channel == channel, NoticedRow.notices > NoticedRow.read)
    with Session(engine.execution_options(reading=True)) as session:
        found = session.execute(query.where(NoticedRow.at <= clock(session)))
        return [(conversation, notices) for conversation, notices in found]


@for_a_while
def has_read(engine: Engine, channel: str, conversation: str, notices: int) -> None:
    """Keep that a conversation was read after so many notices; what came since is read again."""
    with Session(engine) as session, session.begin():
        _reads(session, channel, conversation, notices)
        session.execute(delete(UnreadRow).where(UnreadRow.channel == channel, UnreadRow.mark == conversation))


@for_a_while
def give_up(engine: Engine, channel: str, conversation: str, notices: int) -> None:
    """Keep that a conversation is not to be read before something new is told of it."""
    with Session(engine) as session, session.begin():
        _reads(session, channel, conversation, notices)


def _reads(session: Session, channel: str, conversation: str, notices: int) -> None:
    mine = (NoticedRow.channel == channel, NoticedRow.conversation == conversation, NoticedRow.read < notices)
    session.execute(update(NoticedRow).where(*mine).values(read=notices))


@for_a_while
def claim(engine: Engine, channel: str, conversation: str) -> bool:
    """Have the note that is left in a conversation to oneself. False where another process has, lately: a row beside the
    conversation's own says so, which nobody reads as one that was told of.
    """
    name = f"{channel}:note"
    mine = (NoticedRow.channel == name, NoticedRow.conversation == conversation)
    try:
        with Session(engine) as session, session.begin():
            now = clock(session)
            given_up = update(NoticedRow).where(*mine, NoticedRow.at <= now - SETTLES).values(at=now)
            if session.execute(given_up.returning(NoticedRow.notices)).first():
                return True
            if session.scalar(select(NoticedRow.notices).where(*mine)) is not None:
                return False
            session.add(NoticedRow(channel=name, conversation=conversation, notices=0, read=0, at=now))
            return True
    except IntegrityError:  # another process claimed it at the same moment
        return False


@for_a_while
def unclaim(engine: Engine, channel: str, conversation: str) -> None:
    """Let others leave the note, as it was surely not left."""
    with Session(engine) as session, session.begin():
        mine = (NoticedRow.channel == f"{channel}:note", NoticedRow.conversation == conversation)
        session.execute(delete(NoticedRow).where(*mine))


@for_a_while
def put_off(engine: Engine, channel: str, conversation: str, notices: int, seconds: float) -> None:
    """Have a conversation wait for so long, behind the others, unless something new was told of it."""
    mine = (NoticedRow.channel == channel, NoticedRow.conversation == conversation, NoticedRow.notices == notices)
    with Session(engine) as session, session.begin():
        session.execute(update(NoticedRow).where(*mine).values(at=clock(session) + timedelta(seconds=seconds)))


def notices_of(engine: Engine, channel: str, conversations: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Of those of these conversations that were told of: how many notices there were, and after how many they were read."""
    query = select(NoticedRow.conversation, NoticedRow.notices, NoticedRow.read).where(NoticedRow.channel == channel)
    found: dict[str, tuple[int, int]] = {}
    with Session(engine.execution_options(reading=True)) as session:
        for start in range(0, len(conversations), AT_ONCE):
            batch = NoticedRow.conversation.in_(conversations[start : start + AT_ONCE])
            found |= {conversation: (notices, read) for conversation, notices, read in session.execute(query.where(batch))}
    return found
