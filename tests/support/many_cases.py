"""Rows of many cases as runs leave them, written at once: for figures on them, and for how long these take."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from switchboard.cases.entries import STEP
from switchboard.cases.tables import CaseRow, EntryRow, RunRow
from switchboard.declare.outcomes import Answer, ModelOutcome, RunEnded, ToolOutcome
from switchboard.declare.transcript import CallEntry, MessageEntry, ResultEntry

FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)
ENDS = ("resolved", "resolved", "escalated", "awaiting_customer", "resolved")
DEPARTMENTS = ("hire", "repairs", "sales")
RESULT = {
    "number": 17,
    "lines": [{"text": "A tent for two, green, with pegs and a bag.", "cents": 1900 + n} for n in range(12)],
}


def fill(engine: Engine, cases: int, days: int = 20) -> None:
    """Every fifth case is escalated, every fifth waits; case n has n % 4 calls of models, the one in seven without a price."""
    rows: dict[Any, list[dict[str, Any]]] = {CaseRow: [], RunRow: [], EntryRow: []}
    for n in range(cases):
        began = FIRST + timedelta(days=n % days, seconds=n % 3600)
        add_case(rows, f"case_{n:012x}", n, began)
    with Session(engine) as session, session.begin():
        for kind, some in rows.items():
            for at in range(0, len(some), 5000):
                session.execute(insert(kind), some[at : at + 5000])


def add_case(rows: dict[Any, list[dict[str, Any]]], case_id: str, n: int, began: datetime) -> None:
    end, department, calls, priced = ENDS[n % 5], DEPARTMENTS[n % 3], n % 4, n % 7 != 0
    used = {"model_calls": calls, "tokens": 130 * calls, "cost_usd": 0.01 * calls if priced else 0.0}
    used |= {"unpriced": 0 if priced else calls} if n % 2 else {"cost_known": priced or not calls}  # as two versions say it
    used |= {"seconds": 1.0}
    rows[CaseRow].append(
        {"id": case_id, "team": "desk", "end": end, "reason": "", "department": department, "opening": "Hello.", "run": 1}
        | {"created_at": began, "seconds": 1.0, "used": used, "state": None, "inbox": []}
    )
    rows[RunRow].append(
        {"case_id": case_id, "number": 1, "first": 1, "given": {"kind": "words", "words": "Hello."}, "start": {}, "end": end}
        | {"version": "v", "owner": None, "attempts": 0, "reached": 0, "priority": 0, "started_at": began}
    )
    at = began.timestamp()
    made: dict[str, Any] = {"tool": "look_up", "call_id": "call_1", "arguments": {"number": 17}}
    tool = ToolOutcome(status="done", result=RESULT, seconds=0.1, customer_id="c", agent=department, arguments={"number": 17})
    answer = Answer("It is 19.00.", (), "little", 100, 30, 0.01 if priced else 0.0, 0, True, priced)
    steps = [
        (f"model {department}", ModelOutcome(answer=answer, error="", seconds=(n % 100) / 100, asked="a").as_data())
        for _ in range(calls)
    ]
    hands_over = {"ends": "escalated"} if end == "escalated" else {}
    lines: list[tuple[str, Any]] = [
        ("", MessageEntry("customer", "What does the tent cost?", "human")),
        ("", CallEntry(department, **made)),
        ("call_1 look_up", tool.as_data()),
        ("", ResultEntry("executor", by="tool", result=RESULT, status="done", to=department, **made, **hands_over)),
        *steps,
        ("", MessageEntry(department, "It is 19.00.", "model")),
        ("end of run", RunEnded(end).as_data()),
    ]
    for number, (name, what) in enumerate(lines, start=1):
        data = what if name else what.document()
        kind = STEP if name else what.kind
        moment = at + number * (1 + n % 10)
        rows[EntryRow].append(
            {"case_id": case_id, "n": number, "run": 1, "kind": kind, "name": name, "data": data, "at": moment}
        )
