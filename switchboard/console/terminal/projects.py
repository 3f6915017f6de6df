"""The command line of a project: `--project` and `--trace` before or behind any command, and the commands that it adds."""

from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from switchboard.console.asked import asked
from switchboard.errors import SwitchboardError

if TYPE_CHECKING:
    from switchboard.project import Project

OPTION, TRACE = "--project", "--trace"


def ask_for(folder: Path | None) -> Path | None:
    """Take note of what was given; each command begins with it, so nothing is left of the one before."""
    asked.folder = folder
    return folder


def ask_for_trace(wanted: bool) -> bool:
    asked.trace = wanted
    return wanted


def project_of_command() -> "Project":
    """The project that this command works in, opened. Raises OperatorError."""
    from switchboard.project import find_project, open_project

    return open_project(find_project(asked.named()))


class ProjectGroup(TyperGroup):
    """The commands of the program, and those of the project, which is opened only where one of them is asked for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, put_first(args))

    def list_commands(self, ctx: Any) -> list[str]:
        from switchboard.project import commands_in, find_project

        with suppress(SwitchboardError):  # help is there for whoever has something to mend, too
            self._add(commands_in(find_project(asked.named())))
        return super().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands:
            self._add(project_of_command().setup.commands)
        command = self.commands.get(cmd_name)
        if command:
            self._show_option_on(command)
        if command and ctx:  # who asks for a command without one shows no help
            self._say_what_is_given(ctx, command)
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self._say_what_is_given(ctx, self)
        super().format_help(ctx, formatter)

    def _say_what_is_given(self, ctx: Any, command: Any) -> None:
        """Have the help of a command, and of those below it, name no type behind a flag, behind which nothing is written."""
        for below in getattr(command, "commands", {}).values():
            self._say_what_is_given(ctx, below)
        for option in (*command.params, command.get_help_option(ctx)):
            if getattr(option, "is_flag", False):
                option.metavar = ""

    def _add(self, commands: Mapping[str, typer.Typer]) -> None:
        """Add a project's commands; where one is called like one of the program's, that comes first."""
        if not commands:
            return
        together = typer.Typer(add_completion=False)
        for name, app in commands.items():
            together.add_typer(app, name=name)
        added: Any = typer.main.get_command(together)
        for name, command in added.commands.items():
            self.commands.setdefault(name, command)

    def _show_option_on(self, command: Any) -> None:
        """Have the help of a command, and of those below it, name the options; `put_first` has taken them by then."""
        for below in getattr(command, "commands", {}).values():
            self._show_option_on(below)
        for name in (OPTION, TRACE):
            if not any(name in option.opts for option in command.params):
                shown = copy(next(option for option in self.params if name in option.opts))
                shown.expose_value, shown.callback = False, None
                command.params.append(shown)


def put_first(args: list[str]) -> list[str]:
    """The arguments with `--project DIR` and `--trace` before the command, wherever they stood before a `--`.

    A command of the project can only be looked up once the project is known.
    """
    end = args.index("--") if "--" in args else len(args)
    first, rest = [], []
    words = iter(args[:end])
    for word in words:
        if word == OPTION:
            first += [word, *[value for value in (next(words, None),) if value is not None]]
        elif word == TRACE or word.startswith(f"{OPTION}="):
            first.append(word)
        else:
            rest.append(word)
    return [*first, *rest, *args[end:]]


def folder(given: str) -> Path:
    """A folder that is named. One without a name would be the current one, which nobody meant who wrote `"$NOT_SET"`."""
    if not given.strip():
        raise typer.BadParameter("it is empty. Name a folder; the current one is `.`")
    return Path(given)


ProjectOption = Annotated[
    Path | None,
    typer.Option(
        OPTION,
        metavar="DIR",
        parser=folder,
        help="The project's folder; else the current one's, else the sample.",
        callback=ask_for,
        is_eager=True,  # before --help, which lists the project's commands
    ),
]


def allow_code(wanted: bool) -> bool:
    asked.allows_code = wanted
    return wanted


AllowCode = Annotated[
    bool,
    typer.Option("--allow-code", help="Let agents run code, in a sandbox, as the approvals say.", callback=allow_code),
]


def allow_web(wanted: bool) -> bool:
    asked.allows_web = wanted
    return wanted


AllowWeb = Annotated[
    bool,
    typer.Option(
        "--web", help="Search the web, too, and read the pages that [web] in switchboard.toml allows.", callback=allow_web
    ),
]
TraceOption = Annotated[
    bool,
    typer.Option(
        TRACE, help="Show every step: calls, results, handoffs, citations and costs.", callback=ask_for_trace, is_eager=True
    ),
]
