"""`switchboard tickets …` and `switchboard inbox`: a file of tickets worked through, and tickets as people work on them."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from switchboard.console.terminal.cli import EXITS, FAILED, WAITING, Data, Json, TeamName, app
from switchboard.console.terminal.operators import PANEL, CaseId, Concurrency, Limit, Name, text

WORK = "work"
Number = Annotated[str, typer.Argument(metavar="TICKET", help="Its number, such as T000005.")]
Again = Annotated[str, typer.Option("--why", metavar="WORDS", help="What is left to do; operators see it.")]
Why = Annotated[str, typer.Option("--why", metavar="WORDS", help="How it was settled, or why it is taken up again.")]


class FileFirst(TyperGroup):
    """`tickets FILE` is `tickets work FILE`; a file that is called like one of the commands is named with its folder."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        begins = next(iter(args), "--help")
        if begins not in self.commands and begins not in ctx.help_option_names:
            args = [WORK, *args]
        return super().parse_args(ctx, args)


tickets = typer.Typer(
    cls=FileFirst, no_args_is_help=True, help="Work through a file of tickets (`tickets FILE`), and see, give and settle them."
)
app.add_typer(tickets, name="tickets", rich_help_panel=PANEL)


@app.command(rich_help_panel=PANEL)
def inbox(limit: Limit = 20, json: Json = False, data: Data = None) -> None:
    """List what waits for a person, tickets and calls, the nearest deadline first; it says how much more does."""
    from switchboard.console.terminal.tickets.lists import show_inbox

    show_inbox(limit, data, json)


@app.command(rich_help_panel=PANEL)
def escalate(
    case_id: CaseId,
    why: Annotated[str, typer.Option("--why", metavar="WORDS", help="Why; operators see it, and no customer.")],
    critical: Annotated[bool, typer.Option("--critical", help="As critical; else it is high.")] = False,
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Have who is on call look at a case, also one that agents work on or that you have; they are notified once."""
    from switchboard.console.terminal.tickets.lists import escalate_case

    escalate_case(case_id, text(why, "--why is empty. Say why it is escalated."), critical, name, data, json)


@app.command(rich_help_panel=PANEL, name="reopen")
def reopen_case(case_id: CaseId, why: Again, name: Name = "", json: Json = False, data: Data = None) -> None:
    """Open a case again that is over: it waits for a person, with a ticket. Nothing of it is done again."""
    from switchboard.console.terminal.tickets.lists import reopen_case

    reopen_case(case_id, text(why, "--why is empty. Say what is left to do."), name, data, json)


@tickets.command(name=WORK)
def work(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Tickets: .jsonl, .csv, a mailbox (.mbox), .eml files.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the results to this file: .jsonl or .csv.")] = None,
    team: TeamName = "",
    concurrency: Concurrency = 10,
    json: Json = False,
    data: Data = None,
) -> None:
    """Work through a file of tickets; the same ticket twice, today or in a year, is worked on once."""
    from switchboard.console.terminal.tickets.work import work_through
    from switchboard.console.terminal.workers import leave

    ended, whole = work_through(file, out, team, concurrency, data, json)
    codes = {EXITS.get(end, FAILED) for end in ended} | ({FAILED} if not whole else {0})
    leave(FAILED if FAILED in codes else WAITING if WAITING in codes else 0)


@tickets.command(name="list")
def list_(
    limit: Limit = 20,
    closed: Annotated[bool, typer.Option("--closed", help="Those that are closed.")] = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """List the open tickets, newest first."""
    from switchboard.console.terminal.tickets.lists import show_list

    show_list(limit, data, json, closed=closed)


@tickets.command()
def show(number: Number, json: Json = False, data: Data = None) -> None:
    """Show a ticket: what a person must know, its deadlines, the draft of an answer, and its case."""
    from switchboard.console.terminal.tickets.lists import show_ticket

    show_ticket(number, data, json)


@tickets.command()
def assign(
    number: Number,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="Who gets it; else you.")] = "",
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Give a ticket to somebody."""
    from switchboard.console.terminal.tickets.lists import assign_ticket

    assign_ticket(number, to, name, data, json)


@tickets.command()
def close(number: Number, why: Why, name: Name = "", json: Json = False, data: Data = None) -> None:
    """Close a ticket that is settled; later ones like it are shown how."""
    from switchboard.console.terminal.tickets.lists import close_ticket

    close_ticket(number, text(why, "--why is empty. Say how it was settled."), name, data, json)


@tickets.command()
def reopen(number: Number, why: Why, name: Name = "", json: Json = False, data: Data = None) -> None:
    """Open a closed ticket again; its deadlines begin anew."""
    from switchboard.console.terminal.tickets.lists import reopen_ticket

    reopen_ticket(number, text(why, "--why is empty. Say what is left to do."), name, data, json)
