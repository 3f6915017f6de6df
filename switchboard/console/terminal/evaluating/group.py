"""What `eval` is given: an evaluation of the program, one that the project adds, or a file whose lines say which."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from switchboard.console.asked import asked
from switchboard.console.terminal.projects import project_of_command
from switchboard.errors import SwitchboardError

NAME = "eval"


class EvaluationGroup(TyperGroup):
    """The commands of `eval`. A project's are those of its own command of that name."""

    def list_commands(self, ctx: Any) -> list[str]:
        from switchboard.project import commands_in, find_project

        with suppress(SwitchboardError):  # help is there for whoever has something to mend, too
            self._add(commands_in(find_project(asked.named())).get(NAME))
        return super().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands:
            self._add(project_of_command().setup.commands.get(NAME))
        return self.commands.get(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """A file stands for the command that measures with it, which then reads it."""
        if args[0] not in self.commands and Path(args[0]).is_file():
            from switchboard.evaluations.files import measured_with

            name = measured_with(Path(args[0]))
            return name, self.get_command(ctx, name), args
        return super().resolve_command(ctx, args)

    def _add(self, app: typer.Typer | None) -> None:
        if app is not None:
            together = typer.Typer(add_completion=False)
            together.add_typer(app, name=NAME)
            added: Any = typer.main.get_group(together)
            for name, command in added.commands[NAME].commands.items():
                self.commands.setdefault(name, command)
