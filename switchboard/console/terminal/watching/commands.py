"""The commands that watch: what one case did, how all of them went, and the pages that show them as they go."""

import signal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from switchboard.console.terminal.cli import DONE, Data, Json, app
from switchboard.console.terminal.operators import MANY, PANEL, CaseId, Concurrency
from switchboard.errors import OperatorError


class Group(StrEnum):
    day = "day"
    agent = "agent"
    department = "department"
    model = "model"


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


@app.command(rich_help_panel=MANY)
def serve(
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen; another than this machine needs accounts.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Where to listen; 0 takes one that is free.")] = 8080,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Show pages alone, beside workers elsewhere.")] = False,
    domain: Annotated[
        list[str] | None, typer.Option("--domain", metavar="NAME", help="A name under which the pages are asked for.")
    ] = None,
    concurrency: Concurrency = 10,
    grace: Annotated[
        float, typer.Option(min=0, max=86400, metavar="SECONDS", help="How long to finish what is under way when told to stop.")
    ] = 30.0,
    data: Data = None,
) -> None:
    """Open the desk in a browser: the queue, each case as it goes on, what waits for a yes; and work on cases as `worker` does.

    SIGTERM or Ctrl-C: it takes nothing new, finishes what it can and gives back the rest, with all that was done.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from switchboard.console.terminal.workers import leave

        try:
            from switchboard.console.web.serving import serve as serve_pages
        except ImportError as error:
            why = f"The pages need more packages ({error.name}): pip install 'switchboard-desk[serve]'."
            raise OperatorError(why) from None
        serve_pages(
            host, port, with_worker=not no_worker, concurrency=concurrency, grace=grace, domains=domain or (), data=data
        )
    except KeyboardInterrupt:  # before it heard signals itself: nothing was begun
        typer.echo("Stopped. Nothing was left undone here.", err=True)
        raise typer.Exit(DONE) from None
    leave(DONE)
