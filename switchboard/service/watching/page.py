"""Figures on cases as one HTML file that needs nothing else, with charts of which each bar leads to its row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape

from switchboard.cases.statistics.figures import By, Figures, Stats
from switchboard.reports.figures import to_svg
from switchboard.reports.page import POLICY, STYLE
from switchboard.reports.report import MOST_LABEL, Bar, Figure

MOST_BARS = 30
HEADINGS: dict[By, str] = {"day": "By day (UTC)", "department": "By department", "agent": "By agent", "model": "By model"}
COLUMNS = (
    *("Cases", "Over", "Resolved", "Escalated", "Without a person", "Model calls", "Tokens", "USD"),
    *("First answer p50", "p95", "Model call p50", "p95"),
)
CHARTS: dict[str, tuple[str, Callable[[Figures], float | None]]] = {
    "Cases": ("", lambda one: float(one.cases)),
    "Resolved without a person": ("%", lambda one: None if one.deflection is None else round(100 * one.deflection, 1)),
    "Escalated": ("", lambda one: float(one.escalated)),
    "Money, as far as it is known": ("USD", lambda one: round(one.known_usd, 4) if one.model_calls else None),
    "First answer, 95th percentile": ("s", lambda one: one.first_answer.p95),
    "Model call, 95th percentile": ("s", lambda one: one.model_call.p95),
}
WIDE = """
body { max-width: 64rem; } table { border-collapse: collapse; font-size: .85rem; } .scroll { overflow-x: auto; }
caption { position: absolute; left: -99rem; } tbody th { white-space: nowrap; }  /* the heading says it to the eye */
thead th { text-align: right; padding: 0 .6rem .3rem 0; } td { padding: .1rem .6rem .1rem 0; white-space: nowrap; }
"""


def to_html(stats: Stats, project: str) -> str:
    """All groups of the figures as a page."""
    title = escape(f"Cases of {project}" + (f" since {stats.since}" if stats.since else ""))
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            f"<title>{title}</title><style>{STYLE}{WIDE}</style></head>",
            f"<body><main><h1>{title}</h1>",
            _table("", [stats.all], 0),
            *(f"<p>{escape(line)}</p>" for line in became(stats.all)),
            *_groups(stats),
            "</main></body></html>",
            "",
        ]
    )


def became(one: Figures) -> Iterator[str]:
    """What became of cases, why persons have some, and what customers thought, a line each."""
    yield f"Outcomes: {counted(one.outcomes)}."
    if one.because:
        yield f"With a person because of: {counted(one.because)}."
    if one.thumbs:
        yield f"Thumbs of customers: {counted(one.thumbs)}."


def counted(counts: Mapping[str, int]) -> str:
    """Counts in words, the most first."""
    most_first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in most_first)


def _groups(stats: Stats) -> Iterator[str]:
    number = 1
    for by, rows in stats.groups.items():
        yield f'<h2 id="{by}">{HEADINGS[by]}</h2>'
        for title, (unit, value) in CHARTS.items():
            bars = [
                Bar(label=_plain(one.name), value=found, reference=at)
                for at, one in enumerate(rows, start=number)
                if (found := value(one)) is not None
            ]
            if len(bars) > 1 and any(bar.value for bar in bars):
                figure = Figure(title=title, unit=unit, bars=tuple(bars[-MOST_BARS:]))
                yield f"<figure><figcaption>{title}</figcaption>{to_svg(figure)}</figure>"
        yield _table(HEADINGS[by], rows, number)
        number += len(rows)


def _table(caption: str, rows: Sequence[Figures], first: int) -> str:
    head = "".join(f"<th>{column}</th>" for column in ("", *COLUMNS))
    body = "".join(_row(one, number) for number, one in enumerate(rows, start=first))
    table = f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="scroll"><table>{table}</table></div>'


def _row(one: Figures, number: int) -> str:
    told = "".join(f"<td>{cell}</td>" for cell in cells(one))
    return f'<tr id="r{number}"><th scope="row">{escape(_plain(one.name))}</th>{told}</tr>'


def cells(one: Figures) -> tuple[str, ...]:
    """A row's figures under COLUMNS; what is not known is told so, and what there is none of is empty."""
    share = "" if one.deflection is None else f"{one.deflection:.0%}"
    counts = (one.cases, one.over, one.ends.get("resolved", 0), one.escalated)
    latencies = (one.first_answer.p50, one.first_answer.p95, one.model_call.p50, one.model_call.p95)
    calls = (f"{one.model_calls:,}", f"{one.tokens:,}", money(one)) if one.model_calls else ("", "", "")
    return (*(f"{count:,}" for count in counts), share, *calls, *("" if s is None else f"{s:.2f} s" for s in latencies))


def money(one: Figures) -> str:
    if one.cost_usd is not None:
        return f"{one.cost_usd:.4f}"
    return f"{one.known_usd:.4f} + unknown" if one.known_usd else "unknown"


def _plain(name: str) -> str:
    return ("".join(character for character in name if character.isprintable()) or "?")[:MOST_LABEL]
