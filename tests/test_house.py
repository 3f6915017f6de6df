"""The shape of the house: who imports whom, how long a file is, and what is imported where."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLOORS = ("runtime", "tools", "agents", "groupchats", "scenarios", "console")


def modules(folder: str = "") -> Iterator[tuple[Path, ast.Module]]:
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            if folder in path.relative_to(ROOT).as_posix():
                yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_imports_point_down() -> None:
    wrong = [
        f"{path} imports {name}"
        for path, tree in modules()
        for name in imported(tree)
        if name.split(".")[0] in FLOORS and FLOORS.index(name.split(".")[0]) > FLOORS.index(path.parts[0])
    ]
    assert wrong == []


def test_only_the_binder_imports_autogen() -> None:
    assert {str(path) for path, tree in modules() if any(n.split(".")[0] == "autogen" for n in imported(tree))} == {
        "runtime/bind.py"
    }


def test_no_agent_imports_an_agent() -> None:
    from agents import summarizer
    from runtime.agent import roster

    agents = {f"agents.desk.{name}" for name in roster("agents.desk")}
    agents |= {f"agents.research.{name}" for name in roster("agents.research")} | {summarizer.__name__}
    wrong = [f"{path} imports {name}" for path, tree in modules("agents/") for name in imported(tree) if name in agents]
    assert wrong == []


def test_tool_files_share_only_nouns_and_the_shop() -> None:
    shared = {"nouns", "shop", "rows", "store"}
    nouns = {path.stem for path, _ in modules("tools/")} - shared - {"__init__", "registry"}
    wrong = [
        f"{path} imports {name}"
        for path, tree in modules("tools/")
        for name in imported(tree)
        if path.stem in nouns and name.split(".")[0] == "tools" and name.split(".")[1] not in shared
    ]
    assert wrong == []


def test_no_file_holds_two_ideas() -> None:
    long = [str(p) for p, _ in modules() if len((ROOT / p).read_text(encoding="utf-8").splitlines()) > 300]
    assert long == []


def test_the_loop_knows_no_clock_and_no_chance() -> None:
    """Only the effects, the gateway, the record and the start of a run may; a replay must go the same way."""
    allowed = {"effects.py", "gateway.py", "breaker.py", "wire.py", "answer.py", "scripted.py", "record.py", "run.py"}
    banned = {"time", "random", "secrets", "uuid"}
    wrong = [
        f"{path}: {what}"
        for folder in ("runtime/", "agents/", "groupchats/")
        for path, tree in modules(folder)
        if path.name not in allowed
        for what in [
            *(name for name in imported(tree) if name.split(".")[0] in banned),
            *(node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in ("now", "today")),
        ]
    ]
    assert wrong == []
