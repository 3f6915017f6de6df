"""A column for each day, or for several of them, as numbers for an SVG that the page draws: no script, no style of its own."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

MOST_COLUMNS = 60
MOST_BEFORE = timedelta(days=366)
"""How long before the first value a chart begins at most, whatever was asked for."""
GAP = 0.22
"""The share of its room that is left between a column and the next."""

Told = Callable[[float], str]
Joined = Callable[[Iterable[float]], float]


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
    title: str, values: Mapping[str, float], told: Told, joined: Joined, first: date | None, last: date
) -> Columns | None:
    """The chart of values by day, days without one as zero; in a long time a column is of several days, whose values are
    `joined`. None where there is nothing to see.
    """
    if not any(values.values()):
        return None
    oldest, last = date.fromisoformat(min(values)), max(last, date.fromisoformat(max(values)))
    begins = max(first or oldest, oldest - MOST_BEFORE)
    days = [(begins + timedelta(days=n)).isoformat() for n in range((last - begins).days + 1)]
    many = -(-len(days) // MOST_COLUMNS)
    parts = [days[n : n + many] for n in range(0, len(days), many)]
    found = {_named(part): joined(values.get(day, 0.0) for day in part) for part in parts}
    most, each = max(found.values()), 100 / len(found)
    drawn = tuple(
        Column(n * each + each * GAP / 2, each * (1 - GAP), 100 * value / most, f"{name}: {told(value)}")
        for n, (name, value) in enumerate(found.items())
    )
    peak = max(found, key=lambda name: found[name])
    per = "by day" if many == 1 else f"each column {many} days"
    in_words = f"{title}, {per}, {days[0]} to {days[-1]}; the most is {told(most)}, {peak}."
    return Columns(title if many == 1 else f"{title}, per {many} days", drawn, days[0], days[-1], told(most), in_words)


def _named(days: list[str]) -> str:
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
