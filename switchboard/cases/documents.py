"""The record of runs, to be read: one row per run, with the document that every command prints."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from switchboard.cases.tables import CaseRow, utc
from switchboard.errors import OperatorError


def save(engine: Engine, document: dict[str, Any]) -> None:
    """Keep a run that was played without a journal, on rows that are gone: it can be shown and not go on."""
    opening = next((e["text"] for e in document["transcript"]), "")
    with Session(engine) as session, session.begin():
        row = CaseRow(id=document["case_id"], opening=opening.replace("\x00", ""), created_at=datetime.now(UTC), run=0)
        written(row, document)
        session.add(row)


def written(row: CaseRow, document: dict[str, Any]) -> None:
    """Put what a run has become into its row."""
    row.team, row.end, row.department = document["team"], document["end"], document["department"]
    row.seconds, row.document = document["seconds"], json.dumps(document, default=str)


def find(session: Session, case_id: str) -> CaseRow:
    """The run by its id or an unambiguous beginning of it. Raises OperatorError where there is none."""
    found = session.scalars(select(CaseRow).where(CaseRow.id.startswith(case_id, autoescape=True)).limit(2)).all()
    if len(found) != 1 or not case_id:
        what = "No case" if not found else "More than one case"
        raise OperatorError(f"{what} begins with {case_id!r}. `switchboard cases` lists them.")
    return found[0]


def load(engine: Engine, case_id: str) -> dict[str, Any]:
    """The document of a run as it stood when its last run ended. Raises OperatorError where there is none."""
    with Session(engine.execution_options(reading=True)) as session:
        document: dict[str, Any] = json.loads(find(session, case_id).document)
        return document


def listing(engine: Engine, limit: int) -> list[dict[str, Any]]:
    """The newest runs, newest first, without their documents; `created_at` is in UTC, `end` is None while one works on it."""
    names = ("team", "end", "held_by", "department", "opening", "created_at", "seconds")
    columns = (CaseRow.id, *(getattr(CaseRow, name) for name in names))
    with Session(engine.execution_options(reading=True)) as session:
        rows = session.execute(select(*columns).order_by(CaseRow.created_at.desc(), CaseRow.id).limit(limit)).all()
    return [dict(zip(("case_id", *names), row, strict=True)) | {"created_at": utc(row.created_at)} for row in rows]
