"""The rows that cases are kept in: cases, their runs and entries, approvals with operators' opinions, processes at work."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, DateTime, Float, ForeignKey, Index, Text, func, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from switchboard.accounts import rows as accounts
from switchboard.accounts.audit import audit
from switchboard.cases.snapshot import Snapshot
from switchboard.cases.spending import rows as spending
from switchboard.cases.words.rows import case_words
from switchboard.consent.codes import codes
from switchboard.notifications.rows import notifications
from switchboard.search.web.rows import pages
from switchboard.tickets.rows import Ticket

Json = dict[str, Any]
HAS_PARENT = text("parent IS NOT NULL")


class Table(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {Json: JSON, list[str]: JSON, datetime: DateTime(timezone=True)}


class CaseRow(Table):
    """A case as it stands. `end` is how its newest run ended, None while one is being worked on; `run` is that run's number.

    `state` is what the next run starts from beside the entries; a case without one was played on rows that are gone.
    `held_by` is the operator who has taken the case, `cancelled_by` who asked for its end; `inbox` are messages of the
    customer that came while nobody could take them up. `message_id` is the sender's, by which a message is one case.
    `parent` is the case that this one is a branch of: it has no state, no owner and no further run of its own.
    `handed_over` is why the agents left it to a person (`outcomes/reasons.py`); `thumb` is the customer's, `up` or `down`.
    `seal`, here and in the rows below, tells that it was edited in the database (`sealed/rows.py`); None without a key.
    """

    __tablename__ = "cases"
    # Most cases have no parent: an index of those would be taken for the order of a list.
    __table_args__ = (Index("ix_cases_parent", "parent", sqlite_where=HAS_PARENT, postgresql_where=HAS_PARENT),)

    id: Mapped[str] = mapped_column(primary_key=True)
    team: Mapped[str]
    end: Mapped[str | None] = mapped_column(index=True)
    reason: Mapped[str]
    department: Mapped[str | None]
    opening: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)
    seconds: Mapped[float] = mapped_column(Float)
    run: Mapped[int]
    used: Mapped[Json]
    state: Mapped[Snapshot | None] = mapped_column(JSON)
    held_by: Mapped[str | None]
    cancelled_by: Mapped[str | None]
    message_id: Mapped[str | None] = mapped_column(unique=True, index=True)
    parent: Mapped[str | None]
    inbox: Mapped[list[str]]
    handed_over: Mapped[str | None]
    thumb: Mapped[str | None]
    thumb_why: Mapped[str | None]
    seal: Mapped[str | None]


class RunRow(Table):
    """A stretch of a case between two words or decisions of people, and one workflow of the engine.

    `given` is what began it, `start` the case as it stood beside its entries, `first` the number of its first entry; they
    never change, so a replay begins with the same. `version` is of the team that worked on it. `owner` is the process that
    works on it, or is to: another one's record of it is refused. `attempts` is how often one had to take it over, `reached`
    how many entries there were then: the attempts count anew when it has come further. `traced` is whether its trace was sent.
    """

    __tablename__ = "runs"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[int]
    given: Mapped[Json]
    start: Mapped[Snapshot] = mapped_column(JSON)
    version: Mapped[str]
    owner: Mapped[str | None] = mapped_column(index=True)
    attempts: Mapped[int]
    reached: Mapped[int]
    priority: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(index=True)
    end: Mapped[str | None]
    traced: Mapped[bool | None]
    seal: Mapped[str | None]


class EntryRow(Table):
    """One line of a case's transcript, or one recorded step of its work: what an effect gave. Rows are only ever added.

    Number `n` of a case is its key, so of two processes that write the same number one loses. `kind` is the line's, or
    `step`; then `name` says which. `at` is when it was written, in seconds since the epoch, by the writer's clock.
    """

    __tablename__ = "entries"
    __table_args__ = ({"sqlite_with_rowid": False},)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    data: Mapped[Json]
    at: Mapped[float] = mapped_column(Float)
    seal: Mapped[str | None]


class ApprovalRow(Table):
    """A call that waits for operators. `arguments_hash` is that of the call that is made; `state` is `open`, `approved`,
    `refused`, or `void` when the case went another way before anybody answered.
    """

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    call_id: Mapped[str]
    agent: Mapped[str]
    tool: Mapped[str]
    arguments: Mapped[Json]
    arguments_hash: Mapped[str]
    why: Mapped[str]
    operators: Mapped[int]
    state: Mapped[str] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    deadline: Mapped[datetime]
    seal: Mapped[str | None]


class OpinionRow(Table):
    """What one operator said on an approval; each of them has one voice."""

    __tablename__ = "opinions"

    approval_id: Mapped[int] = mapped_column(ForeignKey("approvals.id"), primary_key=True)
    operator: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]
    reason: Mapped[str]
    arguments: Mapped[Json | None]
    said_at: Mapped[datetime]
    seal: Mapped[str | None]


class AmountRow(Table):
    """What a call moved of a customer's money, in cents, written with the call's own rows. `about` names the one thing that it
    was for, such as an order; `at` is in seconds since the epoch, by the writer's clock.
    """

    __tablename__ = "amounts"
    __table_args__ = (Index("ix_amounts_customer_id_at", "customer_id", "at"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    call_id: Mapped[str] = mapped_column(primary_key=True)
    tool: Mapped[str]
    customer_id: Mapped[str]
    about: Mapped[str] = mapped_column(index=True)
    cents: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[float] = mapped_column(Float)


codes.to_metadata(Table.metadata)  # whose rows are read and written in `switchboard/consent/codes.py`
for _table in (*spending.METADATA.sorted_tables, *accounts.METADATA.sorted_tables, audit):
    _table.to_metadata(Table.metadata)  # and these in `switchboard/cases/spending/rows.py` and `switchboard/accounts/`
notifications.to_metadata(Table.metadata)  # and these in `switchboard/notifications/rows.py`
Ticket.metadata.tables["tickets"].to_metadata(Table.metadata)  # and these in `switchboard/tickets/rows.py`
case_words.to_metadata(Table.metadata)  # and these in `switchboard/cases/words/`
pages.to_metadata(Table.metadata)  # and these in `switchboard/search/web/pages.py`


class FlagRow(Table):
    """An entry of a case that somebody keeps to be looked at again with each change of the code, and why."""

    __tablename__ = "flags"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    why: Mapped[str]
    flagged_by: Mapped[str]
    at: Mapped[datetime]


class NoteRow(Table):
    """What an operator wrote to operators about a case, where it had come `after` that entry. No run, no prompt, no customer
    and no program is ever given it: nothing but `service/operators/notes.py` reads these rows.
    """

    __tablename__ = "operator_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    after: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str]
    at: Mapped[datetime]


class SeenRow(Table):
    """Up to which entry and which note somebody has seen a case. `who` is their name as names are compared, here and below."""

    __tablename__ = "operator_seen"

    who: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    entry: Mapped[int]
    note: Mapped[int]


class ViewRow(Table):
    """What somebody wants to see of the queue, as an address asks for it, kept under a name."""

    __tablename__ = "operator_views"

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]


class TakenQuestionRow(Table):
    """A case whose question nothing answered, and which file of the project somebody has taken it over `into`; "" where they
    have put it aside.
    """

    __tablename__ = "taken_questions"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    into: Mapped[str]
    taken_by: Mapped[str]
    at: Mapped[datetime]


class EvaluationRow(Table):
    """An evaluation that somebody kept. `share` of its `cases` pass (pass^1): a list of many is shown without their trials."""

    __tablename__ = "evaluations"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    by: Mapped[str]
    cases: Mapped[int]
    share: Mapped[float] = mapped_column(Float)
    trials: Mapped[list[Json]] = mapped_column(JSON)


class MailRow(Table):
    """A further message of a case, by its sender's id; the one that opened it stands in the case's own row."""

    __tablename__ = "mails"

    message_id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)


class WorkerRow(Table):
    """A process that works on runs, and when it last said that it is alive. `endpoints` are those that it does not ask as
    usual at the moment, by name, each with why.
    """

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    takes_cases: Mapped[bool]
    """Whether it takes cases from the queue; a command works only on its own."""
    beat_at: Mapped[datetime]
    endpoints: Mapped[Json | None]


def clock(session: Session) -> datetime:
    """The time in UTC, on Postgres by the server's clock: the machines that share it may not agree on theirs."""
    if session.get_bind().dialect.name == "postgresql":
        return utc(session.execute(select(func.clock_timestamp())).scalar_one())
    return datetime.now(UTC)


def utc(moment: datetime) -> datetime:
    """SQLite gives moments back without a time zone, Postgres in the one of its session."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
