"""Finding a project, opening it, and what it gives to the program. What its file says is read in `tables/project_file.py`.

A project is a folder with `switchboard.toml`, `groupchats/` and, as it needs them, `agents/`, `tools/` and `scenarios/`. It
imports the library; the library reaches it through the names in its file and through its `ProjectSetup` alone.
"""

import os
import re
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from switchboard.errors import NotThere, OperatorError
from switchboard.group_chats import DESK, is_module, one_of, team_names

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from typer import Typer

    from switchboard.cases.spending.budgets import Budgets
    from switchboard.declare.team import TeamSpec
    from switchboard.models.money.prices import Price, Prices
    from switchboard.scenario import ScenarioFolder
    from switchboard.settings import Variables
    from switchboard.tables.project_file import ProjectFile

FILE = "switchboard.toml"
PACKAGES = ("agents", "tools", "groupchats", "scenarios")


Look = Callable[["Engine", Mapping[str, Any], str], Sequence[tuple[str, str]]]


class Routed(Protocol):
    """Where a message belongs; `confidence` is a probability, 0 to 1."""

    @property
    def department(self) -> str: ...
    @property
    def confidence(self) -> float: ...


def _nothing(engine: "Engine") -> None:
    """The migration of a project that has no rows of its own."""


@dataclass(frozen=True)
class ProjectSetup:
    """What a project gives to the program beside its teams; each part may be left out.

    - `migrate` brings the project's own rows to its newest migration. The library's are there before.
    - `load_sample` fills a migrated database with sample rows, and tells whether it did: not where rows are already.
    - `services` are what tools find in `ctx.services`, by name. It raises OperatorError where one is not configured rightly.
    - `chore` is done now and then, with those services, and must be safe when two processes do it at once. It returns what the
      operator should hear, or "".
    - `customer` gives a few rows, each a title and a text, on who has this id, for operators to see beside their case.
    - `route` tells by rules alone which department a text belongs to.
    - `learn` gives what is to be kept of what the project learns from its own sentences, by file.
    - `sources` is the folder that `research` reads where none is given.
    - `prices` are those of models, by their names, beside those of its file.
    - `settings` are the project's own variables, which `check` then knows.
    - `commands` are added to the command line, by their names; those below `eval` to the evaluations.
    """

    migrate: Callable[["Engine"], None] = _nothing
    load_sample: Callable[["Engine"], bool] | None = None
    services: Callable[[], Mapping[str, Any]] = dict
    chore: Callable[["Engine", Mapping[str, Any]], str] | None = None
    customer: "Look | None" = None
    route: Callable[[str], Routed] | None = None
    learn: Callable[[], Mapping[Path, str]] | None = None
    sources: Path | None = None
    prices: Mapping[str, "Price"] = field(default_factory=dict)
    settings: Callable[[], Sequence[type["Variables"]]] = tuple
    commands: Mapping[str, "Typer"] = field(default_factory=dict)


@dataclass(frozen=True)
class Project:
    """A project that is open: its folder is first on `sys.path`. `is_sample` is the one that comes with this package."""

    folder: Path
    file: "ProjectFile"
    is_sample: bool = False

    @property
    def data_name(self) -> str:
        """The folder within the platform's folder for data: each project has its own, and the sample the outer one."""
        return "" if self.is_sample else re.sub(r"\W+", "-", self.file.name.casefold()).strip("-_")

    @cached_property
    def setup(self) -> ProjectSetup:
        return setup_in(self.file.setup) if self.file.setup else ProjectSetup()

    @property
    def prices(self) -> "Prices":
        """What models cost: as its Python says, which counts, or its file."""
        from switchboard.models.money.prices import Prices

        return Prices({**{name: one.made() for name, one in self.file.prices.items()}, **self.setup.prices})

    def budgets(self, engine: Callable[[], "Engine"]) -> "Budgets":
        """Who counts what models take, and holds it within the budgets, on the rows of this database."""
        from switchboard.cases.spending.budgets import Budgets

        return Budgets(engine, self.file.budgets.made(), self.file.time_zone, whom=self.file.notifications)

    @cached_property
    def teams(self) -> dict[str, "TeamSpec"]:
        """The teams by name, which are their files' names. Raises DeclarationError for a file that declares none."""
        from switchboard.declare.team import TeamSpec
        from switchboard.project_module import declared

        names = team_names(self.folder, self.file)
        teams = {
            name: declared(f"groupchats.{name}", "team", TeamSpec, name)
            if is_module(self.folder, f"groupchats.{name}")
            else self.desk
            for name in names
        }
        if self.file.research is None:
            return teams
        from switchboard.tables.team import with_sources_of

        return {name: with_sources_of(self.folder, self.file, team) for name, team in teams.items()}

    @cached_property
    def desk(self) -> "TeamSpec":
        """The team that the file's departments make. Raises DeclarationError, OperatorError."""
        from switchboard.tables.team import desk_in

        return desk_in(self.folder)

    @cached_property
    def route(self) -> Callable[[str], Routed] | None:
        """What finds the department of a text by rules alone: the setup's own, else the examples of the file's departments."""
        if self.setup.route or not self.file.departments:
            return self.setup.route
        from switchboard.tables.team import router_of

        return router_of(self.folder, self.file).route

    def team_name(self, asked: str | None = None) -> str:
        """The team asked for, or the one that `ask` speaks to. Raises OperatorError where there is none."""
        names = team_names(self.folder, self.file)
        if not names:
            raise OperatorError(f"The project {self.file.name} has no team. Add one to {self.folder / 'groupchats'}.")
        made = DESK if self.file.departments and DESK in names else None  # which is what the file is about
        name = asked or self.file.default_team or made or (names[0] if len(names) == 1 else None)
        if name is None:
            raise OperatorError(f"{self.folder / FILE} does not say which team to ask: set default_team to {one_of(names)}.")
        if name not in names:
            raise NotThere(f"The project {self.file.name} has no team {name!r}; there is {one_of(names)}.")
        return name

    def learned(self) -> Mapping[Path, str]:
        """What there is to keep of what the project learns from its sentences, by file. Raises OperatorError without any."""
        if self.setup.learn:
            return self.setup.learn()
        if not self.file.departments:
            raise OperatorError(f"The project {self.file.name} has nothing to learn from: its file has no departments.")
        from switchboard.tables.team import LEARNED, router_of

        return {self.folder / LEARNED: router_of(self.folder, self.file).as_kept()}

    @cached_property
    def scenarios(self) -> "ScenarioFolder":
        from switchboard.scenario import ScenarioFolder

        return ScenarioFolder(self.folder / "scenarios")

    def demo(self) -> str:
        """The scenario that is the demonstration. Raises OperatorError where there is no scenario."""
        names = [self.file.demo] if self.file.demo else self.scenarios.names()
        if not names:
            raise OperatorError(
                f"The project {self.file.name} has no scenario to show. Add one to {self.folder / 'scenarios'}."
            )
        return names[0]


def project_folder(file: str) -> Path:
    """The folder of the project that a file is in. Raises OperatorError where it is in none."""
    found = next((folder for folder in Path(file).absolute().parents if _holds_project(folder)), None)
    if found is None:
        raise OperatorError(f"{file} is in no project: no folder above it holds a {FILE}.")
    return found


def desk(file: str) -> "TeamSpec":
    """The team that the departments make of the project that a file is in: `desk(__file__)`."""
    from switchboard.tables.team import desk_in

    return desk_in(project_folder(file))


def find_project(given: Path | None = None) -> Path:
    """The project's folder: the one that is given, else the current one or one above it, else the sample's.

    Raises OperatorError for a folder that is no project.
    """
    if given is not None:
        folder = Path(os.path.expanduser(given)).absolute()  # noqa: PTH111 - Path's own raises for an account that is not there
        if not os.path.isdir(folder):  # noqa: PTH112 - Path's own raises for a name that is too long, and where it may not look
            there = f"{folder} is no folder" if os.path.lexists(folder) else f"There is no folder {folder}"
            raise OperatorError(f"{there}. Name a project's with --project or SWITCHBOARD_PROJECT.")
        if not _holds_project(folder):
            raise OperatorError(f"{folder} is no project: it holds no {FILE}.")
        return folder
    try:
        here = Path.cwd()
    except OSError:  # somebody has removed it
        return sample_folder()
    return next((folder for folder in (here, *here.parents) if _holds_project(folder)), None) or sample_folder()


def _holds_project(folder: Path) -> bool:
    """Whether a folder has something called like a project's file: a link that leads nowhere is said where it is read."""
    return os.path.lexists(folder / FILE)


def sample_folder() -> Path:
    """The sample project: within the package where it was installed from a wheel, else beside it."""
    package = Path(__file__).absolute().parent
    found = next((folder for folder in (package / "sample", package.parent) if (folder / FILE).is_file()), None)
    if found is None:
        raise OperatorError("The sample project is missing from this installation. Name a project with --project DIR.")
    return found


def open_project(folder: Path) -> Project:
    """Check a project's file, and put its folder first on `sys.path`, so that `import agents, tools` give the project's.

    Raises OperatorError with one sentence, and the line of the file, for the first thing that is wrong.
    """
    from switchboard.reading.danger import say_harmless
    from switchboard.tables.messages import say_messages  # pydantic, which help does without
    from switchboard.tables.project_file import read_file

    file = read_file(folder / FILE)
    for package in PACKAGES:
        origin = getattr(sys.modules.get(package), "__file__", None)
        if origin and (folder / package).is_dir() and not Path(origin).resolve().is_relative_to(folder.resolve()):
            raise OperatorError(f"{folder} cannot be opened: another `{package}` was imported before, from {origin}.")
    put_on_path(folder)
    say_messages(folder, file)
    say_harmless(file.harmless)
    return Project(folder, file, folder.resolve() == _resolved_sample())


def put_on_path(folder: Path) -> None:
    if sys.path[:1] != [str(folder)]:
        sys.path.insert(0, str(folder))


def commands_in(folder: Path) -> Mapping[str, "Typer"]:
    """The commands that a project adds, read in a moment and for help only: nothing is checked, and none where it is wrong."""
    try:
        module = tomllib.loads((folder / FILE).read_text(encoding="utf-8-sig")).get("setup")
    except (OSError, ValueError):
        return {}
    if not isinstance(module, str) or not is_module(folder, module):
        return {}
    put_on_path(folder)
    return setup_in(module).commands


def setup_in(module: str) -> ProjectSetup:
    """The setup that a module of an open project declares; what its functions raise is told with the file and the line.

    Raises DeclarationError where it declares none.
    """
    from switchboard.project_module import declared, told_of

    setup = declared(module, "setup", ProjectSetup)
    return replace(
        setup,
        migrate=told_of(module, setup.migrate),
        load_sample=setup.load_sample and told_of(module, setup.load_sample),
        services=told_of(module, setup.services, Mapping),
        chore=setup.chore and told_of(module, setup.chore),
        customer=setup.customer and told_of(module, setup.customer, Sequence),
        route=setup.route and told_of(module, setup.route),
        learn=setup.learn and told_of(module, setup.learn, Mapping),
        settings=told_of(module, setup.settings, Sequence),
    )


def _resolved_sample() -> Path | None:
    try:
        return sample_folder().resolve()
    except OperatorError:
        return None
