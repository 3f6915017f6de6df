"""What models took, as rows: a sum for each day, and what is held for the calls that are under way.

The sums grow in the transactions that record the calls, so that a call is counted once or not at all, as its record is there
or not. A hold that nobody settles, since its process died, lapses; the same call made again takes its place.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Float, Integer, MetaData, String, Table, case, delete, func, select, text
from sqlalchemy.orm import Session

from switchboard.declare.outcomes import ModelOutcome, Wasted
from switchboard.models.money.budgets import Budget, Estimate, Stand

METADATA = MetaData()
spending = Table(
    "spending",
    METADATA,
    Column("day", String, primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("cost_usd", Float, nullable=False),
    Column("unpriced", Integer, nullable=False),
)
"""`day` is where the project is, as 2026-11-28."""
holds = Table(
    "budget_holds",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("tokens", BigInteger, nullable=False),
    Column("cost_usd", Float, nullable=False),
    Column("until", Float, nullable=False),
)
"""A case makes one call at a time. `until` is in seconds since the epoch."""
warnings = Table("budget_warnings", METADATA, Column("name", String, primary_key=True))
"""Which warnings were told."""

ADD = text(
    "INSERT INTO spending (day, calls, tokens, cost_usd, unpriced) VALUES (:day, :calls, :tokens, :cost_usd, :unpriced) "
    "ON CONFLICT (day) DO UPDATE SET calls = spending.calls + excluded.calls, tokens = spending.tokens + excluded.tokens, "
    "cost_usd = spending.cost_usd + excluded.cost_usd, unpriced = spending.unpriced + excluded.unpriced"
)
HOLD = text(
    "INSERT INTO budget_holds (case_id, tokens, cost_usd, until) VALUES (:case_id, :tokens, :cost_usd, :until) "
    "ON CONFLICT (case_id) DO UPDATE SET tokens = excluded.tokens, cost_usd = excluded.cost_usd, until = excluded.until"
)
TELL = text("INSERT INTO budget_warnings (name) VALUES (:name) ON CONFLICT (name) DO NOTHING")


def settle_recorded(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Count the calls of models among the steps that a transaction records, just before it commits."""
    calls = [(row["case_id"], ModelOutcome.from_data(row["data"])) for row in rows if _is_counted(row["data"])]
    settle(connection, [(case_id, outcome.day, outcome.took) for case_id, outcome in calls])


def _is_counted(data: Mapping[str, Any]) -> bool:
    return data.get("kind") == ModelOutcome.kind and bool(data.get("day"))


def settle(connection: Connection, calls: Sequence[tuple[str, str, Wasted]]) -> None:
    """Count calls of cases on their days, and let go of what was held for them."""
    if not calls:
        return
    days: dict[str, Wasted] = defaultdict(Wasted)
    for _, day, took in calls:
        days[day] += took
    for day, took in sorted(days.items()):  # in one order, so that no two processes wait for each other
        given = {"calls": took.answers, "tokens": took.tokens, "cost_usd": took.cost_usd, "unpriced": took.unpriced}
        connection.execute(ADD, {"day": day, **given})
    connection.execute(delete(holds).where(holds.c.case_id.in_({case_id for case_id, _, _ in calls})))


def hold(session: Session, case_id: str, estimate: Estimate, now: float) -> None:
    given = {"tokens": estimate.tokens, "cost_usd": estimate.cost_usd, "until": now + estimate.seconds}
    session.execute(HOLD, {"case_id": case_id, **given})


def is_news(session: Session, name: str) -> bool:
    """Whether nobody has told a warning yet, who then has."""
    told: Any = session.execute(TELL, {"name": name})
    return bool(told.rowcount)


def standing(session: Session, budgets: Sequence[Budget], day: date, now: float, case_id: str = "") -> list[Stand]:
    """How budgets stand, read in one statement, without what is held for a case itself."""
    others = (holds.c.until > now, holds.c.case_id != case_id)
    columns: list[Any] = []
    for budget in budgets:
        unit = budget.unit
        columns += [_within(budget, day, spending.c[unit]), _within(budget, day, spending.c.unpriced)]
        columns += [select(func.coalesce(func.sum(holds.c[unit]), 0)).where(*others).scalar_subquery()]
    values = session.execute(select(*columns)).one() if columns else ()
    read = [values[3 * n : 3 * n + 3] for n in range(len(budgets))]
    return [
        Stand(one, float(used), float(held), int(unpriced)) for one, (used, unpriced, held) in zip(budgets, read, strict=True)
    ]


def _within(budget: Budget, day: date, column: Any) -> Any:
    """What a column comes to in the period of a budget that a day is in."""
    begins = {"day": day.isoformat(), "month": f"{day:%Y-%m}-", "project": ""}[budget.period]
    inside = case((spending.c.day.startswith(begins), column), else_=0)
    return select(func.coalesce(func.sum(inside), 0)).scalar_subquery()
