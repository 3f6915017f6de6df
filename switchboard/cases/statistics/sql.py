"""What SQLite and Postgres say differently, and percentiles, which SQLite has none of."""

from typing import Any

from sqlalchemy import ColumnElement, Float, FromClause, Select, String, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class epoch(FunctionElement[float]):
    """A moment in seconds since 1970."""

    type = Float()
    inherit_cache = True


@compiles(epoch, "sqlite")
def _epoch_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"((julianday({compiler.process(element.clauses, **options)}) - 2440587.5) * 86400.0)"


@compiles(epoch, "postgresql")
def _epoch_on_postgres(element: Any, compiler: Any, **options: Any) -> str:
    return f"EXTRACT(EPOCH FROM {compiler.process(element.clauses, **options)})::float8"


class utc_day(FunctionElement[str]):
    """The day of a moment, in UTC, as 2026-11-28."""

    type = String()
    inherit_cache = True


@compiles(utc_day, "sqlite")
def _day_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)})"


@compiles(utc_day, "postgresql")
def _day_on_postgres(element: Any, compiler: Any, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC', 'YYYY-MM-DD')"


def percentiles(measured: FromClause) -> Select[Any]:
    """Of `measured`, which has a `name` and a `value`: each name's 50th and 95th percentile, by nearest rank."""
    name, value = measured.c.name, measured.c.value
    place = func.row_number().over(partition_by=name, order_by=value).label("place")
    ranked = select(name, value, place, func.count().over(partition_by=name).label("many")).where(value.is_not(None)).subquery()
    shares = [_at(ranked, share).label(f"p{share}") for share in (50, 95)]
    return select(ranked.c.name, *shares).group_by(ranked.c.name)


def _at(ranked: FromClause, share: int) -> ColumnElement[Any]:
    return func.min(case((ranked.c.place * 100 >= ranked.c.many * share, ranked.c.value)))
