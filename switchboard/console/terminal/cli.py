"""The command line. It parses, calls and shows; what the commands do is in the modules that they import."""

import atexit
import errno
import gc
import io
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from switchboard.characters import visible
from switchboard.console.streams import open_closed_streams, stop_when_the_terminal_closes
from switchboard.console.terminal.making import commands as making
from switchboard.console.terminal.projects import AllowCode, AllowWeb, ProjectGroup, ProjectOption, TraceOption, folder
from switchboard.console.terminal.reports.forms import Form
from switchboard.errors import OperatorError, SwitchboardError

if TYPE_CHECKING:
    from switchboard.declare.document import Document


def heard(given: str) -> str:
    """An argument as text: what is no character in it is replaced."""
    return given.encode("utf-8", "replace").decode().replace("\x00", "").strip()


app = typer.Typer(
    cls=ProjectGroup,
    help="Agents who work on cases together, as a group chat: on real rows, with or without a model.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
making.add_to(app)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, everything else on stderr.")]
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", parser=folder, help="The folder that holds the database.")]
Email = Annotated[str, typer.Option(parser=heard, help="The customer's e-mail address, if it is known.")]
Case = Annotated[str, typer.Option("--case", "--run", metavar="CASE", help="The case that the customer comes back to.")]
TeamName = Annotated[str, typer.Option("--team", metavar="NAME", parser=heard, help="A team of the project; else its default.")]


class HumanInput(StrEnum):  # AutoGen's modes
    never = "never"
    terminate = "terminate"
    always = "always"


DONE, FAILED, USAGE, WAITING = 0, 1, 2, 3
EXITS: dict[str | None, int] = dict.fromkeys(("resolved", "escalated", "ignored"), DONE)
EXITS |= dict.fromkeys(("awaiting_customer", "awaiting_approval", None), WAITING)  # others, such as not_found, are FAILED
INTERRUPTED = 130  # what typer makes of Ctrl-C
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def tell_version(wanted: bool) -> None:
    if wanted:
        print_version(json=False)
        raise typer.Exit(DONE)


def print_version(*, json: bool) -> None:
    from importlib.metadata import version as version_of

    from switchboard.console.terminal.screen import show_json

    number = version_of("switchboard-desk")
    show_json({"version": number}) if json else typer.echo(f"switchboard {number}")


Version = Annotated[bool, typer.Option("--version", "-V", help="Print the version.", callback=tell_version, is_eager=True)]


@app.callback()
def _switchboard(project: ProjectOption = None, trace: TraceOption = False, version: Version = False) -> None:
    """These options say what is done with them; all else is the commands'."""


@app.command()
def demo(json: Json = False, data: Data = None) -> None:
    """Play the project's demonstration on a fresh copy of its sample: the whole story in one command."""
    from switchboard.console.terminal.commands import play_demo

    finish(play_demo(data, json))


@app.command()
def ask(
    message: Annotated[str, typer.Argument(help="What the customer writes; - reads it from standard input.")],
    email: Email = "",
    case_id: Case = "",
    team: TeamName = "",
    mail: Annotated[bool, typer.Option("--mail", help="What comes is a whole mail (RFC 5322).")] = False,
    allow_code: AllowCode = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """Let the team work on one message of a customer, who may come back to the case with --case."""
    from switchboard.console.terminal.ask import ask_by_mail, ask_team

    if mail:
        if message != "-" or case_id:
            raise OperatorError("A mail is read from standard input, and says itself which case it belongs to: `ask - --mail`.")
        finish(ask_by_mail(team, email, data, json))
    finish(ask_team(team, case_id, words(message), email, data, json))


@app.command()
def chat(
    human: Annotated[HumanInput, typer.Option(help="When the operator is asked.")] = HumanInput.never,
    email: Email = "",
    case_id: Case = "",
    team: TeamName = "",
    allow_code: AllowCode = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """Talk with the team as the customer; with --human always, approve each of its turns as the operator."""
    from switchboard.console.terminal.ask import chat_with_team

    finish(chat_with_team(team, case_id, human.value, email, data, json))


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="A scenario; `switchboard scenarios` lists them.")] = "",
    all_of_them: Annotated[bool, typer.Option("--all", help="Every scenario, one after the other.")] = False,
    allow_code: AllowCode = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """Run a scenario on a fresh copy of the project's sample, and check that it ends as told."""
    from switchboard.console.terminal.commands import play_all, play_one

    if bool(name) == all_of_them:
        raise OperatorError("Name one scenario, or give --all. `switchboard scenarios` lists them.")
    complaints = play_all(data, json) if all_of_them else play_one(name, data, json)[1]
    raise typer.Exit(FAILED if complaints else DONE)


@app.command()
def scenarios(json: Json = False, data: Data = None) -> None:
    """List the scenarios."""
    from switchboard.console.terminal.commands import list_scenarios

    list_scenarios(json)


@app.command()
def research(
    question: Annotated[str, typer.Argument(help="What the report shall answer.")],
    sources: Annotated[Path | None, typer.Option(help="A folder of documents.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the report to this file: .md, .html or .json.")] = None,
    form: Annotated[Form | None, typer.Option("--format", help="Its form, where the file's name does not say it.")] = None,
    web: AllowWeb = False,
    allow_code: AllowCode = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """Write a report from a folder of sources, each sentence of which leads to a quote in them."""
    from switchboard.console.terminal.reports.research import research_report

    finish(research_report(words(question), sources, out, form, data, json))


@app.command()
def route(
    message: Annotated[str, typer.Argument(help="One message.")] = "",
    file: Annotated[Path | None, typer.Option(help='Lines of JSON with a "text" and an "id".')] = None,
    json: Json = False,
    data: Data = None,
) -> None:
    """Tell which department a message belongs to, by the rules alone."""
    from switchboard.console.terminal.routing import route_file, route_one

    if (file is None) == (not message):
        raise OperatorError("Give one message, or --file with lines of JSON.")
    if file is None:
        route_one(words(message), json)
    elif route_file(file, json):
        raise typer.Exit(USAGE)


@app.command()
def check(
    json: Json = False,
    data: Data = None,
    live: Annotated[bool, typer.Option("--live", help="Ask other sides, too, by a call each that only reads.")] = False,
) -> None:
    """Tell what is configured, what answers, and what to do about what does not."""
    from switchboard.console.terminal.check import check_all

    raise typer.Exit(check_all(data, json, live))


@app.command()
def version(json: Json = False, data: Data = None) -> None:
    """Print the version."""
    print_version(json=json)


def words(message: str) -> str:
    """The message as text. Raises OperatorError where there is none, or too much of it."""
    from switchboard.events.masking import spoken
    from switchboard.loop.recording.words import MOST_WORDS

    text = spoken(sys.stdin.buffer.read(MOST_WORDS * 4 + 1).decode("utf-8", "replace") if message == "-" else message)
    if not text:
        raise OperatorError("The message is empty. Write it in quotes, or - to read it from standard input.")
    if len(text) > MOST_WORDS:
        raise OperatorError(f"The message has more than {MOST_WORDS:,} characters. Send the part that matters.")
    return text


def drop_what_was_typed() -> None:
    """What somebody wrote to the agents and nobody read, such as the rest of a pasted message, is no command for the shell."""
    module = sys.modules.get("switchboard.console.terminal.live.keyboard")
    if module and module.keyboard.was_read:  # else it is the shell's, typed while the command was at work
        module.keyboard.forget()


def finish(document: "Document") -> None:
    """End the command with the exit code of the case's end."""
    raise typer.Exit(EXITS.get(document["end"], FAILED))


def main() -> None:
    """The command `switchboard`. Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 waiting for a human."""
    # Loading makes hundreds of thousands of objects, which stay. To look through them for garbage again and again, and three
    # times more at the end, is what Python does unless it is told otherwise, and takes as long as half of the rest.
    gc.set_threshold(50_000, 20, 50)
    atexit.register(gc.freeze)
    open_closed_streams()
    stop_when_the_terminal_closes()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a character that cannot be read or shown is no reason to fail
    try:
        try:
            app()
        finally:
            drop_what_was_typed()
            sys.stdout.flush()  # here, where it can be said that there is no room
    except OperatorError as error:
        typer.echo(visible(str(error)), err=True)
        sys.exit(USAGE)
    except SwitchboardError as error:
        typer.echo(visible(f"{error} (to be mended by: {error.who})"), err=True)
        sys.exit(FAILED)
    except SystemExit as ended:
        if ended.code != INTERRUPTED:
            raise
        typer.echo("Stopped.", err=True)
        sys.stdout.flush()
        # Python would wait for threads that are at a model; what they were at is left to the next command.
        os._exit(FAILED)
    except OSError as error:
        if error.errno not in NO_ROOM or error.filename is not None:
            raise
        typer.echo(f"The output could not be written: {error.strerror}. Make room for it, or send it elsewhere.", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Python tries once more, at its end, what could not be written
        sys.exit(FAILED)
    except Exception as error:
        if not (why := _why_away(error)):
            raise
        typer.echo(f"{why} What was being done then was not kept. Mend that, look how it stands, and try again.", err=True)
        sys.exit(USAGE)


def _why_away(error: Exception) -> str:
    """Why the database is away, or has no room, where that is what went wrong; \"\" otherwise."""
    from switchboard.database import is_away

    return f"The database cannot be used now: {str(getattr(error, 'orig', error)).splitlines()[0]}." if is_away(error) else ""


import switchboard.console.terminal.channels.commands  # noqa: E402
import switchboard.console.terminal.tickets.commands  # noqa: E402, F401 - they register their commands on the app above
