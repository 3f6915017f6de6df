"""The commands that look back: what one case did, and how all of them went."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from switchboard.console.terminal.cli import Data, Json, app
from switchboard.console.terminal.operators import PANEL, CaseId


class Group(StrEnum):
    day = "day"
    agent = "agent"
    department = "department"


@app.command(rich_help_panel=PANEL)
def trace(case_id: CaseId, json: Json = False, data: Data = None) -> None:
    """Draw a case as a tree: its runs, turns, calls of models and tools, branches and waits, with times, tokens and money."""
    from switchboard.console.terminal.watching.trace import show_trace

    show_trace(case_id, data, json)


@app.command(rich_help_panel=PANEL)
def stats(
    since: Annotated[str, typer.Option(metavar="DAY", help="Cases that began since then: 2026-11-28, or 7d.")] = "",
    by: Annotated[Group, typer.Option(help="What the rows of the table are.")] = Group.day,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write all of it to this page, with charts.")] = None,
    json: Json = False,
    data: Data = None,
) -> None:
    """Count how cases ended, who had them, what they cost, how long people waited, and how many needed no person."""
    from switchboard.console.terminal.watching.stats import show_stats

    show_stats(since, by.value, html, data, json)
