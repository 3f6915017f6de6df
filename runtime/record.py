"""The record of runs: one row per run, with the document that every command prints."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Engine, Float, String, Text, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from runtime.errors import OperatorError


class _Base(DeclarativeBase):
    pass


class RunRow(_Base):
    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    team: Mapped[str] = mapped_column(String(64))
    end: Mapped[str | None] = mapped_column(String(32))
    department: Mapped[str | None] = mapped_column(String(64))
    opening: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seconds: Mapped[float] = mapped_column(Float)
    document: Mapped[str] = mapped_column(Text)


def save(engine: Engine, document: dict[str, Any]) -> None:
    """Keep a finished run."""
    opening = next((e["text"] for e in document["transcript"]), "")
    with Session(engine) as session, session.begin():
        session.add(
            RunRow(
                id=document["run_id"],
                team=document["team"],
                end=document["end"],
                department=document["department"],
                opening=opening.replace("\x00", ""),
                created_at=datetime.now(UTC),
                seconds=document["seconds"],
                document=json.dumps(document, default=str),
            )
        )


def load(engine: Engine, run_id: str) -> dict[str, Any]:
    """The document of a run, by its id or an unambiguous beginning of it. Raises OperatorError where there is none."""
    with Session(engine.execution_options(reading=True)) as session:
        found = session.scalars(select(RunRow).where(RunRow.id.startswith(run_id, autoescape=True)).limit(2)).all()
    if len(found) != 1:
        what = "No run" if not found else "More than one run"
        raise OperatorError(f"{what} begins with {run_id!r}. `switchboard runs` lists them.")
    document: dict[str, Any] = json.loads(found[0].document)
    return document


def listing(engine: Engine, limit: int) -> list[dict[str, Any]]:
    """The newest runs, newest first, without their documents; `created_at` is in UTC."""
    columns = (RunRow.id, RunRow.team, RunRow.end, RunRow.department, RunRow.opening, RunRow.created_at, RunRow.seconds)
    with Session(engine.execution_options(reading=True)) as session:
        rows = session.execute(select(*columns).order_by(RunRow.created_at.desc(), RunRow.id).limit(limit)).all()
    names = ("run_id", "team", "end", "department", "opening", "created_at", "seconds")
    return [dict(zip(names, row, strict=True)) | {"created_at": _utc(row.created_at)} for row in rows]


def _utc(moment: datetime) -> datetime:
    """SQLite gives moments back without a time zone, Postgres in the one of its session."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
