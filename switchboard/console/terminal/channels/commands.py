"""`switchboard mail …`: a mailbox that customers write to, read and answered."""

import typer

from switchboard.console.terminal.cli import FAILED, Data, Json, app
from switchboard.console.terminal.operators import MANY, Concurrency

mail = typer.Typer(no_args_is_help=True, help="Read the mailbox of `\\[channels.mail]`, and answer the mails in it.")
app.add_typer(mail, name="mail", rich_help_panel=MANY)


@mail.command()
def serve(concurrency: Concurrency = 10, json: Json = False, data: Data = None) -> None:
    """Take in each mail as it comes and send what its writer is told, until Ctrl-C; works on the cases where no worker does."""
    from switchboard.console.terminal.channels.serving import serve_mail
    from switchboard.console.terminal.workers import leave

    serve_mail(concurrency, data, json)
    leave(0)


@mail.command()
def once(concurrency: Concurrency = 10, json: Json = False, data: Data = None) -> None:
    """Take in the mails that are there, work on their cases, send what their writers are told, and end."""
    from switchboard.console.terminal.channels.serving import serve_once
    from switchboard.console.terminal.workers import leave

    leave(0 if serve_once(concurrency, data, json) else FAILED)


@mail.command()
def check(json: Json = False, data: Data = None) -> None:
    """Tell whether the mailbox can be read and answers be sent, and what became of those that were to be."""
    from switchboard.console.terminal.channels.checking import check_mail

    raise typer.Exit(2 if check_mail(data, json) else 0)
