"""The trace of a case as a tree: what came of what, when, how long it took, and what it cost."""

from pathlib import Path

from switchboard.console.app import Workplace
from switchboard.console.terminal.screen import say, show_record, show_table
from switchboard.events.tracing.telling import drawn, numbers, summed, told
from switchboard.service.watching import traces

COLUMNS = ("what", "UTC", "took", "tokens", "USD")


def show_trace(case_id: str, data: Path | None, json: bool) -> None:
    found = traces.trace(Workplace(data), case_id)
    if json:
        show_record(found.as_data())
        return
    show_table("", COLUMNS, [(f"{guide}{told(span)}", *numbers(span)) for guide, span in drawn(found)])
    say(f"{found.case_id}: {summed(found)}.")
