"""`switchboard doctor`: what would keep this installation from working."""

import typer

from switchboard.console.terminal.cli import DONE, FAILED, Data, Json, app


@app.command()
def doctor(json: Json = False, data: Data = None) -> None:
    """Tell what would keep this installation from working, who can mend it and how: `check`, and what is around the project.

    Exit code 1 where something has to be mended. It changes no database that this version has to bring up to date first.
    """
    from switchboard.console.terminal.running.doctor import see

    raise typer.Exit(DONE if see(data, json) else FAILED)
