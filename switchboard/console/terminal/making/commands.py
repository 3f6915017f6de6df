"""The commands by which a project is made and measured: new, learn, eval, messages, schema, pin, sample."""

from pathlib import Path
from typing import Annotated

import typer

from switchboard.console.asked import asked
from switchboard.console.terminal.evaluating import commands as evaluating
from switchboard.console.terminal.evaluating.group import EvaluationGroup
from switchboard.console.terminal.projects import folder

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, everything else on stderr.")]
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", parser=folder, help="The folder that holds the database.")]
Name = Annotated[str, typer.Argument(help="What it is called; the file is called like it.")]

PANEL = "For a project of your own"
new = typer.Typer(help="Write a project, or a part of one, in its right shape.", no_args_is_help=True)
evaluate = typer.Typer(
    cls=EvaluationGroup,
    help="How well the project does, measured. In place of a command: a FILE for `routing` or `injections`.",
    no_args_is_help=True,
)
sample = typer.Typer(help="The project's sample rows.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program's."""
    app.add_typer(sample, name="sample")
    app.add_typer(new, name="new", rich_help_panel=PANEL)
    app.add_typer(evaluate, name="eval", rich_help_panel=PANEL)
    evaluating.add_to(evaluate)
    for command in (learn, messages, schema, pin):
        app.command(rich_help_panel=PANEL)(command)


@new.command()
def project(
    name: Annotated[str, typer.Argument(help="Its folder, which is made in the current one.")],
    sample: Annotated[bool, typer.Option("--sample", help="A copy of the sample project instead, for your own rows.")] = False,
) -> None:
    """A small desk that runs at once: two departments, a tool, a play, a scenario, articles, a policy, tests."""
    from switchboard.console.terminal.making.new import new_project

    made = new_project(name, Path.cwd(), like_sample=sample)
    then = f"  cd {name}\n  switchboard demo\n  switchboard check"
    more = "Its `switchboard.toml` says how your own numbers are declared." if sample else f"{made / 'README.md'} says more."
    typer.echo(f"{made} is written. Go on with:\n\n{then}\n\n{more}")


def _part(kind: str, says: str) -> None:
    def write(name: Name) -> None:
        from switchboard.console.terminal.making.new import new_part

        new_part(kind, name, asked.named())

    write.__doc__ = says
    new.command(kind)(write)


for _kind, _says in {
    "agent": "An agent of your own, in agents/.",
    "tool": "A noun with a tool, in tools/.",
    "team": "A team, in groupchats/.",
    "scenario": "A story that runs, in scenarios/.",
    "play": "A kind of request and what becomes of it, in agents/plays/.",
}.items():
    _part(_kind, _says)


def learn(json: Json = False) -> None:
    """Learn the departments from their examples, and keep what was learned beside the project."""
    from switchboard.console.terminal.making.learning import learn_project

    learn_project(json)


@evaluate.command()
def routing(
    file: Annotated[Path, typer.Argument(help='Lines of JSON with a "text" and its "department" (or "label").')],
    json: Json = False,
) -> None:
    """How many messages of a file the rules bring to their department."""
    from switchboard.console.terminal.making.learning import evaluate_routing

    evaluate_routing(file, json)


def messages(json: Json = False) -> None:
    """List the program's own sentences by language and id, which `messages` of a project's file may replace."""
    from switchboard.console.terminal.making.learning import list_messages

    list_messages(json)


def schema(
    markdown: Annotated[bool, typer.Option("--markdown", help="As a page for people, in Markdown.")] = False,
) -> None:
    """Print the JSON Schema of switchboard.toml, for editors."""
    from switchboard.tables.schema import reference, schema_text

    typer.echo(reference() if markdown else schema_text(), nl=False)


def pin(
    name: Annotated[str | None, typer.Argument(help="One of its sources of tools; all of them without it.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what changed, and keep what is pinned.")] = False,
    json: Json = False,
) -> None:
    """Tell what other sides describe otherwise than it is pinned, and take it over."""
    from switchboard.console.terminal.making.sides import pin_sources

    pin_sources(name, keep=not dry_run, json=json)


@sample.command()
def load(json: Json = False, data: Data = None) -> None:
    """Fill the database with the project's sample rows, where it holds none yet."""
    from switchboard.console.terminal.commands import fill_with_sample

    fill_with_sample(data, json)
