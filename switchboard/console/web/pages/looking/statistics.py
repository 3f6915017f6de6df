"""How cases went, in figures and charts: the same that `switchboard stats` tells."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from starlette.responses import Response

from switchboard.cases.statistics.figures import Figures, Stats
from switchboard.console.web.asked import Asked
from switchboard.console.web.pages.looking.columns import Columns, Joined, Told, columns
from switchboard.errors import OperatorError
from switchboard.models.money.budgets import Stand
from switchboard.service.watching.page import COLUMNS, HEADINGS, cells
from switchboard.service.watching.stats import since_when, stats

PERIODS = {"1d": "Today", "7d": "7 days", "30d": "30 days", "90d": "90 days", "": "All"}
FIRST = "30d"
"""The period of whoever names none."""


class Tile(NamedTuple):
    name: str
    value: str
    more: str = ""


class Used(NamedTuple):
    """A budget in words, and which share of it is used, at most all of it."""

    told: str
    share: float
    state: str


def show(asked: Asked) -> Response:
    """The figures of the cases that began in a period, which the address names as `--since` does."""
    since, wrong = asked.request.query_params.get("since", FIRST).strip(), ""
    try:
        begins = since_when(since)
    except OperatorError:
        since, wrong = FIRST, "That is no day. Write it as 2026-11-28; these are the last 30 days."
        begins = since_when(FIRST)
    found = stats(asked.desk, begins)
    return asked.page(
        "looking/statistics.html",
        since=since,
        day=begins.date().isoformat() if begins else "",
        wrong=wrong,
        periods=PERIODS,
        stats=found,
        tiles=tiles(found.all),
        charts=charts(found),
        counts=[one for one in _counts(found.all) if one[1]],
        budgets=[used(one) for one in asked.desk.project.budgets(lambda: asked.desk.engine).stand()],
        headings=HEADINGS,
        columns=COLUMNS,
        cells=cells,
        groups=[(by, found.groups[by], _shares(found.groups[by])) for by in ("department", "agent", "model")],
    )


def tiles(one: Figures) -> list[Tile]:
    """What a lead looks at first."""
    answer, share = one.first_answer, one.deflection
    unknown = "" if not one.unpriced else f"and {one.unpriced:,} {'case' if one.unpriced == 1 else 'cases'} of unknown price"
    return [
        Tile("Cases", f"{one.cases:,}", f"{one.over:,} over"),
        Tile("Without a person", "-" if share is None else f"{share:.0%}", f"{one.deflected:,} of {one.over:,} that are over"),
        Tile("To a person", f"{one.escalated:,}", f"{one.ends.get('escalated', 0):,} are there now"),
        Tile("First answer", seconds(answer.p50), f"95 % within {seconds(answer.p95)}" if answer.p95 is not None else ""),
        Tile("Models, USD", f"{one.known_usd:.4f}" if one.model_calls else "0", unknown or f"{one.tokens:,} tokens"),
    ]


def seconds(found: float | None) -> str:
    """A time as people tell it."""
    if found is None:
        return "-"
    if found < 120:
        return f"{found:.1f} s"
    return f"{found / 60:.0f} min" if found < 7200 else f"{found / 3600:.1f} h"


def charts(found: Stats) -> list[Columns]:
    """Charts of the days, each of which some day has something for; of several days the slowest counts."""
    days, today = found.groups["day"], datetime.now(UTC).date()
    first = datetime.fromisoformat(found.since).date() if found.since else None
    whats: list[tuple[str, Callable[[Figures], float], Told, Joined]] = [
        ("Cases that began", lambda one: float(one.cases), _counted, sum),
        ("Handed to a person", lambda one: float(one.escalated), _counted, sum),
        ("First answer, 95th percentile", lambda one: one.first_answer.p95 or 0.0, seconds, max),
        ("Models, USD as far as known", lambda one: one.known_usd, _in_usd, sum),
    ]
    drawn = (columns(title, {one.name: of(one) for one in days}, told, join, first, today) for title, of, told, join in whats)
    return [one for one in drawn if one]


def _counted(value: float) -> str:
    return f"{value:,.0f}"


def _in_usd(value: float) -> str:
    return f"{value:,.2f}" if value >= 1 else f"{value:.4f}"


def used(stand: Stand) -> Used:
    state = "up" if stand.is_used_up else "short" if stand.is_short else "fine"
    return Used(stand.told, min(1.0, stand.used / stand.budget.most) if stand.budget.most else 1.0, state)


def _counts(one: Figures) -> list[tuple[str, list[tuple[str, int, float]]]]:
    """Each kind of count: its names, the most first, with their share of all."""
    kinds = (
        ("What became of them", one.outcomes),
        ("How they stand", one.ends),
        ("Why a person has them", one.because),
        ("Thumbs of customers", one.thumbs),
    )
    found = []
    for title, counts in kinds:
        whole = sum(counts.values())
        most_first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        found.append((title, [(name, count, count / whole) for name, count in most_first if count]))
    return found


def _shares(rows: tuple[Figures, ...]) -> dict[str, float]:
    """How long the bar beside each name is: its cases, as a share of the most."""
    most = max((one.cases for one in rows), default=0)
    return {one.name: one.cases / most if most else 0.0 for one in rows}
