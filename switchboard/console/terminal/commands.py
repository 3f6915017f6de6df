"""What the commands do: open the workplace, run, keep, show."""

from dataclasses import replace
from pathlib import Path

from switchboard.console.app import Workplace
from switchboard.console.asked import asked
from switchboard.console.databases import fresh_sample
from switchboard.console.rows import changes, snapshot, tables_of_project
from switchboard.console.sample import load_sample
from switchboard.console.terminal.projects import project_of_command
from switchboard.console.terminal.screen import Seen, out, say, show_json, show_record, show_run, show_table
from switchboard.declare.document import Document
from switchboard.errors import OperatorError
from switchboard.scenario import Scenario, play


def play_demo(data: Path | None, json: bool) -> Document:
    """Play the scenario that is the project's demonstration."""
    return play_one(Workplace(data).project.demo(), data, json)[0]


def play_one(name: str, data: Path | None, json: bool) -> tuple[Document, list[str]]:
    """Play a scenario and show it. Returns its document and what did not come out as told."""
    place = Workplace(data)
    scenario = place.project.scenarios.called(name)
    if scenario.runs_code and not asked.allows_code:
        raise OperatorError(f"The agents of {name} run code. `switchboard run {name} --allow-code` lets them, in a sandbox.")
    if not json:
        out.rule(scenario.title, style="dim")
    document, complaints, rows = _play(place, scenario, watch=not json)
    if json:
        show_record(document)
    else:
        show_run(document, with_transcript=False)
        if rows and asked.trace:
            show_table("Rows changed", ("row", "before", "after"), rows)
        elif rows:
            tables = dict.fromkeys(name.partition(" ")[0] for name, _, _ in rows)
            say(f"Rows changed in {', '.join(tables)}. With --trace they are shown, and every step.")
    for complaint in complaints:
        say(f"{name}: {complaint}")
    return document, complaints


def play_all(data: Path | None, json: bool) -> list[str]:
    """Play every scenario. Returns all that did not come out as told."""
    place = Workplace(data)
    if not place.project.scenarios.names():
        raise OperatorError(f"The project {place.project.file.name} has no scenario to run.")
    every = place.project.scenarios.all()
    if left_out := [s.name for s in every if s.runs_code and not asked.allows_code]:
        say(f"Left out, as code is run only with --allow-code: {', '.join(left_out)}.")
    played = [(s, *_play(place, s, watch=False)[:2]) for s in every if s.name not in left_out]
    if json:
        show_record([document for _, document, _ in played])
    else:
        rows = [(s.name, d["end"], "as told" if not c else "NOT as told", d["model_calls"]) for s, d, c in played]
        show_table("", ("scenario", "end", "result", "model calls"), rows)
    found = [f"{s.name}: {complaint}" for s, _, complaints in played for complaint in complaints]
    for line in found:
        say(line)
    return found


def _play(place: Workplace, scenario: Scenario, *, watch: bool) -> tuple[Document, list[str], list[tuple[str, str, str]]]:
    place.engine  # noqa: B018 - the record needs it, and a scenario must not be played in vain
    with fresh_sample(place.project) as rows:
        tables = tables_of_project(rows) if watch else ()  # what is not watched shows no rows
        before = snapshot(rows, tables)
        limited = replace(scenario, team=place.limited(scenario.team))
        result = play(
            limited,
            rows,
            gateway=place.gateway,
            identity=place.project.file.identity,
            listener=Seen(silent=False) if watch else None,
        )
        place.keep(result)
        return result.document, scenario.complaints(result, rows), changes(before, snapshot(rows, tables))


def list_scenarios(json: bool) -> None:
    found = project_of_command().scenarios.all()
    if json:
        show_json([{"name": s.name, "title": s.title, "team": s.team.name} for s in found])
    else:
        show_table("", ("scenario", "team", "story"), [(s.name, s.team.name, s.title) for s in found])


def fill_with_sample(data: Path | None, json: bool) -> None:
    """Load the project's sample rows into the database that is configured."""
    place = Workplace(data)
    project, loaded = place.project, load_sample(place.engine, place.project)
    if json:
        show_json({"loaded": loaded, "project": project.file.name})
    elif loaded:
        say(f"The sample of {project.file.name} is loaded.")
    else:
        say("Nothing was loaded: there are rows already.")
