"""The commands for many cases: workers that take them, and files of messages that become them."""

from pathlib import Path
from typing import Annotated

import typer

from switchboard.console.terminal.cli import DONE, EXITS, FAILED, WAITING, Data, Json, app

PANEL = "For many cases"
Concurrency = Annotated[int, typer.Option(min=1, max=500, metavar="N", help="How many cases this process works on at a time.")]


@app.command(rich_help_panel=PANEL)
def worker(
    concurrency: Concurrency = 10,
    all_together: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="How many cases all workers together work on; stays set, 0 is no limit."),
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(min=0, max=1000, metavar="PER_SECOND", help="How many all begin in a second; stays set, 0 is no limit."),
    ] = None,
    grace: Annotated[
        float, typer.Option(min=0, max=86400, metavar="SECONDS", help="How long to finish what is under way when told to stop.")
    ] = 30.0,
    json: Json = False,
    data: Data = None,
) -> None:
    """Take cases from the queue until told to stop: as many workers as wanted on one Postgres, one on SQLite.

    SIGTERM or Ctrl-C: it takes nothing new, finishes what it can and gives back the rest, with all that was done.
    A second one gives back at once. With --json, one line of JSON for each case that has ended.
    """
    from switchboard.console.terminal.working import leave, work

    work(concurrency, all_together, rate, grace, data, json)
    leave(DONE)


@app.command(rich_help_panel=PANEL)
def submit(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help='Lines like {"id": "m-1", "text": "…", "email": "…", "priority": 5}; - reads stdin.'
        ),
    ],
    wait: Annotated[bool, typer.Option(help="Wait for the results, and write each as a line of JSON.")] = True,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the results to this file, not to stdout.")] = None,
    priority: Annotated[
        int, typer.Option(min=1, max=1_000_000, metavar="N", help="For lines without one; 1 is the soonest.")
    ] = 5,
    concurrency: Concurrency = 10,
    data: Data = None,
) -> None:
    """Put a file of messages on the queue as cases. The same id twice, today or in a year, is one case with one result.

    Where no worker is alive, this command works on the queue itself.
    """
    from switchboard.console.terminal.submitting import submit as submit_file
    from switchboard.console.terminal.working import leave

    ended, waited = submit_file(str(file), wait, out, priority, concurrency, data)
    codes = {EXITS.get(end, FAILED) for end in ended} | ({DONE} if waited else {FAILED})
    leave(FAILED if FAILED in codes else WAITING if WAITING in codes else DONE)
