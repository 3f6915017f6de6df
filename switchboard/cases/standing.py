"""How cases stand, as their rows say: one of them, and those that somebody works on or that were cut off."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from switchboard.cases.approvals import WaitingCall, open_approvals
from switchboard.cases.branches import ListedBranch, branches_of
from switchboard.cases.cases import RunRef, is_with_human
from switchboard.cases.documents import document_of, find
from switchboard.cases.entries import kept_of, lines_since, steps_of
from switchboard.cases.tables import CaseRow
from switchboard.declare.transcript import Entry


@dataclass(frozen=True)
class Standing:
    """How a case stands. `end` is None while it is being worked on, or was cut off; `run` is the number of its newest run.

    `document` is as it is now; `approvals` are the calls that wait for operators, `branches` also those under way.
    `parent` is the case that it is a branch of.
    """

    case_id: str
    end: str | None
    run: int
    held_by: str | None
    cancelled_by: str | None
    email: str
    is_with_human: bool
    can_go_on: bool
    document: dict[str, Any]
    approvals: list[WaitingCall]
    branches: list[ListedBranch]
    parent: str | None = None

    @property
    def newest_run(self) -> RunRef:
        return RunRef(self.case_id, self.run)


def standing(engine: Engine, case_id: str) -> Standing:
    """How a case stands; it may be named as `documents.find` says. Raises OperatorError as that does."""
    with Session(engine.execution_options(reading=True)) as session:
        row = find(session, case_id)
        state = row.state or {}
        return Standing(
            case_id=row.id,
            end=row.end,
            run=row.run,
            held_by=row.held_by,
            cancelled_by=row.cancelled_by,
            email=state.get("known", {}).get("email", ""),
            is_with_human=is_with_human(session, row),
            can_go_on=bool(state),
            document=document_of(session, row),
            approvals=open_approvals(engine, row.id) if row.end == "awaiting_approval" else [],
            branches=branches_of(session, [row.id]),
            parent=row.parent,
        )


def end_of(engine: Engine, case_id: str) -> str | None:
    """The end of a case that goes by this whole id; None while it is being worked on, or was cut off."""
    with Session(engine.execution_options(reading=True)) as session:
        return session.execute(select(CaseRow.end).where(CaseRow.id == case_id)).scalar_one()


def unfinished(engine: Engine) -> list[RunRef]:
    """The newest runs of the cases that somebody works on, or that were cut off; the oldest case first."""
    is_open = (CaseRow.end.is_(None), CaseRow.parent.is_(None))
    query = select(CaseRow.id, CaseRow.run).where(*is_open).order_by(CaseRow.created_at, CaseRow.id)
    with Session(engine.execution_options(reading=True)) as session:
        return [RunRef(*row) for row in session.execute(query)]


def new_lines(engine: Engine, case_id: str, number: int = 0) -> list[tuple[int, Entry]]:
    """The lines of a case after an entry's number, each with its own: what whoever has seen those before has to see."""
    with Session(engine.execution_options(reading=True)) as session:
        row = find(session, case_id)
        return lines_since(session, row.id, row.run, number)


def steps_recorded(engine: Engine, ref: RunRef) -> int:
    """How many steps of a run are recorded."""
    with Session(engine.execution_options(reading=True)) as session:
        return len(steps_of(kept_of(session, *ref)))
