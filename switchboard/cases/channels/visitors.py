"""Rows of visitors, who are known by nothing but a token that their browser keeps: which case each of them has.

What a visitor writes is kept in the transaction that holds their row, so that two windows of theirs begin one case.
"""

from datetime import datetime, timedelta

from sqlalchemy import Engine, ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from switchboard.cases.intake import Kept, Message, goes_on, keep_in
from switchboard.cases.runs import Environment
from switchboard.cases.tables import CaseRow, EntryRow, RunRow, Table, clock, utc
from switchboard.database import for_a_while
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import MessageEntry, digest, entry_from

HOUR, DAY, LASTS = timedelta(hours=1), timedelta(days=1), timedelta(days=30)
"""After how long without a word a visitor who never wrote is forgotten, and after how long a token opens nothing more."""


class VisitorRow(Table):
    """A visitor by the hash of their token. `case_id` is None until they have written."""

    __tablename__ = "channel_visitors"

    token: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime] = mapped_column(index=True)


@for_a_while
def add_visitor(engine: Engine, token: str, most: int) -> bool:
    """Keep a new visitor, unless there were so many who wrote within a day, or came within an hour."""
    with Session(engine) as session, session.begin():
        now = clock(session)
        silent = VisitorRow.case_id.is_(None), VisitorRow.used_at < now - HOUR
        session.execute(VisitorRow.__table__.delete().where(*silent))  # type: ignore[attr-defined]
        open_now = session.scalar(select(func.count()).where(VisitorRow.used_at >= now - DAY)) or 0
        if open_now < most:
            session.add(VisitorRow(token=token, case_id=None, made_at=now, used_at=now))
        return open_now < most


def visitor(engine: Engine, token: str) -> tuple[bool, str]:
    """Whether there is a visitor with a token, and the id of their case, "" where they have none."""
    with Session(engine.execution_options(reading=True)) as session:
        row = session.get(VisitorRow, token)
        found = row is not None and utc(row.used_at) >= clock(session) - LASTS
        return found, (row.case_id or "") if row and found else ""


@for_a_while
def keep_from_visitor(environment: Environment, team: str, token: str, message: Message) -> Kept:
    """Keep a visitor's message once under its id, in their case, else in a new one of the team. Raises OtherMessage."""
    with Session(environment.engine) as session, session.begin():
        row = session.get_one(VisitorRow, token, with_for_update=True)
        before = row.case_id if row.case_id and goes_on(session, row.case_id, environment) else ""
        kept = keep_in(session, environment, team, before, message, f"{message.id} {digest([message.words])}")
        row.case_id, row.used_at = kept.case_id, clock(session)
        return kept


def not_heard_yet(engine: Engine, case_id: str) -> tuple[int, list[str], list[str]]:
    """The number of a case's newest entry, and what its customer has written that is no line of it: the words that began its
    run, and those after them.
    """
    with Session(engine.execution_options(reading=True)) as session:
        row = session.get_one(CaseRow, case_id)
        run = session.get(RunRow, (case_id, row.run))  # what is long over has none any more
        lines = select(EntryRow.data).where(EntryRow.case_id == case_id, EntryRow.run == row.run, EntryRow.kind == "message")
        heard = any(data["speaker"] == CUSTOMER for data in session.scalars(lines))
        begun = [str(run.given["words"])] if run and run.given.get("kind") == "words" and not heard else []
        newest = session.scalar(select(func.max(EntryRow.n)).where(EntryRow.case_id == case_id)) or 0
        return newest, begun, list(row.inbox)


def unanswered(engine: Engine, case_id: str) -> list[str]:
    """The lines of a case's customer after the last one that was said to them."""
    found: list[str] = []
    query = select(EntryRow.data).where(EntryRow.case_id == case_id, EntryRow.kind == "message").order_by(EntryRow.n)
    with Session(engine.execution_options(reading=True)) as session:
        for line in map(entry_from, session.scalars(query)):
            if isinstance(line, MessageEntry):
                found = [*found, line.text] if line.speaker == CUSTOMER else []
    return found
