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


def test_only_the_engine_imports_dbos() -> None:
    assert {str(path) for path, tree in modules() if any(n.split(".")[0] == "dbos" for n in imported(tree))} == {
        "runtime/bounds.py",
        "runtime/durable.py",
        "runtime/steps.py",
    }


def test_no_agent_imports_an_agent() -> None:
    from agents import summarizer
    from runtime.agent import roster

    agents = {f"agents.desk.{name}" for name in roster("agents.desk")}
    agents |= {f"agents.research.{name}" for name in roster("agents.research")} | {summarizer.__name__}
    wrong = [f"{path} imports {name}" for path, tree in modules("agents/") for name in imported(tree) if name in agents]
    assert wrong == []


def test_tool_files_share_only_nouns_and_the_shop() -> None:
    shares = {  # the shop hands on the rows and the payments; the store fills the rows
        "tools/shop.py": {"rows", "payments"},
        "tools/payments.py": {"rows", "stripe_payments"},
        "tools/stripe_payments.py": {"payments"},
        "tools/store.py": {"rows"},
    }
    wrong = [
        f"{path} imports {name}"
        for path, tree in modules("tools/")
        for name in imported(tree)
        if name.startswith("tools.") and name.split(".")[1] not in shares.get(path.as_posix(), {"nouns", "shop"})
    ]
    assert wrong == []


def test_no_file_holds_two_ideas() -> None:
    long = [str(p) for p, _ in modules() if len((ROOT / p).read_text(encoding="utf-8").splitlines()) > 300]
    assert long == []


def test_the_loop_knows_no_clock_and_no_chance() -> None:
    """Only the effects, the models' side, the record and the start of a run may; a replay must go the same way."""
    found = {
        path.as_posix()
        for folder in ("runtime/", "agents/", "groupchats/")
        for path, tree in modules(folder)
        if {name.split(".")[0] for name in imported(tree)} & {"time", "random", "secrets", "uuid"}
        or any(isinstance(node, ast.Attribute) and node.attr in CLOCK for node in ast.walk(tree))
    }
    assert found == {
        "runtime/answer.py",
        "runtime/breaker.py",
        "runtime/durable.py",
        "runtime/effects.py",
        "runtime/gateway.py",
        "runtime/record.py",
        "runtime/run.py",
        "runtime/scripted.py",
        "runtime/tables.py",
        "runtime/timed.py",
    }


CLOCK = ("now", "utcnow", "today", "urandom")


def test_the_loop_opens_no_files() -> None:
    """Settings, the list of models, a team's policy, the sources of a search and the scripted model's script are read."""
    found = {
        path.as_posix()
        for path, tree in modules("runtime/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in OPENING
    }
    assert found == {
        "runtime/endpoints.py",
        "runtime/prompt.py",
        "runtime/retrieval.py",
        "runtime/scripted.py",
        "runtime/settings.py",
    }


OPENING = ("open", "read_text", "write_text", "read_bytes", "write_bytes", "unlink", "TemporaryFile", "NamedTemporaryFile")


def test_only_the_models_side_knows_the_network() -> None:
    network = {"httpx", "openai", "socket", "ssl", "http", "requests", "urllib.request"}
    found = {p.as_posix() for p, tree in modules("runtime/") for n in imported(tree) if {n, n.split(".")[0]} & network}
    assert found == {"runtime/gateway.py", "runtime/scripted.py", "runtime/wire.py"}


def test_every_scenario_can_be_run_from_its_own_file() -> None:
    block = 'if __name__ == "__main__":\n    from scenarios.script import main\n\n    main(scenario)\n'
    files = [path for path, _ in modules("scenarios/") if path.name not in ("__init__.py", "script.py")]
    assert len(files) > 10
    assert [str(path) for path in files if not (ROOT / path).read_text(encoding="utf-8").endswith(block)] == []
