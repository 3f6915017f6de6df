"""The commands that say what became of cases, and what is to be learned from them."""

from enum import StrEnum
from typing import Annotated

import typer

from switchboard.console.terminal.cli import Data, Json, app
from switchboard.console.terminal.operators import PANEL, CaseId


class Direction(StrEnum):
    up = "up"
    down = "down"


@app.command(rich_help_panel=PANEL)
def thumb(
    case_id: CaseId,
    direction: Annotated[Direction, typer.Argument(metavar="up|down", help="Whether it went well.")],
    why: Annotated[str, typer.Option("--why", metavar="WORDS", help="What they say to it.")] = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Keep what the customer thinks of how a case went; an earlier thumb of theirs counts no more."""
    from switchboard.console.terminal.outcomes.showing import keep_thumb

    keep_thumb(case_id, direction.value, why, data, json)
