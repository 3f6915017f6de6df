"""All cases as a queue: by whom or what each waits for, counted, searched and sorted by the database, a page at a time."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from switchboard.cases.documents import IS_REAL
from switchboard.cases.tables import ApprovalRow, CaseRow, clock, utc
from switchboard.cases.words.search import looked_up
from switchboard.service.tickets.alerts import hours_of
from switchboard.service.tickets.working import Desk
from switchboard.service.watching.changes import Mark, mark_of_queue
from switchboard.service.watching.surveys import Stand, Surveys
from switchboard.tickets.deadlines import deadlines, nearest
from switchboard.tickets.kinds import Urgency, urgency_of
from switchboard.tickets.rows import OPEN, Ticket

State = Literal["approval", "human", "customer", "running", "failed", "done"]
STATES: tuple[State, ...] = get_args(State)
"""A call waits for a yes; a person must act; the customer must write; agents are at work; it could not be brought to its end,
and nobody has settled it yet; nothing is left to do.
"""
FOR_PEOPLE: tuple[State, ...] = ("approval", "human", "failed")
FAILED = ("failed", "limit", "loop")
Sort = Literal["due", "newest", "oldest"]
PAGE = 50
MOST_SORTED = 1000
"""Rows that are sorted by their deadlines, which no column holds; who looks further narrows what is asked for."""
OTHER = aliased(Ticket)
SOON = 0.75
"""From which share of the time on a call that waits is at risk."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for. `states` and the filters narrow; `whose` is an operator's name, or "-" for what nobody has."""

    states: tuple[State, ...] = FOR_PEOPLE
    words: str = ""
    team: str = ""
    department: str = ""
    whose: str = ""
    sort: Sort = "due"
    page: int = 1


@dataclass(frozen=True)
class QueuedCase:
    """A case in the queue. `due` is its nearest deadline, `near` how near that is (`on_time`, `at_risk`, `breached`; "" where
    there is none), `what` what is due, `tool` the call that waits. Moments are in UTC.
    """

    case_id: str
    state: State
    team: str
    department: str | None
    opening: str
    with_whom: str
    created_at: datetime
    ticket: str = ""
    urgency: Urgency | None = None
    tool: str = ""
    what: str = ""
    due: datetime | None = None
    near: str = ""


@dataclass(frozen=True)
class QueuePage:
    """A page of the queue: `counts` is how many cases are in each state, `found` how many there are on all pages, and `mark` is
    that of the queue before it was read.
    """

    rows: list[QueuedCase]
    counts: dict[State, int]
    found: int
    teams: list[str]
    departments: list[str]
    mark: Mark

    @property
    def for_people(self) -> int:
        return sum(self.counts.get(state, 0) for state in FOR_PEOPLE)


def queue(place: Desk, wanted: Wanted, surveys: Surveys | None = None) -> QueuePage:
    """One page of the queue. Of what `surveys` has found only that is taken which is the same for many: a search, which few ask
    for, holds nobody up.
    """
    engine, kept = place.engine, surveys or Surveys()
    stand = Stand(mark_of_queue(engine), time.monotonic())
    its_own = Surveys() if wanted.whose or wanted.words else kept
    teams, departments = kept.once(engine, "choices", stand, _choices)
    narrowed = replace(wanted, states=STATES, sort="newest", page=1)
    which = its_own.once(engine, ("which", narrowed), stand, lambda session: _which(session, wanted))
    counts = its_own.once(engine, ("counts", narrowed), stand, lambda session: _counts(session, which))
    case_ids = its_own.once(engine, wanted, stand, lambda session: _case_ids(place, session, wanted, which))
    with Session(engine.execution_options(reading=True)) as session:
        rows = _rows(place, session, case_ids)
    found = sum(counts[one] for one in wanted.states or STATES)
    return QueuePage(rows, counts, found, teams, departments, stand.mark)


def _counts(session: Session, which: Sequence[ColumnElement[bool]]) -> dict[State, int]:
    state = _state()
    counted = select(state, func.count()).where(*which).group_by(state)
    return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in session.execute(counted)}


def _case_ids(place: Desk, session: Session, wanted: Wanted, which: list[ColumnElement[bool]]) -> list[str]:
    """The cases of a page, in their order."""
    if wanted.states and set(wanted.states) != set(STATES):
        which = [*which, _state().in_(wanted.states)]
    return _nearest_first(place, session, wanted, which) if wanted.sort == "due" else _by_age(session, wanted, which)


def _state() -> ColumnElement[State]:
    """The state of a row of `cases`."""
    is_left = or_(CaseRow.held_by.is_not(None), _has_ticket(OTHER.status == OPEN))
    return case(
        (CaseRow.end.is_(None), "running"),
        (CaseRow.end == "awaiting_approval", "approval"),
        (and_(CaseRow.end.in_(FAILED), is_left), "failed"),
        (is_left, "human"),
        (CaseRow.end == "awaiting_customer", "customer"),
        else_="done",
    )


def _which(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions of what is asked for, in whatever state; what words find is looked up once for all of them."""
    which: list[ColumnElement[bool]] = [CaseRow.parent.is_(None), IS_REAL]
    if wanted.team:
        which.append(CaseRow.team == wanted.team)
    if wanted.department:
        which.append(CaseRow.department == wanted.department)
    if wanted.whose:
        name = None if wanted.whose == "-" else wanted.whose
        assigned = _has_ticket(OTHER.status == OPEN, OTHER.assigned_to == name if name else OTHER.assigned_to.is_not(None))
        which.append(or_(CaseRow.held_by == name, assigned) if name else and_(CaseRow.held_by.is_(None), ~assigned))
    if wanted.words.strip():
        which.append(looked_up(session, wanted.words))
    return which


def _has_ticket(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a case has such a ticket: the tickets are looked through once, and not once for each case."""
    return CaseRow.id.in_(select(OTHER.case_id).where(*which))


def _by_age(session: Session, wanted: Wanted, which: list[ColumnElement[bool]]) -> list[str]:
    newest = (CaseRow.created_at.desc(), CaseRow.id.desc())
    order = newest if wanted.sort == "newest" else (CaseRow.created_at, CaseRow.id)
    query = select(CaseRow.id).where(*which).order_by(*order)
    return list(session.scalars(query.limit(PAGE).offset(PAGE * (wanted.page - 1))))


def _nearest_first(place: Desk, session: Session, wanted: Wanted, which: list[ColumnElement[bool]]) -> list[str]:
    """The cases of a page, the nearest deadline first; those without one come behind, the newest first.

    Of tickets that are as urgent, and as far answered, who waits longer has the nearer deadline, however hours are counted: so
    the first ones of each such kind are enough.
    """
    most = min(PAGE * wanted.page, MOST_SORTED)
    calls = select(ApprovalRow.deadline, ApprovalRow.case_id).join(CaseRow, CaseRow.id == ApprovalRow.case_id)
    calls = calls.where(ApprovalRow.state == "open", *which).order_by(ApprovalRow.deadline, ApprovalRow.case_id)
    waiting = [(utc(moment), case_id) for moment, case_id in session.execute(calls.limit(most))]
    kind = (Ticket.priority, Ticket.answered_at.is_(None))
    order = (func.coalesce(Ticket.reopened_at, Ticket.created_at), Ticket.id)
    nth = func.row_number().over(partition_by=kind, order_by=order).label("nth")
    open_ones = select(Ticket.id, nth).join(CaseRow, CaseRow.id == Ticket.case_id).where(Ticket.status == OPEN, *which)
    ranked = open_ones.subquery()
    first_ones = select(Ticket).join(ranked, ranked.c.id == Ticket.id).where(ranked.c.nth <= most).order_by(ranked.c.nth)
    kinds: dict[tuple[str, bool], list[Ticket]] = {}
    for ticket in session.scalars(first_ones):
        kinds.setdefault((ticket.priority, ticket.answered_at is None), []).append(ticket)
    file, hours, now = place.project.file, hours_of(place.project.file), clock(session)

    def due(tickets: list[Ticket]) -> Iterator[tuple[datetime, str]]:
        for ticket in tickets:
            if found := nearest(deadlines(ticket, file.tickets, hours, now)):
                yield found.due, ticket.case_id

    nearest_first = merge(waiting, *map(due, kinds.values()))  # deadlines take long to find: only those of the page
    ordered = list(islice(_unique(case_id for _, case_id in nearest_first), most))
    if len(ordered) < most:
        rest = select(CaseRow.id).where(*which, CaseRow.id.not_in(ordered)).order_by(CaseRow.created_at.desc(), CaseRow.id)
        ordered += session.scalars(rest.limit(most - len(ordered)))
    return ordered[PAGE * (wanted.page - 1) :]


def _unique(ids: Iterable[str]) -> Iterator[str]:
    """Each of them once, where it stands first."""
    seen = set[str]()
    for one in ids:
        if one not in seen:
            seen.add(one)
            yield one


def _rows(place: Desk, session: Session, case_ids: Sequence[str]) -> list[QueuedCase]:
    """The rows of some cases, in their order."""
    columns = (CaseRow.team, CaseRow.department, CaseRow.opening, CaseRow.held_by, CaseRow.created_at)
    cases = {row[0]: row for row in session.execute(select(CaseRow.id, _state(), *columns).where(CaseRow.id.in_(case_ids)))}
    calls = select(ApprovalRow).where(ApprovalRow.case_id.in_(case_ids), ApprovalRow.state == "open").order_by(ApprovalRow.id)
    waiting = {one.case_id: one for one in reversed(session.scalars(calls).all())}
    tickets: dict[str, list[Ticket]] = {}
    for ticket in session.scalars(select(Ticket).where(Ticket.case_id.in_(case_ids), Ticket.status == OPEN)):
        tickets.setdefault(ticket.case_id, []).append(ticket)
    now = clock(session)
    return [_row(place, cases[one], waiting.get(one), tickets.get(one, []), now) for one in case_ids if one in cases]


def _row(place: Desk, row: Any, call: ApprovalRow | None, tickets: list[Ticket], now: datetime) -> QueuedCase:
    case_id, state, team, department, opening, held_by, created_at = row
    file, due = place.project.file, list[tuple[datetime, str, str]]()
    if call is not None:
        due.append((utc(call.deadline), _near(utc(call.asked_at), utc(call.deadline), now), "approval"))
    for ticket in tickets:
        if found := nearest(deadlines(ticket, file.tickets, hours_of(file), now)):
            due.append((found.due, found.state, found.what))
    first = min(due) if due else None
    urgent = max(tickets, key=lambda one: _rank(urgency_of(one.priority)), default=None)
    return QueuedCase(
        case_id,
        state,
        team,
        department,
        opening,
        held_by or next((one.assigned_to for one in tickets if one.assigned_to), ""),
        utc(created_at),
        ticket=urgent.number if urgent else "",
        urgency=urgency_of(urgent.priority) if urgent else None,
        tool=call.tool if call is not None else "",
        what=first[2] if first else "",
        due=first[0] if first else None,
        near=first[1] if first else "",
    )


def _near(asked: datetime, deadline: datetime, now: datetime) -> str:
    if now >= deadline:
        return "breached"
    return "at_risk" if now >= asked + SOON * (deadline - asked) else "on_time"


def _rank(urgency: Urgency) -> int:
    return list(get_args(Urgency)).index(urgency)


def _choices(session: Session) -> tuple[list[str], list[str]]:
    """The teams and departments that cases are of."""
    teams = session.scalars(select(CaseRow.team).where(CaseRow.parent.is_(None)).distinct())
    departments = session.scalars(select(CaseRow.department).where(CaseRow.department.is_not(None)).distinct())
    return sorted(teams), sorted(str(one) for one in departments)
