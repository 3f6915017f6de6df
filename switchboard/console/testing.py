"""For a project's own tests: its scenarios, each played on a fresh copy of its sample, by rules alone."""

from functools import cache
from pathlib import Path

from switchboard.console.databases import fresh_sample
from switchboard.project import Project, find_project, open_project, project_folder
from switchboard.scenario import play


def scenarios_of(file: str) -> list[str]:
    """The names of the scenarios of the project that a test file is in. Raises OperatorError where it is in none."""
    return _opened(project_folder(file)).scenarios.names()


def complaints_of(file: str, name: str) -> list[str]:
    """What does not go as told in a scenario of that project; empty where all does."""
    project = _opened(project_folder(file))
    scenario = project.scenarios.called(name)
    with fresh_sample(project) as rows:
        services = dict(project.setup.services())
        result = play(scenario, rows, identity=project.file.identity, services=services)
        return scenario.complaints(result, rows)


@cache
def _opened(folder: Path) -> Project:
    return open_project(find_project(folder))
