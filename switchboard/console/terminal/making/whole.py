"""The parts of a project that its teams do not show: scenarios, plays and agents that nothing names, and its other sides."""

from collections.abc import Iterator
from pathlib import Path

from switchboard.console.terminal.making.sides import doubts
from switchboard.errors import DeclarationError, OperatorError
from switchboard.project import FILE, Project
from switchboard.tables.fields import strange_values
from switchboard.tables.plays import PlayTable
from switchboard.tables.project_file import placed, read_table
from switchboard.tables.team import PLAYS, operations_of, remote_leaves, router_of, sources_of
from switchboard.tables.toml_lines import nearest_line

MOST_OF_ONE = 5


def wrong_parts(project: Project) -> Iterator[tuple[str, str, str]]:
    """What would not work, or is there for nothing: what it is, "wrong" or "odd", and a sentence with the file and the line."""
    yield from (("scenarios", "wrong", sentence) for sentence in dict.fromkeys(_scenarios(project)))
    if project.file.departments:
        yield from _alike(project)
        yield from _plays(project)
        yield from _agents(project)
    yield from doubts(project)
    text = (project.folder / FILE).read_text(encoding="utf-8-sig")
    for name, source in sources_of(project.folder).items():
        try:
            operations_of(project.folder, name)
        except (DeclarationError, OperatorError) as error:
            yield f"tools.{name}", "wrong", str(error)
            continue
        for one in source.problems()[:MOST_OF_ONE]:
            yield f"tools.{name}", "wrong", f"{FILE}, line {nearest_line(text, ('tools', name, *one.at))}: {one}"


def _scenarios(project: Project) -> Iterator[str]:
    for name in project.scenarios.names():
        try:
            found = project.scenarios.called(name)
        except (DeclarationError, OperatorError) as error:
            yield str(error)
        else:
            if found.name != name:
                yield f"scenarios/{name}.py declares a scenario called {found.name!r}. Call it like its file."


def _alike(project: Project) -> Iterator[tuple[str, str, str]]:
    """Departments that have the same example: rules can tell neither from the other by it."""
    whose: dict[str, str] = {}
    for sentence, name in router_of(project.folder, project.file).rows:
        other = whose.setdefault(sentence, name)
        if name and other and other != name:
            yield (
                "departments",
                "odd",
                f"{other} and {name} have the same example {sentence!r}: it tells neither from the other.",
            )
            return


def _plays(project: Project) -> Iterator[tuple[str, str, str]]:
    """What plays hold fields against that these never have, and the plays that no department names, read all the same."""
    named = {play for table in project.file.departments.values() for play in table.plays}
    ids = {kind: table.made() for kind, table in project.file.ids.items()}
    for path in sorted((project.folder / PLAYS).glob("*.toml")):
        where = path.relative_to(project.folder)
        if path.stem in named:
            text, table = path.read_text(encoding="utf-8-sig"), read_table(path, PlayTable)
            for one in strange_values(table, remote_leaves(project.folder)):
                state = "wrong" if one.at[0] == "conditions" else "odd"
                yield "plays", state, f"{where}, line {nearest_line(text, one.at)}: {one}"
            continue
        yield "plays", "odd", f"{where} is no department's: name it in `plays` of one, or nothing does it."
        try:
            with placed(path, str(where)):
                read_table(path, PlayTable).made(path.stem, ids, "A person does it.")
        except (DeclarationError, OperatorError) as error:
            yield "plays", "wrong", str(error)


def _agents(project: Project) -> Iterator[tuple[str, str, str]]:
    named = {table.agent for table in project.file.departments.values()}
    if (project.folder / "groupchats" / "desk.py").is_file():
        return  # the team is made in Python, and names them there
    for path in sorted((project.folder / "agents").glob("*.py")):
        if path.stem != "__init__" and f"agents.{path.stem}" not in named and _declares_agent(path):
            yield "agents", "odd", f"agents/{path.name} is no department's: name it in `agent` of one, or nobody reaches it."


def _declares_agent(path: Path) -> bool:
    return "\nagent = AgentSpec(" in path.read_text("utf-8", errors="replace")
