"""`switchboard new`: a project that runs at once, and the files of its parts in their right shape."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from switchboard.console.terminal.screen import say
from switchboard.errors import OperatorError
from switchboard.project import FILE, PACKAGES, Project, find_project, open_project, sample_folder
from switchboard.tables.schema import schema_text

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
ENDPOINTS = "OAI_CONFIG_LIST.example"
"""How models are configured, which `check` leads to."""
PLACE = "new_name"
"""What stands for the name in the templates."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
PARTS = {
    "agent": ("agents/{}.py", 'In {file}, a department of this name names it: [departments.{name}], agent = "agents.{name}".'),
    "tool": ("tools/{}.py", 'A department of {file} holds it: tools = ["tools.{name}.find_{name}"].'),
    "team": (
        "groupchats/{}.py",
        'Where there are several teams, {file} says whom `ask` speaks to: default_team = "desk" or "{name}".',
    ),
    "scenario": ("scenarios/{}.py", "`switchboard run {name}` plays it."),
    "play": ("agents/plays/{}.toml", 'A department of {file} names it: plays = ["{name}"].'),
}


def new_project(name: str, here: Path, *, like_sample: bool = False) -> Path:
    """Write a small project to a folder called `name`, whole or not at all; or a copy of the sample project, for one's
    own rows. Raises OperatorError where it cannot be written.
    """
    folder = here / name
    if not re.fullmatch(r"[A-Za-z][\w.-]{0,59}", name):
        raise OperatorError(f"{name!r} is no name for a project's folder: letters, digits, - and _, a letter first.")
    if folder.exists():
        raise OperatorError(f"{folder} is there already. Name another folder, or move that one away.")
    try:
        with tempfile.TemporaryDirectory(dir=here, prefix=f".{name}-") as made:
            for source, target in _of_sample() if like_sample else _files(TEMPLATES / "project"):
                path = Path(made) / name / target
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(source.read_text("utf-8").replace(PLACE, name), "utf-8")
            (Path(made) / name / "switchboard.schema.json").write_text(schema_text(), "utf-8")
            (Path(made) / name / ENDPOINTS).write_text((sample_folder() / ENDPOINTS).read_text("utf-8"), "utf-8")
            (Path(made) / name).rename(folder)
    except OSError as error:
        raise OperatorError(f"{folder} cannot be written: {error.strerror}.") from None
    return folder


def new_part(kind: str, name: str, given: Path | None) -> Path:
    """Write the one file of an agent, a tool noun, a team, a scenario or a play into the project. Nothing is overwritten."""
    folder = find_project(given)
    path = place_of_part(kind, name, open_project(folder))
    text = (TEMPLATES / f"{kind}{path.suffix}").read_text("utf-8").replace(PLACE, name)
    return write_part(kind, name, path, text)


def place_of_part(kind: str, name: str, project: Project) -> Path:
    """Where the file of a new part goes. Raises OperatorError where none can be written there."""
    if not NAME.fullmatch(name):
        raise OperatorError(f"{name!r} is no name: small letters, digits and _, a letter first. The file is called by it.")
    if project.is_sample:
        raise OperatorError("This would write into the sample project. Begin your own with `switchboard new project NAME`.")
    path = project.folder / PARTS[kind][0].format(name)
    if path.exists():
        raise OperatorError(f"{path} is there already. Name another {kind}, or edit that one.")
    return path


def write_part(kind: str, name: str, path: Path, text: str) -> Path:
    """Write the file of a new part, and say what to do with it. Raises OperatorError."""
    where, then = PARTS[kind]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parents[where.count("/") - 1] / "__init__.py").touch()
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}.") from None
    say(f"{path} is written. {then.format(file=FILE, name=name)}")
    return path


def _of_sample() -> Iterator[tuple[Path, Path]]:
    """The files of the sample project, but for its own `switchboard.toml`."""
    sample = sample_folder()
    yield TEMPLATES / "sample.toml", Path(FILE)
    yield from ((path, Path(part) / target) for part in PACKAGES for path, target in _files(sample / part))


def _files(folder: Path) -> Iterator[tuple[Path, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
            yield path, path.relative_to(folder)
