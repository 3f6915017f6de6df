"""Notifications as rows: one for each run that left its case to a person, or alert on a ticket, and each place that is told.

A row is written in the transaction that ends the run, so that none is missing and none comes twice. Whoever sends it takes it
first; a row that was taken and never settled, since its process died, falls due again, and says that it may be the second. It
goes out under the same `key` then, by which a place that honours it takes it once.
"""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from sqlalchemy import Column, ColumnElement, Engine, Float, Integer, MetaData, String, Table, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from switchboard.database import patiently

State = Literal["waiting", "taken", "sent", "given_up", "overtaken"]
"""`overtaken`: the case had gone on, or a person had taken it, before it could be sent."""
TAKEN_SECONDS = 300.0
"""After how long a notification that was taken and not settled falls due again."""
PAUSES = (30.0, 120.0, 600.0, 1800.0, 3600.0, 7200.0, 14400.0)
"""Seconds until the next try after a failed one; after the last the notification is given up."""
MOST_AT_ONCE, MOST_TROUBLE = 20, 300
NAME = re.compile(r"(?!.*\d{4})[^\W\d]\w{0,40}")
"""As a department may be called that is declared; what else stands in its place may be a customer's words, and goes nowhere."""

notifications = Table(
    "notifications",
    MetaData(),
    Column("case_id", String, primary_key=True),
    Column("run", Integer, primary_key=True),
    Column("url", String, primary_key=True),
    Column("about", String, primary_key=True),
    Column("end", String, nullable=False),
    Column("department", String, nullable=False),
    Column("state", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", Float, nullable=False, index=True),
    Column("trouble", String, nullable=False),
)
"""`url` is as the project's file has it, with the names of variables; `about` is "" for the end of the run, one of
`ALSO_TOLD`, or the alert that it is (`switchboard/tickets/deadlines.py`); `due_at` is in seconds since the epoch."""
ALSO_TOLD = {"awaiting_approval": "approval.waiting", "escalated": "case.escalated"}
"""What programs hear beside that a run ended, by its end."""


class Notification(NamedTuple):
    """A notification as it stands. `may_be_second`: it was taken before, and what became of it then is not known."""

    case_id: str
    run: int
    url: str
    about: str
    end: str
    department: str
    state: State
    tries: int
    due_at: float
    trouble: str
    may_be_second: bool = False

    @property
    def key(self) -> str:
        """What it is known by wherever it goes, however often it is sent."""
        return sha256("\0".join((self.case_id, str(self.run), self.url, self.about)).encode()).hexdigest()[:32]


def notify(
    session: Session, case_id: str, run: int, urls: Sequence[str], end: str, department: str | None, now: float, about: str = ""
) -> None:
    """Write what is to be sent because a run ended, in the transaction that ends it; or because of an alert, which is written
    once, whoever finds it due.
    """
    named = department if department and NAME.fullmatch(department) else ""
    row = {"case_id": case_id, "run": run, "about": about, "end": end, "department": named, "state": "waiting"}
    row |= {"tries": 0, "due_at": now, "trouble": ""}
    kind = session.get_bind().dialect.name
    for url in dict.fromkeys(urls):
        insert = postgresql.insert(notifications) if kind == "postgresql" else sqlite.insert(notifications)
        session.execute(insert.values(**row, url=url).on_conflict_do_nothing())


@patiently
def take_due(engine: Engine, urls: Sequence[str], now: float) -> list[Notification]:
    """What is due to these places, taken by this process: another one takes none of it until it falls due again."""
    unsettled = notifications.c.state.in_(("waiting", "taken"))
    due = select(notifications).where(unsettled, notifications.c.due_at <= now, notifications.c.url.in_(urls))
    with Session(engine) as session, session.begin():
        ordered = due.order_by(notifications.c.due_at).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)
        found = [Notification(*row)._replace(may_be_second=row.state == "taken") for row in session.execute(ordered)]
        for one in found:
            _set(session, one, state="taken", tries=one.tries + 1, due_at=now + TAKEN_SECONDS)
    return [one._replace(tries=one.tries + 1) for one in found]


@patiently
def settle(engine: Engine, one: Notification, trouble: str, now: float, *, overtaken: bool = False) -> None:
    """Keep what came of a try: it is sent where there was no trouble, else due again later, or given up. Whoever has taken it
    since keeps what came of their own.
    """
    mine = (notifications.c.state == "taken", notifications.c.tries == one.tries)
    with Session(engine) as session, session.begin():
        if not trouble:
            _set(session, one, *mine, state="overtaken" if overtaken else "sent", due_at=now, trouble="")
        elif one.tries > len(PAUSES):
            _set(session, one, *mine, state="given_up", trouble=trouble[:MOST_TROUBLE])
        else:
            _set(session, one, *mine, state="waiting", due_at=now + PAUSES[one.tries - 1], trouble=trouble[:MOST_TROUBLE])


def newest(
    engine: Engine, limit: int, *, unsent: bool = False, urls: Sequence[str] | None = None, state: State | None = None
) -> list[Notification]:
    """The newest notifications: with `unsent` those alone that did not go out, to these `urls` and in this `state` alone."""
    query = select(notifications).order_by(notifications.c.due_at.desc()).limit(limit)
    query = query if urls is None else query.where(notifications.c.url.in_(urls))
    query = query if state is None else query.where(notifications.c.state == state)
    failed = or_(notifications.c.state == "given_up", notifications.c.trouble != "")
    with Session(engine.execution_options(reading=True)) as session:
        return [Notification(*row) for row in session.execute(query.where(failed) if unsent else query)]


def abouts(session: Session, case_ids: Sequence[str]) -> set[tuple[str, str]]:
    """The alerts of these cases that were written, each with its case."""
    found: set[tuple[str, str]] = set()
    for start in range(0, len(case_ids), 500):
        query = select(notifications.c.case_id, notifications.c.about).where(notifications.c.about != "")
        found |= {
            (str(a), str(b))
            for a, b in session.execute(query.where(notifications.c.case_id.in_(case_ids[start : start + 500])))
        }
    return found


def of_later_run(case_id: str, run: int, urls: Sequence[str]) -> ColumnElement[bool]:
    """Whether a later run of a case has its own notification to one of these places."""
    later = notifications.c.case_id == case_id, notifications.c.run > run, notifications.c.about == ""
    return select(notifications.c.run).where(*later, notifications.c.url.in_(urls)).exists()


def _set(session: Session, one: Notification, *still: ColumnElement[bool], **values: Any) -> None:
    key = zip(notifications.primary_key.columns, (one.case_id, one.run, one.url, one.about), strict=True)
    session.execute(update(notifications).where(*(column == value for column, value in key), *still).values(**values))
