"""Turns that somebody has flagged: kept with why, and looked at again with today's code, from the record of their case."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.cases.people.inside import reason
from switchboard.cases.replay import Replay, rebuild
from switchboard.cases.tables import CaseRow, EntryRow, FlagRow, clock
from switchboard.declare.flow import CUSTOMER, OPERATOR
from switchboard.declare.transcript import Entry, entry_from
from switchboard.errors import OperatorError
from switchboard.evaluations.results import Evaluation, Trial
from switchboard.service.fork import lines
from switchboard.service.place import Place, case_here

AS_RECORDED = "record"
"""By whom a flagged turn is answered today: the rules of today's code, on what models and tools gave when it was recorded."""


@dataclass(frozen=True)
class Flagged:
    """Entry `number` of a case, and why it is flagged."""

    case_id: str
    number: int
    entry: Entry
    why: str


def flag(place: Place, case_id: str, number: int, why: str, operator: str) -> Flagged:
    """Keep an entry of a case, by the number that `fork` lists it under; flagged anew, the newest reason counts.

    Raises OperatorError where there is no such line of an agent.
    """
    why, case_id = reason(why), case_here(place, case_id).case_id
    entry = next((one.entry for one in lines(place, case_id) if one.number == number), None)
    if entry is None:
        raise OperatorError(f"{case_id} has no line {number}. `switchboard fork {case_id}` lists them.")
    if entry.speaker == CUSTOMER:
        raise OperatorError(f"Line {number} of {case_id} is the customer's. Flag what was done or said upon it.")
    with Session(place.engine) as session, session.begin():
        session.get(CaseRow, case_id, with_for_update=True)  # of two who flag it at once the second finds the first one's
        row = session.get(FlagRow, (case_id, number)) or FlagRow(case_id=case_id, n=number)
        row.why, row.flagged_by, row.at = why, operator, clock(session)
        session.add(row)
        record(session, operator, "flagged a line", case_id, {"line": number, "why": row.why})
        return Flagged(case_id, number, entry, row.why)


def unflag(place: Place, case_id: str, number: int, operator: str = OPERATOR) -> str:
    """Keep an entry no longer. Returns its case's id. Raises OperatorError where it is not flagged."""
    case_id = case_here(place, case_id).case_id
    with Session(place.engine) as session, session.begin():
        session.get(CaseRow, case_id, with_for_update=True)
        kept = session.scalars(select(FlagRow).where(FlagRow.case_id == case_id))
        row = next((one for one in kept if one.n == number), None)  # no database is asked for a number without end
        if row is None:
            raise OperatorError(f"Line {number} of {case_id} is not flagged.")
        session.delete(row)
        record(session, operator, "let a flag go", case_id, {"line": number})
    return case_id


def flagged_in(place: Place, case_id: str) -> dict[int, str]:
    """Why entries of a case are flagged, by their numbers; the case by its whole id."""
    with Session(place.engine.execution_options(reading=True)) as session:
        query = select(FlagRow.n, FlagRow.why).where(FlagRow.case_id == case_id)
        return {int(n): str(why) for n, why in session.execute(query)}


@dataclass(frozen=True)
class KeptFlag:
    """A flag as it is kept: who set it, when and why, and what the entry says."""

    case_id: str
    number: int
    why: str
    by: str
    at: datetime
    entry: Entry


def all_flagged(place: Place) -> list[KeptFlag]:
    """All flagged entries of this project's cases, the newest flag first."""
    query = select(FlagRow, EntryRow.data).join(EntryRow, (EntryRow.case_id == FlagRow.case_id) & (EntryRow.n == FlagRow.n))
    query = query.join(CaseRow, CaseRow.id == FlagRow.case_id).where(CaseRow.team.in_(list(place.environment.teams)))
    with Session(place.engine.execution_options(reading=True)) as session:
        rows = session.execute(query.order_by(FlagRow.at.desc(), FlagRow.case_id, FlagRow.n))
        return [KeptFlag(row.case_id, row.n, row.why, row.flagged_by, row.at, entry_from(data)) for row, data in rows]


def evaluate_flagged(place: Place) -> Evaluation:
    """All flagged turns, each case rebuilt from its record: a turn passes where today's code does something else in its place,
    or before it. What models said is recorded, so of a model's turn that is whether it would be asked, or let pass, otherwise.
    """
    query = select(FlagRow.case_id, FlagRow.n, FlagRow.why, EntryRow.run)
    query = query.join(EntryRow, (EntryRow.case_id == FlagRow.case_id) & (EntryRow.n == FlagRow.n))
    with Session(place.engine.execution_options(reading=True)) as session:
        flags = [(str(c), int(n), str(why), int(run)) for c, n, why, run in session.execute(query.order_by(FlagRow.at))]
    found: list[Trial] = []
    for case_id, group in groupby(sorted(flags), key=lambda one: one[0]):
        found += _tried(place, case_id, [one[1:] for one in group])
    return Evaluation("flagged", AS_RECORDED, tuple(found))


def _tried(place: Place, case_id: str, flags: list[tuple[int, str, int]]) -> Iterator[Trial]:
    began = time.perf_counter()
    try:
        rebuilt = rebuild(place.environment, case_id)
    except OperatorError as error:  # another project's, or without a record
        for n, _, _ in flags:
            yield Trial(f"{case_id} {n}", False, (str(error),))
        return
    seconds = round(time.perf_counter() - began, 3)
    for n, why, run in flags:
        yield _compared(f"{case_id} {n}", rebuilt, (case_id, run, n), why, seconds)


def _compared(name: str, rebuilt: Replay, at: tuple[str, int, int], why: str, seconds: float) -> Trial:
    if at[1] in rebuilt.missing:
        return Trial(name, False, (f"Run {at[1]} has no record (any more), so nothing is known of it.",), seconds=seconds)
    other = rebuilt.is_other(*at)
    if other is None:
        return Trial(name, False, (f"It is the same today. It was flagged: {why}",), seconds=seconds)
    today = f" Today: {other.today}" if other.today else ""
    return Trial(name, True, (f"{other.what[:1].upper()}{other.what[1:]}.{today}",), seconds=seconds)
