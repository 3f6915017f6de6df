"""Cases, to be read: one document a case, which every command prints, and lists of the newest ones."""

import re
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Text, cast, select
from sqlalchemy.orm import Session

from switchboard.cases.entries import add, line_row, lines_of
from switchboard.cases.outcomes.outcome import because, named, outcome_of
from switchboard.cases.outcomes.reasons import why_handed_over
from switchboard.cases.tables import CaseRow, RunRow, utc
from switchboard.declare.document import Document
from switchboard.declare.transcript import Entry
from switchboard.errors import NotThere
from switchboard.events.rendering import cut
from switchboard.loop.state import Run, Used
from switchboard.loop.summary import Stands, as_document, stands

MOST_ID = 100
"""Characters of what is looked up as an id."""
IS_REAL = CaseRow.state.is_not(None) & (cast(CaseRow.state, Text) != "null")
"""Whether a case can go on; 0.2.0 wrote the JSON null where there is no state."""
RUN_ID = re.compile(r"(?P<case_id>.+):(?P<number>\d{1,9})")
"""The id of a run, or a beginning of its case's id with the number."""


def save(engine: Engine, run: Run) -> None:
    """Keep a case that was played without a journal, on rows that are gone: it can be shown and not go on."""
    opening = next((e.text for e in run.transcript), "").replace("\x00", "")
    with Session(engine) as session, session.begin():
        row = CaseRow(id=run.id, team=run.team.name, opening=opening, created_at=datetime.now(UTC), run=run.number, inbox=[])
        written(row, run)
        session.add(row)
        session.flush()
        add(session, [line_row(run.id, n, run.number, entry) for n, entry in enumerate(run.transcript, start=1)])


def written(row: CaseRow, run: Run) -> None:
    """Put what a run has become of its case into the case's row."""
    found = stands(run)
    row.end, row.reason, row.department = found.end, found.reason, found.department
    row.handed_over = why_handed_over(run)
    row.seconds, row.used = round(run.used.seconds, 3), asdict(run.used)


def find(session: Session, case_id: str) -> CaseRow:
    """The case by its id, an unambiguous beginning of it, or the id of one of its runs. Raises NotThere where there is
    none.
    """
    run = RUN_ID.fullmatch(case_id)
    given = run["case_id"] if run else case_id
    found = (session.get(CaseRow, given) if _may_be_an_id(given) else None) or _beginning_with(session, given)
    if run and not 1 <= int(run["number"]) <= found.run:
        raise NotThere(f"{found.id} has no run {run['number']}. `switchboard runs` lists them.")
    return found


def _beginning_with(session: Session, given: str) -> CaseRow:
    query = select(CaseRow.id).where(CaseRow.id.startswith(given, autoescape=True)).limit(2)
    found = []
    if _may_be_an_id(given):
        found = list(session.scalars(query.where(CaseRow.parent.is_(None)))) or list(session.scalars(query))
    if len(found) != 1 or not given:
        what = "No case" if not found else "More than one case"
        raise NotThere(f"{what} begins with {cut(given, MOST_ID)!r}. `switchboard cases` lists them.")
    return session.get_one(CaseRow, found[0])


def _may_be_an_id(given: str) -> bool:
    """Whether a database can be asked for it: none takes text without end, or what is no text."""
    return len(given) <= MOST_ID and given.isprintable()


def load(engine: Engine, case_id: str) -> Document:
    """The document of a case as it stands now, also while it is being worked on: then its `end` is None.

    Raises OperatorError where there is no such case.
    """
    with Session(engine.execution_options(reading=True)) as session:
        return document_of(session, find(session, case_id))


def document_of(session: Session, row: CaseRow, lines: list[Entry] | None = None) -> Document:
    """The document of a case; `lines` are its transcript, where that has been read already."""
    document = as_document(stands_in(row), lines_of(session, row.id, row.run) if lines is None else lines)
    return {**document, "outcome": outcome_of(session, row.id).as_data()}


def transcript(engine: Engine, case_id: str) -> list[Entry]:
    """The lines of a case so far."""
    with Session(engine.execution_options(reading=True)) as session:
        row = find(session, case_id)
        return lines_of(session, row.id, row.run)


def stands_in(row: CaseRow) -> Stands:
    """What a case's row says of how it stands."""
    reason = row.reason if row.end else ""  # it is of the run before, while one is being worked on
    return Stands(row.id, row.run, row.team, row.end, reason, row.department, Used.from_data(row.used))


def newest_version(engine: Engine, team: str) -> tuple[str, str] | None:
    """The newest case of a team, and the version of the team that worked on it; None where there is none."""
    newest = select(RunRow.case_id, RunRow.version).join(CaseRow, CaseRow.id == RunRow.case_id).where(CaseRow.team == team)
    with Session(engine.execution_options(reading=True)) as session:
        row = session.execute(newest.order_by(RunRow.started_at.desc()).limit(1)).first()
    return (row[0], row[1]) if row else None


def listing(engine: Engine, limit: int, *wanted: ColumnElement[bool]) -> list[dict[str, Any]]:
    """The newest cases of which all of this is so, newest first, without their documents and their branches; `created_at` is
    in UTC, `end` is None while one works on it. One that was played on rows that are gone is nobody's, and left out.
    """
    names = ("team", "end", "held_by", "department", "opening", "created_at", "seconds")
    columns = (CaseRow.id, CaseRow.run, *(getattr(CaseRow, name) for name in (*names, "thumb")))
    with Session(engine.execution_options(reading=True)) as session:
        newest = (
            select(*columns, named().label("outcome"), because().label("because"))
            .order_by(CaseRow.created_at.desc(), CaseRow.id.desc())
            .limit(limit)
        )
        rows = session.execute(newest.where(CaseRow.parent.is_(None), IS_REAL, *wanted)).all()
    return [
        {"case_id": row.id, "run_id": f"{row.id}:{row.run}"}
        | {name: getattr(row, name) for name in (*names, "outcome", "because", "thumb")}
        | {"created_at": utc(row.created_at)}
        for row in rows
    ]


def runs_of(engine: Engine, limit: int) -> list[dict[str, Any]]:
    """The newest runs, newest first: what began each, when (UTC), and how it ended, None while one works on it."""
    began_with = RunRow.given["kind"].as_string().label("began_with")  # the rest of it is what was said, at any length
    columns = (RunRow.case_id, RunRow.number, CaseRow.team, began_with, RunRow.started_at, RunRow.end, RunRow.attempts)
    newest = (RunRow.started_at.desc(), RunRow.case_id.desc(), RunRow.number.desc())
    query = select(*columns).join(CaseRow, (CaseRow.id == RunRow.case_id) & CaseRow.parent.is_(None))
    query = query.order_by(*newest).limit(limit)
    with Session(engine.execution_options(reading=True)) as session:
        rows = session.execute(query).mappings().all()
    return [{"run_id": f"{row['case_id']}:{row['number']}", **row, "started_at": utc(row["started_at"])} for row in rows]
