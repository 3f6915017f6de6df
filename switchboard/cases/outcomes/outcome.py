"""What became of a case, out of a closed list: worked out by the database from its rows, for one case and for all of them."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select, true
from sqlalchemy.orm import Session, aliased

from switchboard.cases.outcomes.reasons import Reason
from switchboard.cases.statistics.sql import epoch
from switchboard.cases.tables import CaseRow, EntryRow, RunRow
from switchboard.declare.flow import OPERATOR
from switchboard.tickets.rows import CLOSED, OPEN, WAITS, Ticket

Name = Literal[
    "resolved_by_agents",
    "resolved_by_human",
    "handed_off",
    "reopened",
    "ignored",
    "not_found",
    "cancelled",
    "open",
]
"""`open` is a case that goes on: it is worked on, or waits for its customer or for a yes. One that was resolved and came back
within REOPENED_DAYS is `reopened`, whatever becomes of it then: what was told the first time did not do.
"""
REOPENED_DAYS = 7
WITHIN = REOPENED_DAYS * 86_400.0


@dataclass(frozen=True)
class Outcome:
    """`because` says why a person has, or had, the case; `thumb` is the customer's, and `thumb_why` what they say to it."""

    outcome: Name
    because: Reason | None = None
    thumb: Literal["up", "down"] | None = None
    thumb_why: str = ""

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def outcome_of(session: Session, case_id: str) -> Outcome:
    """What became of a case."""
    query = select(named(), because(), CaseRow.thumb, CaseRow.thumb_why).where(CaseRow.id == case_id)
    found: Any = session.execute(query).one()
    outcome, reason, thumb, why = found
    return Outcome(outcome, reason, thumb, why or "")


def named() -> ColumnElement[str]:
    """The name of the outcome of a row of `cases`."""
    spoke = _operator_spoke()
    return case(
        (CaseRow.end == "ignored", "ignored"),
        (or_(_came_back(), _reopened()), "reopened"),
        (and_(CaseRow.end == "cancelled", spoke), "resolved_by_human"),
        (CaseRow.end == "cancelled", "cancelled"),
        (_left_open(), "handed_off"),
        (and_(CaseRow.end.in_(WAITS), _has_ticket(Ticket.status == CLOSED)), "resolved_by_human"),
        (CaseRow.end.in_(WAITS), "handed_off"),
        (CaseRow.end == "not_found", "not_found"),
        (and_(CaseRow.end == "resolved", or_(_settled_by_hand(), spoke)), "resolved_by_human"),
        (CaseRow.end == "resolved", "resolved_by_agents"),
        else_="open",
    )


def because() -> ColumnElement[str | None]:
    """Why a person has, or had, a case that ended so; None where none did."""
    return case(
        (CaseRow.end.in_([end for end in WAITS if end != "escalated"]), CaseRow.end),
        (and_(CaseRow.end == "escalated", CaseRow.handed_over.is_not(None)), CaseRow.handed_over),
        (and_(CaseRow.end == "escalated", CaseRow.held_by.is_not(None)), "taken_over"),
        (CaseRow.end == "escalated", "not_settled"),
        (and_(CaseRow.end.in_(("resolved", "not_found")), _has_ticket(Ticket.id.is_not(None))), "work_left"),
        else_=None,
    )


def _left_open() -> ColumnElement[bool]:
    """Whether the agents are through with a case, and have left work on it to people that is not done."""
    return and_(CaseRow.end.in_((*WAITS, "resolved", "not_found")), _has_ticket(Ticket.status == OPEN))


def _settled_by_hand() -> ColumnElement[bool]:
    """Whether a person has closed a ticket of the case; one whose answer went out by itself says no resolution."""
    return _has_ticket(Ticket.resolution.is_not(None))


def _reopened() -> ColumnElement[bool]:
    """Whether a ticket that was closed was opened again so soon."""
    soon = epoch(Ticket.reopened_at) - epoch(Ticket.was_closed_at) <= WITHIN
    return _has_ticket(and_(Ticket.was_closed_at.is_not(None), soon))


def _has_ticket(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Ticket.case_id == CaseRow.id, which).correlate(CaseRow)


def _operator_spoke() -> ColumnElement[bool]:
    speaker = EntryRow.data["speaker"].as_string()
    said = (EntryRow.case_id == CaseRow.id, EntryRow.kind == "message", speaker == OPERATOR)
    return exists().where(*said).correlate(CaseRow)


def _came_back() -> ColumnElement[bool]:
    """Whether the customer wrote again, and not only thanks, so soon after the last entry of a run that had resolved it."""
    before, after = aliased(RunRow), aliased(RunRow)
    over = select(func.max(EntryRow.at)).where(EntryRow.case_id == before.case_id, EntryRow.run == before.number)
    ended = func.coalesce(over.correlate(before).scalar_subquery(), epoch(before.started_at))
    wrote = after.given["kind"].as_string() == literal("words")
    wants = after.given["thanks"].as_boolean().is_not(true())
    follows = (after.case_id == before.case_id, after.number == before.number + 1, wrote, wants)
    soon = epoch(after.started_at) - ended <= WITHIN
    return exists().where(before.case_id == CaseRow.id, before.end == "resolved", *follows, soon).correlate(CaseRow)
