"""How cases stand, as their rows say: one of them, and those that somebody works on or that were cut off."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from switchboard.cases.approvals import WaitingCall, open_approvals
from switchboard.cases.branches import ListedBranch, branches_of
from switchboard.cases.cases import RunRef, is_with_human
from switchboard.cases.documents import document_of, find
from switchboard.cases.entries import kept_of, lines_of, lines_since, steps_of
from switchboard.cases.snapshot import agent_gone
from switchboard.cases.tables import CaseRow
from switchboard.declare.document import Document
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import Entry

MOST_LOOKED_AT = 500


@dataclass(frozen=True)
class Standing:
    """How a case stands. `end` is None while it is being worked on, or was cut off; `run` is the number of its newest run.

    `document` is as it is now; `approvals` are the calls that wait for operators, `branches` also those under way.
    `parent` is the case that it is a branch of, `forked` the one that it was forked from; `customer_id` is the
    verified customer's.
    """

    case_id: str
    team: str
    end: str | None
    run: int
    held_by: str | None
    cancelled_by: str | None
    email: str
    is_with_human: bool
    can_go_on: bool
    document: Document
    approvals: list[WaitingCall]
    branches: list[ListedBranch]
    parent: str | None = None
    forked: str = ""
    customer_id: str | None = None

    @property
    def newest_run(self) -> RunRef:
        return RunRef(self.case_id, self.run)


def standing(engine: Engine, case_id: str) -> Standing:
    """How a case stands; it may be named as `documents.find` says. Raises OperatorError as that does."""
    with Session(engine.execution_options(reading=True)) as session:
        row = find(session, case_id)
        lines = lines_of(session, row.id, row.run)
        return Standing(
            case_id=row.id,
            team=row.team,
            end=row.end,
            run=row.run,
            held_by=row.held_by,
            cancelled_by=row.cancelled_by,
            email=row.state["known"].get("email", "") if row.state else "",
            is_with_human=is_with_human(session, row, lines),
            can_go_on=row.state is not None,
            document=document_of(session, row, lines),
            approvals=open_approvals(engine, row.id) if row.end == "awaiting_approval" else [],
            branches=branches_of(session, [row.id]),
            parent=row.parent,
            forked=row.state.get("forked", ("", 0))[0] if row.state else "",
            customer_id=row.state["customer_id"] if row.state else None,
        )


def end_of(engine: Engine, case_id: str) -> str | None:
    """The end of a case that goes by this whole id; None while it is being worked on, or was cut off."""
    with Session(engine.execution_options(reading=True)) as session:
        return session.execute(select(CaseRow.end).where(CaseRow.id == case_id)).scalar_one()


def unfinished(engine: Engine, teams: Collection[str]) -> list[RunRef]:
    """The newest runs of the cases of these teams that somebody works on, or that were cut off; the oldest case first."""
    is_open = (CaseRow.end.is_(None), CaseRow.parent.is_(None))
    query = select(CaseRow.id, CaseRow.run).where(*is_open, CaseRow.team.in_(teams))
    with Session(engine.execution_options(reading=True)) as session:
        return [RunRef(*row) for row in session.execute(query.order_by(CaseRow.created_at, CaseRow.id))]


def new_lines(engine: Engine, case_id: str, number: int = 0) -> list[tuple[int, Entry]]:
    """The lines of a case after an entry's number, each with its own: what whoever has seen those before has to see."""
    with Session(engine.execution_options(reading=True)) as session:
        row = find(session, case_id)
        return lines_since(session, row.id, row.run, number)


def steps_recorded(engine: Engine, ref: RunRef) -> int:
    """How many steps of a run are recorded."""
    with Session(engine.execution_options(reading=True)) as session:
        return len(steps_of(kept_of(session, *ref)))


def without_agent(engine: Engine, teams: Mapping[str, TeamSpec]) -> dict[tuple[str, str], list[str]]:
    """The newest open cases of teams whose agent is no member any more: team and agent to the cases' ids."""
    is_open = (CaseRow.end.is_(None) | CaseRow.end.in_(("awaiting_customer", "awaiting_approval")), CaseRow.parent.is_(None))
    query = select(CaseRow).where(*is_open, CaseRow.team.in_(teams), CaseRow.state.is_not(None))
    found: dict[tuple[str, str], list[str]] = {}
    with Session(engine.execution_options(reading=True)) as session:
        for row in session.scalars(query.order_by(CaseRow.created_at.desc(), CaseRow.id).limit(MOST_LOOKED_AT)):
            pending = [call_id for call_id, _ in row.state["pending"]] if row.state else []
            if gone := agent_gone(teams[row.team], lines_of(session, row.id, row.run), pending):
                found.setdefault((row.team, gone), []).append(row.id)
    return found
