"""What the commands do: open the workplace, run, keep, show."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchboard.cases import documents as record
from switchboard.console.app import Workplace, fresh_sample
from switchboard.console.sample import load_sample
from switchboard.console.terminal.projects import project_of_command
from switchboard.console.terminal.rows import changes, snapshot, tables_of_project
from switchboard.console.terminal.screen import out, say, show_entry, show_json, show_run, show_table
from switchboard.errors import OperatorError
from switchboard.events.masking import masked
from switchboard.events.rendering import cut, summary_of
from switchboard.scenario import Scenario, play
from switchboard.search.citations import unresolved
from switchboard.search.index import index_of

if TYPE_CHECKING:
    from switchboard.console.terminal.standing import Standing

Document = dict[str, Any]


def shown(document: Document, json: bool) -> Document:
    """Show how a run ended; its transcript was shown as it came."""
    if json:
        show_json(document)
    else:
        show_run(document, with_transcript=False)
    return document


def play_demo(data: Path | None, json: bool) -> Document:
    """Play the scenario that is the project's demonstration."""
    return play_one(Workplace(data).project.demo(), data, json)[0]


def play_one(name: str, data: Path | None, json: bool) -> tuple[Document, list[str]]:
    """Play a scenario and show it. Returns its document and what did not come out as told."""
    place = Workplace(data)
    scenario = place.project.scenarios.called(name)
    if not json:
        out.rule(scenario.title, style="dim")
    document, complaints, rows = _play(place, scenario, watch=not json)
    if json:
        show_json(document)
    else:
        show_run(document, with_transcript=False)
        if rows:
            show_table("Rows changed", ("row", "before", "after"), rows)
    for complaint in complaints:
        say(f"{name}: {complaint}")
    return document, complaints


def play_all(data: Path | None, json: bool) -> list[str]:
    """Play every scenario. Returns all that did not come out as told."""
    place = Workplace(data)
    played = [(s, *_play(place, s, watch=False)[:2]) for s in place.project.scenarios.all()]
    if json:
        show_json([document for _, document, _ in played])
    else:
        rows = [(s.name, d["end"], "as told" if not c else "NOT as told", d["model_calls"]) for s, d, c in played]
        show_table("", ("scenario", "end", "result", "model calls"), rows)
    found = [f"{s.name}: {complaint}" for s, _, complaints in played for complaint in complaints]
    for line in found:
        say(line)
    return found


def _play(place: Workplace, scenario: Scenario, *, watch: bool) -> tuple[Document, list[str], list[tuple[str, str, str]]]:
    place.engine  # noqa: B018 - the record needs it, and a scenario must not be played in vain
    with fresh_sample(place.project) as shop:
        tables = tables_of_project(shop) if watch else ()  # what is not watched shows no rows
        before = snapshot(shop, tables)
        limited = replace(scenario, team=place.limited(scenario.team))
        result = play(limited, shop, gateway=place.gateway, on_entry=show_entry if watch else None)
        place.keep(result)
        return result.document, scenario.complaints(result, shop), changes(before, snapshot(shop, tables))


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


def list_runs(limit: int, data: Path | None, json: bool) -> None:
    found = record.listing(Workplace(data).engine, limit)
    if json:
        show_json(found)
        return
    if not found:
        say("No runs yet. `switchboard demo` makes the first one.")
        return
    most = max(20, 2 * (out.width - 65))  # what goes into two lines
    rows = [
        (
            r["case_id"],
            r["end"] or "working",
            r["held_by"] or r["department"] or r["team"],
            f"{r['created_at']:%m-%d %H:%M}",
            cut(masked(r["opening"]), most),
        )
        for r in found
    ]
    show_table("", ("run", "end", "with", "UTC", "message"), rows)


def show_one(case_id: str, data: Path | None, json: bool) -> None:
    """Show a run; of one that is not over, what is recorded so far."""
    from switchboard.console.terminal.approving import show_asked
    from switchboard.console.terminal.standing import standing

    place = Workplace(data)
    stand = standing(place.engine, case_id)
    document, stands = (stand.document, "") if stand.end or not stand.run else so_far(place, stand)
    if json:
        show_json({**document, "end": stand.end, "held_by": stand.held_by, "approvals": stand.approvals})
        return
    show_run({**document, "end": stand.end}, with_transcript=True)
    for line in (stands, f"{stand.held_by} has taken the case over." if stand.held_by else ""):
        if line:
            say(line)
    for asked in stand.approvals:
        show_asked(asked)


def so_far(place: Workplace, stand: "Standing") -> tuple[Document, str]:
    """A run that is not over as its recorded steps tell it, and who works on it."""
    from switchboard.cases.cases import RunRef
    from switchboard.cases.entries import steps_of
    from switchboard.cases.runs import read_run
    from switchboard.console.terminal.recovery import worker_on
    from switchboard.engine.heartbeat import alive

    steps = len(steps_of(read_run(place.engine, RunRef(stand.case_id, stand.run)).kept))
    worker = worker_on(place, stand)
    going = (
        f"is being worked on by {worker}" if worker else f"was cut off; `switchboard resume {stand.case_id}` goes on with it"
    )
    if not worker and (alive(place.engine, takes_cases=True) or steps == 0):
        going = f"waits for a worker to take it up; `switchboard resume {stand.case_id}` works on it here"
    return {**stand.document, "reason": ""}, f"This run is not over: it {going}. {steps} steps are recorded."


def research_report(question: str, sources: Path | None, target: Path | None, data: Path | None, json: bool) -> Document:
    """Run the research team, and write its report to a file where one is named."""
    place = Workplace(data)
    team, known = place.project.team_name("research"), sources or place.project.setup.sources
    if known is None:
        raise OperatorError(f"The project {place.project.file.name} has no sources of its own. Name a folder with --sources.")
    index = index_of(known)  # a folder that holds nothing is said before the run, with what to do
    if target is not None and not target.parent.is_dir():
        raise OperatorError(f"The folder {target.parent} does not exist, so the report cannot be written there.")
    with place.worker() as worker:
        ref = worker.open_case(team, question, folder=sources, on_entry=None if json else show_entry)
        document = worker.work(ref)
    for bullet in unresolved(document["reply"], index):
        say(f"This has no source: {bullet}")
    if target is not None:
        try:
            target.write_text(document["reply"] + "\n", encoding="utf-8")
        except OSError as error:
            say(f"The report could not be written to {target}: {error.strerror}. It is kept in the run's record.")
        else:
            say(f"The report is in {target}.")
    if json:
        show_json(document)
    else:
        out.print(summary_of(document), markup=False)
    return document
