"""The commands that measure a project: eval scenarios, twins, injections, flagged, compare."""

from pathlib import Path
from typing import Annotated

import typer

from switchboard.console.terminal.projects import folder

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, everything else on stderr.")]
Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", parser=folder, help="The folder that holds the database.")]
Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Scenarios; all of them without a name.")]
Times = Annotated[int, typer.Option("--trials", min=1, max=100, help="How often each is tried, on fresh rows each time.")]
RulesOnly = Annotated[bool, typer.Option("--without-model", help="By rules alone, though models are configured.")]
Keep = Annotated[bool, typer.Option("--keep", help="Keep it in the database; the page /evaluations sets two side by side.")]
MISSED = 1  # as of other commands: something did not come out as told


def add_to(evaluate: typer.Typer) -> None:
    """Add these to the commands of `eval`."""
    for command in (scenarios, twins, injections, flagged, compare):
        evaluate.command()(command)


def scenarios(
    names: Names = None,
    trials: Times = 1,
    without_model: RulesOnly = False,
    keep: Keep = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """How many scenarios end as told: by rules, and with the models that are configured."""
    from switchboard.console.terminal.evaluating.showing import evaluate_scenarios

    told = {"with_models": not without_model, "json": json, "keep": keep}
    raise typer.Exit(evaluate_scenarios("scenarios", names or (), trials, data, **told))


def twins(
    names: Names = None,
    trials: Times = 1,
    without_model: RulesOnly = False,
    keep: Keep = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """How many scenarios end as told in each of four forms: as written, reworded, pressed, the deciding fact changed."""
    from switchboard.console.terminal.evaluating.showing import evaluate_scenarios

    told = {"with_models": not without_model, "json": json, "keep": keep}
    raise typer.Exit(evaluate_scenarios("twins", names or (), trials, data, **told))


def injections(
    file: Annotated[Path | None, typer.Argument(help="Lines of JSON: id, text, calls. Else the project's own.")] = None,
    team: Annotated[str, typer.Option("--team", metavar="NAME", help="A team of the project; else its default.")] = "",
    without_model: RulesOnly = False,
    keep: Keep = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """Of the calls that injected texts want: which are done by rules, by a model that obeys them, and by those configured."""
    from switchboard.console.terminal.evaluating.showing import evaluate_injections

    raise typer.Exit(evaluate_injections(file, team, data, with_models=not without_model, json=json, keep=keep))


def flagged(json: Json = False, data: Data = None) -> None:
    """Which turns that were flagged are other today: each case rebuilt from its record, with no model and no tool called."""
    from switchboard.console.terminal.evaluating.showing import evaluate_flagged_turns

    raise typer.Exit(evaluate_flagged_turns(data, json))


def compare(
    before: Annotated[str, typer.Argument(help="What `--json` wrote earlier, or the number of one that `--keep` kept.")],
    after: Annotated[str, typer.Argument(help="What it wrote now, or a number.")],
    json: Json = False,
    data: Data = None,
) -> None:
    """Which cases pass more often, or less, than they did in another evaluation."""
    from switchboard.console.terminal.evaluating.showing import compare_evaluations

    raise typer.Exit(compare_evaluations(before, after, data, json))
