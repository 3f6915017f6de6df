"""The audit log: what people did, a row each, written in the transaction of the deed, which nothing changes afterwards.

Each row holds the hash of the one before it, so that one who edits, takes out or puts in a row must write all later ones anew.
Who could do that is told by the newest hash, where that is kept elsewhere, too.
"""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, Column, Connection, Float, Integer, MetaData, String, Table, func, select
from sqlalchemy.orm import Session

from switchboard.characters import washed, washed_data
from switchboard.database import lock_key

audit = Table(
    "operator_audit",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Float, nullable=False),
    Column("who", String, nullable=False, index=True),
    Column("what", String, nullable=False),
    Column("case_id", String, nullable=False, index=True),
    Column("data", JSON, nullable=False),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
)
"""`case_id` is "" for what is about no case; `at` is in seconds since the epoch, by the writer's clock."""
ONE_AT_A_TIME = 7392012
"""The advisory lock on Postgres of the one who adds a row. SQLite's transactions queue."""
COLUMNS = ("number", "at", "who", "what", "case_id", "data", "previous")


@dataclass(frozen=True)
class Deed:
    """A row of the log: who did what, when, and on which case."""

    number: int
    at: float
    who: str
    what: str
    case_id: str
    data: dict[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True)
class Checked:
    """How many rows fit, one after the other, and the hash of the last of these. `broken` is the number of the first row that
    does not, and `why`.
    """

    rows: int
    newest: str
    broken: int | None = None
    why: str = ""


def record(asked: Session | Connection, who: str, what: str, case_id: str = "", data: Mapping[str, Any] | None = None) -> None:
    """Add a row, in the transaction of what was done. It comes last in it: until it ends others wait."""
    if isinstance(asked, Session):
        asked.flush()  # whatever else the transaction locks is locked before
        asked = asked.connection()
    if asked.dialect.name == "postgresql":
        asked.execute(select(func.pg_advisory_xact_lock(lock_key(asked.engine, ONE_AT_A_TIME))))
    last = asked.execute(select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)).first()
    number, previous = (last.number + 1, last.hash) if last else (1, "")
    row = {"number": number, "at": time.time(), "who": washed(who), "what": what, "case_id": case_id}
    row |= {"data": washed_data(dict(data or {})), "previous": previous}
    asked.execute(audit.insert().values(**row, hash=hash_of(row)))


def hash_of(row: Mapping[str, Any]) -> str:
    """What the columns of a row, but for its own hash, are chained by: SHA-256 over their canonical JSON."""
    return sha256(canonical([row[name] for name in COLUMNS]).encode()).hexdigest()


def canonical(value: Any) -> str:
    """Data as JSON, the same for what comes back from a row: with sorted names, and all as JSON has it."""
    plain = json.loads(json.dumps(value, default=str))
    return json.dumps(plain, sort_keys=True, separators=(",", ":"))


def checked(rows: Iterable[Deed]) -> Checked:
    """Whether rows, which are all from the first one on, are chained to each other."""
    count, newest = 0, ""
    for row in rows:
        if row.number != count + 1:
            return Checked(count, newest, row.number, f"Row {count + 1} should stand before it.")
        if row.previous != newest:
            return Checked(count, newest, row.number, "It is not chained to the row before it.")
        if row.hash != hash_of({name: getattr(row, name) for name in COLUMNS}):
            return Checked(count, newest, row.number, "It was edited: its hash is another.")
        count, newest = row.number, row.hash
    return Checked(count, newest)
