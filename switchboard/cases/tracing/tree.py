"""The trace of a case, read from its rows: runs, the waits for people between them, and what agents did in each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from switchboard.cases.branches import is_owned
from switchboard.cases.documents import find
from switchboard.cases.entries import Asked
from switchboard.cases.snapshot import Snapshot
from switchboard.cases.tables import CaseRow, EntryRow, RunRow, utc
from switchboard.cases.tracing.runs import RunFacts, Written, run_span
from switchboard.database import patiently
from switchboard.declare.flow import CUSTOMER, OPERATOR
from switchboard.events.tracing.span import Span, Usage, usage_of

WAITS_FOR = {"awaiting_customer": CUSTOMER, "awaiting_approval": OPERATOR, "escalated": OPERATOR}
"""By the end of a run: whom its case waits for."""
RUN_COLUMNS = (
    RunRow.case_id,
    RunRow.number,
    CaseRow.team,
    RunRow.first,
    RunRow.given,
    RunRow.started_at,
    RunRow.end,
    RunRow.version,
    RunRow.attempts,
    CaseRow.department,
    CaseRow.state,
)
ENTRY_COLUMNS = (EntryRow.case_id, EntryRow.run, EntryRow.n, EntryRow.kind, EntryRow.name, EntryRow.data, EntryRow.at)


class Traced(NamedTuple):
    """A run's span with what lies between it and the former one: who was waited for, and for how many seconds."""

    span: Span
    waited_for: str = ""
    waited_seconds: float = 0.0


def trace_of(engine: Engine, case_id: str) -> Span:
    """The trace of a case as it is now; it may be named as `documents.find` says. Raises OperatorError as that does."""
    with Session(engine.execution_options(reading=True)) as session:
        row = find(session, case_id)
        runs, waits = _runs(session, row.id, row.parent), list[Span]()
        if not runs:  # it was played on rows that are gone
            lines = _entries(session, [row.id], row.id, None)[row.id, row.run]
            began = lines[0].at if lines else utc(row.created_at).timestamp()
            runs = [run_span(RunFacts(row.id, row.run, row.team, "words", began, row.end), lines)]
        for one, following in zip(runs, [*runs[1:], None], strict=True):
            waits += _between(one, following)
        children = tuple(sorted([*runs, *waits], key=lambda span: (span.run, span.kind)))
        usage, used = usage_of(runs), row.used
        if used.get("model_calls", 0) > usage.model_calls and row.end and not _copied(row.state):  # its steps were deleted
            cost = used["cost_usd"] if used.get("cost_known", True) and not used.get("unpriced") else None
            usage = Usage(used["model_calls"], wasted_tokens=0, prompt_tokens=used["tokens"], cost_usd=cost)
        return Span(
            kind="case",
            name=row.team,
            case_id=row.id,
            run=0,
            n=0,
            start=runs[0].start,
            end=runs[-1].end,
            status=row.end or "",
            facts={"department": row.department, "held_by": row.held_by, "parent": row.parent},
            usage=usage,
            children=children,
        )


@patiently
def run_of(engine: Engine, case_id: str, number: int) -> Traced | None:
    """One run of a case as a span, by their whole names; None where there is none."""
    with Session(engine.execution_options(reading=True)) as session:
        before = select(RunRow.end).where(RunRow.case_id == case_id, RunRow.number == number - 1)
        found = _runs(session, case_id, None, number, is_new=True)
        if not found:
            return None
        former, end = None, session.execute(before).scalar_one_or_none()
        if end in WAITS_FOR:
            at = select(EntryRow.at).where(EntryRow.case_id == case_id, EntryRow.run == number - 1)
            former = session.execute(at.order_by(EntryRow.n.desc()).limit(1)).scalar_one_or_none()
        if former is None or end is None:
            return Traced(found[0])
        return Traced(found[0], WAITS_FOR[end], max(0.0, found[0].start - former))


def waiting_runs(engine: Engine) -> int:
    """How many runs were begun that no process has taken up yet."""
    mine = (RunRow.owner.is_(None), RunRow.end.is_(None), is_owned(), CaseRow.end.is_(None))
    query = (
        select(func.count()).select_from(CaseRow).join(RunRow, (RunRow.case_id == CaseRow.id) & (RunRow.number == CaseRow.run))
    )
    with Session(engine.execution_options(reading=True)) as session:
        return int(session.execute(query.where(*mine)).scalar_one())


def _runs(session: Asked, case_id: str, parent: str | None, number: int | None = None, *, is_new: bool = False) -> list[Span]:
    """The runs of a case in order, or one of them, each with its branches in it; with `is_new` without what is copied."""
    mine = (CaseRow.id == case_id) | (CaseRow.parent == case_id)
    query = select(*RUN_COLUMNS).join(CaseRow, CaseRow.id == RunRow.case_id).where(mine)
    rows = session.execute(query.order_by(RunRow.case_id, RunRow.number)).all()
    own = [row for row in rows if row.case_id == case_id and number in (None, row.number)]
    if not own:
        return []
    entries = _entries(session, [row.case_id for row in rows], case_id, number)
    if is_new and (copied := _copied(own[0].state)):
        entries = defaultdict(list, {key: [one for one in run if one.n > copied] for key, run in entries.items()})
    branches: dict[int, dict[str, Span]] = defaultdict(dict)
    for row in rows:
        if row.case_id != case_id:  # its name tells the entry at which it was begun
            place = int(row.case_id.rpartition(".")[2].partition("-")[0])
            run = max((one.number for one in rows if one.case_id == case_id and one.first <= place), default=1)
            branch = run_span(_facts(row), entries[row.case_id, row.number])
            branches[run][row.case_id] = replace(branch, kind="branch", name=row.department or branch.name)
    runs = [run_span(_facts(row), entries[case_id, row.number], branches[row.number]) for row in own]
    return [replace(run, name=own[0].department or run.name) for run in runs] if parent else runs


def _facts(row: Any) -> RunFacts:
    words = row.given.get("words") or row.given.get("task") or row.given.get("note") or ""
    began = utc(row.started_at).timestamp()
    more = {"version": row.version, "attempts": row.attempts, "words": words, "copied": _copied(row.state)}
    return RunFacts(row.case_id, row.number, row.team, row.given["kind"], began, row.end, **more)


def _copied(state: Snapshot | None) -> int:
    """The number of the last entry that a fork has of the case that it was forked from."""
    return int(state["forked"][1]) if state and "forked" in state else 0


def _entries(session: Asked, case_ids: Sequence[str], case_id: str, number: int | None) -> dict[tuple[str, int], list[Written]]:
    """The entries of cases by their runs; of `case_id`, where a number is given, those of that run alone."""
    query = select(*ENTRY_COLUMNS).where(EntryRow.case_id.in_(set(case_ids))).order_by(EntryRow.case_id, EntryRow.n)
    if number is not None:
        query = query.where((EntryRow.case_id != case_id) | (EntryRow.run == number))
    found: dict[tuple[str, int], list[Written]] = defaultdict(list)
    for whose, run, n, kind, name, data, at in session.execute(query):
        found[whose, run].append(Written(n, kind, name, data, at))
    return found


def _between(run: Span, following: Span | None) -> list[Span]:
    """The wait for a person after a run, if its case waited, or waits, for one."""
    whom = WAITS_FOR.get(run.status)
    if whom is None or run.end is None:
        return []
    end = following.start if following else None
    facts = {"for": run.status}
    return [Span(kind="wait", name=whom, case_id=run.case_id, run=run.run, n=0, start=run.end, end=end, facts=facts)]
