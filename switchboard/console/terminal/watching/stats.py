"""How cases went, as a table, as JSON, and as a page."""

from pathlib import Path
from typing import get_args

from switchboard.cases.statistics.figures import By
from switchboard.console.app import Workplace
from switchboard.console.terminal.screen import say, show_record, show_table
from switchboard.errors import OperatorError
from switchboard.service.watching.page import became, cells, counted, to_html
from switchboard.service.watching.stats import since_when
from switchboard.service.watching.stats import stats as stats_of

COLUMNS = (
    "cases",
    "over",
    "resolved",
    "escalated",
    "no person",
    "calls",
    "tokens",
    "USD",
    "first p50",
    "first p95",
    "model p50",
    "model p95",
)


def show_stats(since: str, by: By, html: Path | None, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    found = stats_of(place, since_when(since), get_args(By) if html or json else (by,))
    if html:
        try:
            html.write_text(to_html(found, place.project.file.name), encoding="utf-8")
        except OSError as error:
            raise OperatorError(f"{html} cannot be written: {error.strerror}. Name another file.") from None
        say(f"{html} is written.")
    if json:
        show_record(found.as_data())
    elif not found.all.cases:
        say("No cases yet. `switchboard ask` makes the first one.")
    elif not html:
        show_table("", (by, *COLUMNS), [(one.name, *cells(one)) for one in (*found.groups[by], found.all)])
        say(f"{found.all.cases:,} {'case' if found.all.cases == 1 else 'cases'}: {counted(found.all.ends)}.")
        for line in became(found.all):
            say(line)
