"""Pages out of templates: everything that is put into them is escaped, and what people and tools said is masked before."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from switchboard.characters import visible
from switchboard.events.masking import masked_data
from switchboard.events.rendering import cut, printable

HERE = Path(__file__).parent
STATIC = HERE / "static"
MINUTE, HOUR, DAY = 60, 3600, 86_400
MOST_SHOWN = 20_000
"""Characters of one result: what is longer is read at the terminal."""
MOST_AT_ONCE = 4000
"""Characters of what somebody said: the rest is folded."""


@cache
def templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "plain": plain,
        "cut": cut,
        "moment": moment,
        "clock": clock,
        "parted": parted,
        "argument": argument,
        "until": until,
        "ago": ago,
        "as_json": as_json,
        "words": in_words,
    }
    return found


def drawn(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    return HTMLResponse(html_of(template, **values), status)


def html_of(template: str, **values: Any) -> str:
    return templates().get_template(template).render(**values)


def plain(text: object) -> str:
    """What somebody said, as a screen may show it."""
    return visible(printable(str(text)))


def as_json(value: Any) -> str:
    """Data to be read by people."""
    return plain(cut(json.dumps(masked_data(value), ensure_ascii=False, indent=2, default=str), MOST_SHOWN))


def argument(value: Any, name: str) -> str:
    """An argument of a call, whole; cents as an amount, too."""
    told = plain(value) if isinstance(value, str) else as_json(value)
    return f"{told} ({value / 100:,.2f})" if name.endswith("_cents") and isinstance(value, int) else told


def parted(text: str) -> tuple[str, str]:
    """What is shown of a text at once, and the rest of it, which is folded: between words, where it has any."""
    if len(text) <= MOST_AT_ONCE:
        return text, ""
    at = max(text.rfind(" ", 0, MOST_AT_ONCE), text.rfind("\n", 0, MOST_AT_ONCE))
    at = at if at > MOST_AT_ONCE // 2 else MOST_AT_ONCE
    return text[:at], text[at:]


def in_words(name: object) -> str:
    return str(name).replace("_", " ")


def moment(at: datetime | float) -> str:
    """A moment in UTC, to the second, as <time> takes it."""
    found = datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) else at
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def clock(at: float) -> str:
    """A moment of today as its hour and minute; of another day with the day."""
    found = datetime.fromtimestamp(at, UTC)
    return f"{found:%H:%M} UTC" if found.date() == datetime.now(UTC).date() else f"{found:%b} {found.day}, {found:%H:%M} UTC"


def until(due: datetime) -> str:
    """How long it is until a moment, or how long ago that was."""
    seconds = (due - datetime.now(UTC)).total_seconds()
    return f"in {_took(seconds)}" if seconds >= 0 else f"{_took(-seconds)} late"


def ago(at: datetime | float) -> str:
    since = at if isinstance(at, int | float) else at.timestamp()
    return _took(max(0.0, datetime.now(UTC).timestamp() - since))


def _took(seconds: float) -> str:
    if seconds < HOUR:
        return f"{max(1, round(seconds / MINUTE))} min"
    return f"{seconds / HOUR:.0f} h" if seconds < 2 * DAY else f"{seconds / DAY:.0f} days"
