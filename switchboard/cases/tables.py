"""The rows that runs are kept in: runs, their runs, approvals with operators' opinions, and the processes at work."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Float, ForeignKey, Text, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Table(DeclarativeBase):
    pass


class CaseRow(Table):
    """`end` is None while a run is being worked on. `state` is what the next run starts from; a run without one was
    played on rows that are gone. `held_by` is the operator who has taken the case, `cancelled_by` who asked for its end;
    `inbox` are messages of the customer that came while nobody could take them up.
    """

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(primary_key=True)
    team: Mapped[str]
    end: Mapped[str | None] = mapped_column(index=True)
    department: Mapped[str | None]
    opening: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seconds: Mapped[float] = mapped_column(Float)
    document: Mapped[str] = mapped_column(Text)
    run: Mapped[int]
    state: Mapped[str | None]
    held_by: Mapped[str | None]
    cancelled_by: Mapped[str | None]
    message_id: Mapped[str | None] = mapped_column(unique=True, index=True)
    inbox: Mapped[str] = mapped_column(default="[]")


class RunRow(Table):
    """A stretch of a run between two words or decisions of people, and one workflow of the engine.

    `given` is what began it, `start` the run as it stood; neither ever changes, so a replay begins with the same.
    `version` is of the team that worked on it. `executor` is the process that was to work on it first, `attempts` how
    often another one had to take it over.
    """

    __tablename__ = "runs"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    given: Mapped[str]
    start: Mapped[str]
    version: Mapped[str]
    executor: Mapped[str | None] = mapped_column(index=True)
    attempts: Mapped[int]
    reached: Mapped[int]
    """How many steps were recorded when it was taken over last; `attempts` counts anew when it has come further."""
    priority: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ApprovalRow(Table):
    """A call that waits for operators. `arguments_hash` is what an answer is bound to; `state` is `open`, `approved`,
    `refused`, or `void` when the case went another way before anybody answered.
    """

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    call_id: Mapped[str]
    agent: Mapped[str]
    tool: Mapped[str]
    arguments: Mapped[str]
    arguments_hash: Mapped[str]
    why: Mapped[str]
    operators: Mapped[int]
    state: Mapped[str] = mapped_column(index=True)
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    deadline: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class OpinionRow(Table):
    """What one operator said on an approval; each of them has one voice."""

    __tablename__ = "opinions"

    approval_id: Mapped[int] = mapped_column(ForeignKey("approvals.id"), primary_key=True)
    operator: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]
    reason: Mapped[str]
    arguments: Mapped[str | None]
    said_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class WorkerRow(Table):
    """A process that works on runs, and when it last said that it is alive."""

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    takes_cases: Mapped[bool]
    """Whether it takes cases from the queue; a command works only on its own."""
    beat_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def clock(session: Session) -> datetime:
    """The time in UTC, on Postgres by the server's clock: the machines that share it may not agree on theirs."""
    if session.get_bind().dialect.name == "postgresql":
        return utc(session.execute(select(func.clock_timestamp())).scalar_one())
    return datetime.now(UTC)


def utc(moment: datetime) -> datetime:
    """SQLite gives moments back without a time zone, Postgres in the one of its session."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
