"""Tickets as rows: work on a case that waits for a person, with the number that customers and people call it by.

The library owns them, so that a project without Python has them as one with tools of its own: a tool opens one in its own
transaction (`opened`), and a run that leaves its case to a person opens one where none is open (`open_for_person`).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Index, event, inspect, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

OPEN, CLOSED = "open", "closed"
NUMBER = re.compile(r"[Tt][- ]?(\d{1,9})")
MOST_SUBJECT, MOST_RESOLUTION, MOST_HISTORY = 120, 4000, 200
WAITS = ("escalated", "failed", "limit", "loop")
"""Ends of a run after which its case waits for a person; a call that waits for a yes has a row of its own."""
LOOKED = {"told_as", "look_by", "look_at"}
"""What of a ticket is kept by who looks for alerts."""
LEFT = {"failed": "high", "limit": "medium", "loop": "medium", "escalated": "medium"}


class Owned(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {dict[str, Any]: JSON, datetime: DateTime(timezone=True)}


class Ticket(Owned):
    """Work for a human. `key` names the call that opened it, or the run; the contact columns hold how to reach the customer.

    `status` is open or closed; `priority` is an urgency (`switchboard/tickets/kinds.py`), or a project's own word for one.
    `draft` is an answer that a person may send, `facts` what was found of the message, `resolution` how a person settled it.
    `duplicate_of` is the case of an earlier message that says the same. `reopened` counts how often it was taken up again,
    the last time at `reopened_at`, when it had been closed since `was_closed_at`. As how urgent a ticket somebody has heard of
    it says `told_as`; whoever looks for what is late looks at it at `look_at` again, in seconds since the epoch, where it went
    by the deadlines of `look_by`.
    """

    __tablename__ = "tickets"
    __table_args__ = (Index("ix_tickets_look", "status", "look_by", "look_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[str] = mapped_column(index=True)
    customer_id: Mapped[str | None] = mapped_column(index=True)
    department: Mapped[str]
    priority: Mapped[str]
    status: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    summary: Mapped[str]
    contact_name: Mapped[str | None]
    contact_email: Mapped[str | None]
    contact_phone: Mapped[str | None]
    created_at: Mapped[datetime]
    assigned_to: Mapped[str | None]
    draft: Mapped[str | None]
    facts: Mapped[dict[str, Any] | None]
    resolution: Mapped[str | None]
    duplicate_of: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    was_closed_at: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(default=0)
    told_as: Mapped[str | None]
    look_by: Mapped[str] = mapped_column(default="")
    look_at: Mapped[float] = mapped_column(default=0.0)

    @property
    def number(self) -> str:
        return f"T{self.id:06d}"

    @property
    def since(self) -> datetime:
        """Since when it waits."""
        return utc(self.reopened_at or self.created_at)


@event.listens_for(Ticket, "before_update")
def _look_anew(_mapper: Any, _connection: Any, ticket: Ticket) -> None:
    """Have a ticket looked at again once somebody has changed it, and not just looked."""
    changed = {one.key for one in inspect(ticket).attrs if one.history.has_changes()}
    if changed - LOOKED:
        ticket.look_by = ""


def utc(moment: datetime) -> datetime:
    """SQLite gives moments back without a time zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def numbered(text: str) -> int | None:
    """The id of a ticket that is called by its number, such as T000005."""
    found = NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None


def opened(session: Session, key: str, case_id: str, values: Mapping[str, Any]) -> Ticket:
    """A new ticket, or the one that this very call, or run, opened before."""
    ticket = session.scalars(select(Ticket).where(Ticket.key == key)).one_or_none()
    if ticket is None:
        ticket = Ticket(key=key, case_id=case_id, **{"status": OPEN, "created_at": datetime.now(UTC), **values})
        session.add(ticket)
        session.flush()
    return ticket


def open_of(session: Session, case_id: str, *, locked: bool = True) -> list[Ticket]:
    """The open tickets of a case as they are now, the newest first, locked until the transaction ends: who closes one meanwhile
    comes before or after it.
    """
    query = select(Ticket).where(Ticket.case_id == case_id, Ticket.status == OPEN).order_by(Ticket.id.desc())
    query = query.with_for_update().execution_options(populate_existing=True) if locked else query
    return list(session.scalars(query))


def open_for_person(
    session: Session, case_id: str, run: int, end: str, about: Mapping[str, Any], now: datetime
) -> list[Ticket]:
    """The open tickets of a case whose run has ended, in that transaction: a new one where it waits for a person and has none.

    `about` has what is known of it: its `department`, `customer_id`, `contact_email`, `opening` and the `reason` of its end.
    """
    found = open_of(session, case_id)
    if not found and end in WAITS:
        subject = " ".join(str(about["opening"]).split())[:MOST_SUBJECT] or "-"
        values = {name: about.get(name) for name in ("customer_id", "contact_email")}
        values |= {"department": about.get("department") or "-", "priority": LEFT[end], "created_at": now}
        values |= {"subject": subject, "summary": about["reason"] or end}
        found = [opened(session, f"{case_id}:{run}", case_id, values)]
        take_up_again(found[0], "", str(values["summary"]), now)  # it may be closed, where this very run had it before
    return found


def sum_up(ticket: Ticket, summary: str) -> None:
    """Have an agent's summary stand on a ticket that the library opened without one, in place of what was known then."""
    if ticket.key.removeprefix(f"{ticket.case_id}:").isdecimal():
        ticket.summary = summary


def newest_of(session: Session, case_id: str) -> Ticket | None:
    """The newest ticket of a case, open or closed, locked until the transaction ends."""
    query = select(Ticket).where(Ticket.case_id == case_id).order_by(Ticket.id.desc()).limit(1)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()


def take_up_again(ticket: Ticket, by: str, why: str, now: datetime) -> bool:
    """Open a closed ticket: its deadlines begin anew, and how it was settled before counts no more. False where it is open."""
    if ticket.status == OPEN:
        return False
    ticket.status, ticket.reopened_at, ticket.reopened = OPEN, now, ticket.reopened + 1
    ticket.was_closed_at = ticket.closed_at
    ticket.closed_at = ticket.answered_at = ticket.resolution = ticket.draft = ticket.told_as = None
    note_on(ticket, "reopened", by, why, now)
    return True


def settle(ticket: Ticket, by: str, resolution: str, now: datetime) -> None:
    """Keep that an open ticket is settled, and how."""
    ticket.status, ticket.closed_at, ticket.resolution = CLOSED, now, resolution[:MOST_RESOLUTION]
    note_on(ticket, "closed", by, resolution, now)


def note_on(ticket: Ticket, what: str, by: str, words: str, now: datetime) -> None:
    """Keep who did what with a ticket, as the newest line of many."""
    line = {"what": what, "by": by, "at": now.isoformat(timespec="microseconds"), "words": words[:MOST_RESOLUTION]}
    ticket.facts = {**(ticket.facts or {}), "history": [*(ticket.facts or {}).get("history", []), line][-MOST_HISTORY:]}


def answered(session: Session, case_id: str, now: datetime) -> None:
    """Keep that a person has answered the customer of a case, on its open tickets, the first time."""
    for ticket in open_of(session, case_id):
        ticket.answered_at = ticket.answered_at or now
