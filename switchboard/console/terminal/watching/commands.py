"""The commands that look back: what one case did, and how all of them went."""

from switchboard.console.terminal.cli import Data, Json, app
from switchboard.console.terminal.operators import PANEL, CaseId


@app.command(rich_help_panel=PANEL)
def trace(case_id: CaseId, json: Json = False, data: Data = None) -> None:
    """Draw a case as a tree: its runs, turns, calls of models and tools, branches and waits, with times, tokens and money."""
    from switchboard.console.terminal.watching.trace import show_trace

    show_trace(case_id, data, json)
