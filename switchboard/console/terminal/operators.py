"""The commands of operators: look at cases, go on with them, decide what waits, take them over, and work on many."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from switchboard.console.terminal.cli import DONE, EXITS, FAILED, WAITING, Data, Json, app, finish
from switchboard.errors import OperatorError

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="The case's id, a clear beginning of it, or the id of a run.")]
Name = Annotated[str, typer.Option("--as", metavar="NAME", help="Who decides; SWITCHBOARD_OPERATOR, else your account.")]
Hash = Annotated[str, typer.Option("--for", metavar="HASH", help="The call that is meant, as `approvals` shows it.")]
InsteadOf = Annotated[str, typer.Option("--from", metavar="NAME", help="Who has it, and can give it back no more.")]
PANEL, MANY = "For operators", "For many cases"
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")]
Search = Annotated[str, typer.Option(metavar="WORDS", help="Those where all of these, or words that begin so, are found.")]
Concurrency = Annotated[int, typer.Option(min=1, max=500, metavar="N", help="How many cases this process works on at a time.")]


@app.command(rich_help_panel=PANEL)
def cases(limit: Limit = 20, search: Search = "", json: Json = False, data: Data = None) -> None:
    """List the cases, newest first."""
    from switchboard.console.terminal.cases import list_cases

    list_cases(limit, search, data, json)


@app.command(rich_help_panel=PANEL)
def runs(limit: Limit = 20, json: Json = False, data: Data = None) -> None:
    """List the runs, newest first: a run is a stretch of a case between two words or decisions of people."""
    from switchboard.console.terminal.cases import list_runs

    list_runs(limit, data, json)


@app.command(rich_help_panel=PANEL)
def show(case_id: CaseId, json: Json = False, data: Data = None) -> None:
    """Show a case: its transcript, how it ended or how far it is, what it cost, and what waits; or a ticket (T000005)."""
    from switchboard.tickets.rows import numbered

    if numbered(case_id) is not None:
        from switchboard.console.terminal.tickets.lists import show_ticket

        show_ticket(case_id, data, json)
        return
    from switchboard.console.terminal.cases import show as show_case

    show_case(case_id, data, json)


@app.command(rich_help_panel=PANEL)
def approvals(
    limit: Annotated[int, typer.Option(min=1, help="How many, the nearest deadline first.")] = 20,
    json: Json = False,
    data: Data = None,
) -> None:
    """List the calls that wait for an operator, the nearest deadline first, which is the oldest; it says how many more wait."""
    from switchboard.console.terminal.approvals import list_approvals

    list_approvals(limit, data, json)


@app.command(rich_help_panel=PANEL)
def approve(
    case_id: CaseId,
    name: Name = "",
    edited: Annotated[str, typer.Option("--with", metavar="JSON", help="Arguments to change, as a JSON object.")] = "",
    bound: Hash = "",
    seen: Annotated[int, typer.Option(min=0, help="With --for: of what the customer wrote since, how much you read.")] = 0,
    json: Json = False,
    data: Data = None,
) -> None:
    """Approve the call that a case waits for: shown first, and asked for unless --for names it."""
    from switchboard.console.terminal.approvals import approve as approve_call

    document = approve_call(case_id, name, edited, bound, seen, data, json)
    if document is None:
        raise typer.Exit(WAITING)
    finish(document)


@app.command(rich_help_panel=PANEL)
def deny(
    case_id: CaseId,
    why: Annotated[str, typer.Option(help="The reason; the agent hears it.")],
    name: Name = "",
    bound: Hash = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Refuse the call that a case waits for."""
    from switchboard.console.terminal.approvals import deny as deny_call

    why = text(why, "--why is empty. Say why, so that the agent can tell the customer.")
    finish(deny_call(case_id, name, why, bound, data, json))


@app.command(rich_help_panel=PANEL)
def take(case_id: CaseId, name: Name = "", instead_of: InsteadOf = "", json: Json = False, data: Data = None) -> None:
    """Take a case over: the agents fall silent, and the customer's messages come to you."""
    from switchboard.console.terminal.cases import take as take_case

    take_case(case_id, name, instead_of, data, json)


@app.command(rich_help_panel=PANEL)
def say(
    case_id: CaseId,
    message: Annotated[str, typer.Argument(help="What you tell the customer; - reads it from standard input.")],
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Speak to the customer of a case that you have taken over, or that the agents have handed to a human."""
    from switchboard.console.terminal.cases import speak
    from switchboard.console.terminal.cli import words

    speak(case_id, name, words(message), data, json)


@app.command(rich_help_panel=PANEL)
def hand_back(
    case_id: CaseId,
    note: Annotated[str, typer.Option(help="What the agents must know; the customer does not see it.")],
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Give a case back to the agents, with a note."""
    from switchboard.console.terminal.cases import hand_back as give_back

    finish(give_back(case_id, name, text(note, "The note is empty. Say what you settled and what is left to do."), data, json))


@app.command(rich_help_panel=PANEL)
def resume(
    case_id: Annotated[str, typer.Argument(metavar="[CASE]", show_default=False, help="The case.")] = "",
    all_of_them: Annotated[bool, typer.Option("--all", help="Every case that was cut off.")] = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """Go on with what was cut off, such as by a killed process or a power cut."""
    from switchboard.console.terminal.cases import resume as resume_one
    from switchboard.console.terminal.cases import resume_all

    if bool(case_id) == all_of_them:
        raise OperatorError("Name one case, or give --all. `switchboard cases` lists them.")
    if case_id:
        finish(resume_one(case_id, data, json))
    ends = [document["end"] for document in resume_all(data, json)]
    if any(end in ("failed", "limit", "loop", "cancelled") for end in ends):
        raise typer.Exit(FAILED)
    raise typer.Exit(WAITING if any(end in (None, "awaiting_customer", "awaiting_approval") for end in ends) else DONE)


@app.command(rich_help_panel=PANEL)
def cancel(case_id: CaseId, name: Name = "", json: Json = False, data: Data = None) -> None:
    """End a case that is not over; the customer is told what was done and what was not."""
    from switchboard.console.terminal.cases import cancel as cancel_case

    document = cancel_case(case_id, name, data, json)
    raise typer.Exit(DONE if document["end"] == "cancelled" else WAITING if document["end"] is None else FAILED)


@app.command(rich_help_panel=PANEL)
def replay(case_id: CaseId, json: Json = False, data: Data = None) -> None:
    """Rebuild a case from its record, with no model and no tool called, and tell whether today's code goes another way."""
    from switchboard.console.terminal.cases import replay as replay_case

    raise typer.Exit(DONE if replay_case(case_id, data, json) else FAILED)


@app.command(rich_help_panel=PANEL)
def fork(
    case_id: CaseId,
    number: Annotated[
        int | None, typer.Option("--from", min=1, metavar="N", help="The line to go on from; else list them.")
    ] = None,
    words: Annotated[str, typer.Option("--with", metavar="WORDS", help="In place of the customer's words at that line.")] = "",
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Go on from a line of a case as a new case, with other words or today's code; nothing before it is paid or done again."""
    from switchboard.console.terminal.cases import fork_case, list_lines

    if number is None:
        list_lines(case_id, data, json)
    else:
        finish(fork_case(case_id, number, text(words, "--with is empty.") if words else "", name, data, json))


@app.command(rich_help_panel=PANEL)
def notifications(
    limit: Limit = 20,
    test: Annotated[bool, typer.Option("--test", help="Send a test to each URL of the project.")] = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """List who was notified of the cases that wait for a person, newest first, and what did not go out."""
    from switchboard.console.terminal.notifications import list_notifications, try_out

    if not test:
        list_notifications(limit, data, json)
    elif not try_out(data, json):
        raise typer.Exit(FAILED)


@app.command(rich_help_panel=PANEL)
def clean_up(
    older_than: Annotated[int, typer.Option(min=0, max=36_500, metavar="DAYS", help="Of cases that are over for longer.")] = 90,
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Delete the recorded steps of cases that are long over; what was said and done stays."""
    from switchboard.console.terminal.cases import clean_up as delete_steps

    delete_steps(older_than, name, data, json)


@app.command(rich_help_panel=MANY)
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
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from switchboard.console.terminal.workers import leave, work

        work(concurrency, all_together, rate, grace, data, json)
    except KeyboardInterrupt:  # before it heard signals itself: nothing was taken
        typer.echo("Stopped. Nothing was left undone here.", err=True)
        raise typer.Exit(DONE) from None
    leave(DONE)


@app.command(rich_help_panel=MANY)
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
    mail: Annotated[bool, typer.Option("--mail", help="FILE is a mail, a folder of .eml files, or a mailbox (mbox).")] = False,
    data: Data = None,
) -> None:
    """Put a file of messages on the queue as cases. The same id twice, today or in a year, is one case with one result.

    Where no worker is alive, this command works on the queue itself.
    """
    from switchboard.console.terminal.workers import leave
    from switchboard.console.terminal.workers import submit as submit_file

    ended, waited = submit_file(str(file), wait, out, priority, concurrency, data, mail=mail)
    codes = {EXITS.get(end, FAILED) for end in ended} | ({DONE} if waited else {FAILED})
    leave(FAILED if FAILED in codes else WAITING if WAITING in codes else DONE)


def text(given: str, otherwise: str) -> str:
    """A text that is not empty. Raises OperatorError with the sentence that says what is missing."""
    from switchboard.events.masking import spoken

    found = spoken(given)
    if not found:
        raise OperatorError(otherwise)
    return found


import switchboard.console.terminal.accounts.commands  # noqa: E402
import switchboard.console.terminal.outcomes.commands  # noqa: E402
import switchboard.console.terminal.protocols.commands  # noqa: E402
import switchboard.console.terminal.running.commands  # noqa: E402
import switchboard.console.terminal.watching.commands  # noqa: E402, F401 - they register their commands, too
