"""A column for each day, as numbers for an SVG that the page draws: no script, no style of its own."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

MOST_DAYS = 60
"""Columns of one chart: the newest days; the table below has all."""
GAP = 0.22
"""The share of a day that is left between two columns."""


class Column(NamedTuple):
    """Where a column begins and how high it is, in per cent, and what it says."""

    left: float
    width: float
    height: float
    told: str


class Columns(NamedTuple):
    title: str
    columns: tuple[Column, ...]
    first: str
    last: str
    most: str
    in_words: str


def columns(
    title: str, values: Mapping[str, float], told: Callable[[float], str], first: date | None, last: date
) -> Columns | None:
    """The chart of values by day, days without one as zero; None where there is nothing to see."""
    if not any(values.values()):
        return None
    begins = first or date.fromisoformat(min(values))
    last = max(last, date.fromisoformat(max(values)))
    begins = max(begins, last - timedelta(days=MOST_DAYS - 1))
    days = [(begins + timedelta(days=n)).isoformat() for n in range((last - begins).days + 1)]
    most = max(values.get(day, 0.0) for day in days)
    if not most:
        return None
    each = 100 / len(days)
    drawn = tuple(
        Column(
            n * each + each * GAP / 2,
            each * (1 - GAP),
            100 * values.get(day, 0.0) / most,
            f"{day}: {told(values.get(day, 0.0))}",
        )
        for n, day in enumerate(days)
    )
    peak = max(days, key=lambda day: values.get(day, 0.0))
    in_words = f"{title}, {len(days)} {'day' if len(days) == 1 else 'days'} to {days[-1]}; the most is {told(most)} on {peak}."
    return Columns(title, drawn, days[0], days[-1], told(most), in_words)
