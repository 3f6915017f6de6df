"""Which modules of `groupchats/` are teams: read from the files, of which nothing is imported for it."""

import ast
import pkgutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from switchboard.tables.project_file import ProjectFile

DESK = "desk"
"""The team that the departments of a project's file make."""


def team_names(folder: Path, file: "ProjectFile") -> list[str]:
    """The teams that the file names, else the one that its departments make, and the modules that declare one: what only helps
    them does not.
    """
    made = [DESK] if file.departments and not is_module(folder, f"groupchats.{DESK}") else []
    return file.teams or [*made, *(name for name, declares in _group_chats(folder, file) if declares)]


def without_team(folder: Path, file: "ProjectFile") -> list[str]:
    """The modules beside the teams that declare none."""
    return [] if file.teams else [name for name, declares in _group_chats(folder, file) if not declares]


def _group_chats(folder: Path, file: "ProjectFile") -> list[tuple[str, bool]]:
    """The modules beside the setup, and whether each declares a team, or cannot be read, which its import then tells."""
    modules = sorted(module.name for module in pkgutil.iter_modules([str(folder / "groupchats")]))
    return [(name, _declares_team(folder, name)) for name in modules if f"groupchats.{name}" != file.setup]


def _declares_team(folder: Path, name: str) -> bool:
    path = folder / "groupchats" / name
    try:
        tree = ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return True
    bound = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    taken = (node.asname or node.name for node in ast.walk(tree) if isinstance(node, ast.alias))
    return "team" in bound or "team" in taken or "*" in taken


def is_module(folder: Path, name: str) -> bool:
    path = folder.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def one_of(names: Sequence[str]) -> str:
    return " or ".join(names) or "none"
