"""The commands of operators: look at runs, go on with them, decide what waits, take cases over."""

from typing import Annotated

import typer

from switchboard.console.terminal.cli import DONE, FAILED, WAITING, Data, Json, app, finish
from switchboard.errors import OperatorError

RunId = Annotated[str, typer.Argument(metavar="RUN", help="The run's id, or an unambiguous beginning of it.")]
Name = Annotated[str, typer.Option("--as", metavar="NAME", help="Who decides; SWITCHBOARD_OPERATOR, else your account.")]
Hash = Annotated[str, typer.Option("--for", metavar="HASH", help="The call that is meant, as `approvals` shows it.")]
PANEL = "For operators"


@app.command(rich_help_panel=PANEL)
@app.command("cases", rich_help_panel=PANEL)
def runs(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    json: Json = False,
    data: Data = None,
) -> None:
    """List the runs, newest first."""
    from switchboard.console.terminal.commands import list_runs

    list_runs(limit, data, json)


@app.command(rich_help_panel=PANEL)
def show(case_id: RunId, json: Json = False, data: Data = None) -> None:
    """Show a run: its transcript, how it ended or how far it is, what it cost, and what it waits for."""
    from switchboard.console.terminal.commands import show_one

    show_one(case_id, data, json)


@app.command(rich_help_panel=PANEL)
def approvals(json: Json = False, data: Data = None) -> None:
    """List the calls that wait for an operator, the nearest deadline first."""
    from switchboard.console.terminal.approving import list_approvals

    list_approvals(data, json)


@app.command(rich_help_panel=PANEL)
def approve(
    case_id: RunId,
    name: Name = "",
    edited: Annotated[str, typer.Option("--with", metavar="JSON", help="Arguments to change, as a JSON object.")] = "",
    bound: Hash = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Approve the call that a run waits for: shown first, and asked for unless --for names it."""
    from switchboard.console.terminal.approving import approve as approve_call

    document = approve_call(case_id, name, edited, bound, data, json)
    if document is None:
        raise typer.Exit(WAITING)
    finish(document)


@app.command(rich_help_panel=PANEL)
def deny(
    case_id: RunId,
    why: Annotated[str, typer.Option(help="The reason; the agent hears it.")],
    name: Name = "",
    bound: Hash = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Refuse the call that a run waits for."""
    from switchboard.console.terminal.approving import deny as deny_call

    finish(
        deny_call(
            case_id, name, text(why, "--why is empty. Say why, so that the agent can tell the customer."), bound, data, json
        )
    )


@app.command(rich_help_panel=PANEL)
def take(case_id: RunId, name: Name = "", json: Json = False, data: Data = None) -> None:
    """Take a case over: the agents fall silent, and the customer's messages come to you."""
    from switchboard.console.terminal.takeover import take as take_case

    take_case(case_id, name, data, json)


@app.command(rich_help_panel=PANEL)
def say(
    case_id: RunId,
    message: Annotated[str, typer.Argument(help="What you tell the customer; - reads it from standard input.")],
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Speak to the customer of a case that you have taken over, or that the agents have handed to a human."""
    from switchboard.console.terminal.cli import words
    from switchboard.console.terminal.takeover import speak

    speak(case_id, name, words(message), data, json)


@app.command(rich_help_panel=PANEL)
def hand_back(
    case_id: RunId,
    note: Annotated[str, typer.Option(help="What the agents must know; the customer does not see it.")],
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Give a case back to the agents, with a note."""
    from switchboard.console.terminal.takeover import hand_back as give_back

    finish(give_back(case_id, name, text(note, "The note is empty. Say what you settled and what is left to do."), data, json))


@app.command(rich_help_panel=PANEL)
def resume(
    case_id: Annotated[str, typer.Argument(metavar="[RUN]", show_default=False, help="The run.")] = "",
    all_of_them: Annotated[bool, typer.Option("--all", help="Every run that was cut off.")] = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """Go on with what was cut off, such as by a killed process or a power cut."""
    from switchboard.console.terminal.recovery import resume as resume_one
    from switchboard.console.terminal.recovery import resume_all

    if bool(case_id) == all_of_them:
        raise OperatorError("Name one run, or give --all. `switchboard runs` lists them.")
    if case_id:
        finish(resume_one(case_id, data, json))
    ends = [document["end"] for document in resume_all(data, json)]
    if any(end in ("failed", "limit", "loop", "cancelled") for end in ends):
        raise typer.Exit(FAILED)
    raise typer.Exit(WAITING if any(end in (None, "awaiting_customer", "awaiting_approval") for end in ends) else DONE)


@app.command(rich_help_panel=PANEL)
def cancel(case_id: RunId, name: Name = "", json: Json = False, data: Data = None) -> None:
    """End a case that is not over; the customer is told what was done and what was not."""
    from switchboard.console.terminal.recovery import cancel as cancel_case

    document = cancel_case(case_id, name, data, json)
    raise typer.Exit(DONE if document["end"] == "cancelled" else WAITING if document["end"] is None else FAILED)


@app.command(rich_help_panel=PANEL)
def replay(case_id: RunId, json: Json = False, data: Data = None) -> None:
    """Rebuild a run from its record, with no model and no tool called, and tell whether today's code goes another way."""
    from switchboard.console.terminal.recovery import replay as replay_run

    raise typer.Exit(DONE if replay_run(case_id, data, json) else FAILED)


@app.command(rich_help_panel=PANEL)
def clean_up(
    older_than: Annotated[int, typer.Option(min=0, metavar="DAYS", help="Of runs that are over for longer.")] = 90,
    json: Json = False,
    data: Data = None,
) -> None:
    """Delete the recorded steps of runs that are long over; what was said and done stays."""
    from switchboard.console.terminal.recovery import clean_up as delete_steps

    delete_steps(older_than, data, json)


def text(given: str, otherwise: str) -> str:
    """A text that is not empty. Raises OperatorError with the sentence that says what is missing."""
    from switchboard.events.masking import spoken

    found = spoken(given)
    if not found:
        raise OperatorError(otherwise)
    return found
