"""The shape of the house: who imports whom, how long a file is, how full a folder, and what is imported where."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = ("tools", "agents", "groupchats", "scenarios")
"""The floors of the sample project, above the library: each may import those before it."""
FLOORS = (
    {"errors", "settings", "project_module", "characters", "private_files"},
    {"database", "migrations", "money", "ids"},
    {"declare"},
    {
        "accounts",
        "consent",
        "flows",
        "plays",
        "reading",
        "search",
        "events",
        "mail",
        "models",
        "notifications",
        "reports",
        "tickets",
        "toolsets",
    },
    {"grounding"},
    {"loop"},
    {"scenario"},
    {"evaluations"},
    {"cases"},
    {"engine"},
    {"service", "project", "tables", "group_chats"},
    {"console"},
)
"""The floors of the library: a room may import its own and those below."""
AGENTS = ("requests", "routing", "cases", "products", "articles", "money", "orders", "plays")
"""The floors below the agents of the desk: what is asked, whose it is, the case at hand, what the answers go by, the plays."""
SENTENCES = "agents.plays.for_a_person"
"""Plays that are nothing but sentences, which all may know."""
READING = "switchboard/reading/"
MOST_READING = 2_330
CONSOLE = "switchboard/console/"
THE_SHOPS = re.compile(
    r"#W|\\d\{[67]\}|order_id|order numbers?|\bshops?\b|refund|parcel|invoice|exchange|credit.?card|gift.?card", re.IGNORECASE
)
"""What only the sample project knows: its ids, and a few of its nouns."""
LOOP = tuple(f"switchboard/{room}/" for room in ("declare", "flows", "plays", "grounding", "loop"))
CLOCK = ("now", "utcnow", "today", "urandom")
OPENING = ("open", "read_text", "write_text", "read_bytes", "write_bytes", "unlink", "TemporaryFile", "NamedTemporaryFile")
MOST_LINES, MOST_MODULES = 300, 12


def modules(folder: str = "") -> Iterator[tuple[Path, ast.Module]]:
    for floor in ("switchboard", *PROJECT):
        for path in sorted((ROOT / floor).rglob("*.py")):
            if folder in path.relative_to(ROOT).as_posix() and "templates" not in path.parts:  # which are of other projects
                yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(*names: str) -> set[str]:
    return {path.as_posix() for path, tree in modules() if any(n.split(".")[0] in names for n in imported(tree))}


def room(name: str) -> str:
    """The room of the library that a module is in: `switchboard.loop.turn` is in `loop`."""
    return name.split(".")[1] if "." in name else ""


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room(name) in rooms)


@pytest.mark.slow
def test_the_library_imports_no_project() -> None:
    library = [(path, tree) for path, tree in modules("switchboard/") if "sample" not in path.parts]
    assert [f"{path} imports {n}" for path, tree in library for n in imported(tree) if n.split(".")[0] in PROJECT] == []


def files_that_know_the_shop(folder: str) -> dict[str, str]:
    texts = {p.as_posix(): (ROOT / p).read_text(encoding="utf-8") for p, _ in modules(folder) if "sample" not in p.parts}
    return {path: found[0] for path, text in texts.items() if (found := THE_SHOPS.search(text))}


@pytest.mark.slow
def test_the_library_knows_no_shop() -> None:
    assert {p: w for p, w in files_that_know_the_shop("switchboard/").items() if not p.startswith(CONSOLE)} == {}


def test_the_console_knows_no_shop() -> None:
    assert files_that_know_the_shop(CONSOLE) == {}


@pytest.mark.slow
def test_imports_of_the_library_point_down() -> None:
    wrong = [
        f"{path} imports {name}"
        for path, tree in modules("switchboard/")
        for name in imported(tree)
        if name.startswith("switchboard.") and floor(name) > floor(".".join(path.with_suffix("").parts))
    ]
    assert wrong == []


@pytest.mark.slow
def test_imports_of_the_project_point_down() -> None:
    wrong = [
        f"{path} imports {name}"
        for path, tree in modules()
        for name in imported(tree)
        if path.parts[0] in PROJECT and name.split(".")[0] in PROJECT[PROJECT.index(path.parts[0]) + 1 :]
    ]
    assert wrong == []


def test_what_the_agents_go_by_stands_in_floors() -> None:
    wrong = [
        f"{path} imports {name}"
        for floor, folder in enumerate(AGENTS)
        for path, tree in modules(f"agents/{folder}/")
        for name in imported(tree)
        if name.startswith("agents.") and not name.startswith(SENTENCES)
        if name.split(".")[1] in ("desk", "research", *AGENTS[floor + 1 :])
    ]
    assert wrong == []


def test_reading_is_language_alone() -> None:
    """It knows no order number, no department of the desk, no product of the shop, and is half of what it was."""
    from agents.routing.departments import DEPARTMENTS

    products = [one["name"].lower() for one in json.loads((ROOT / "tools/seed/products.json").read_text("utf-8")).values()]
    files = [(ROOT / path, tree) for path, tree in modules(READING)]
    texts = {str(path): path.read_text("utf-8") for path, _ in files}
    written = {(str(path), node.value) for path, tree in files for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert [path for path, text in texts.items() if "#W" in text or any(name in text.lower() for name in products)] == []
    assert [path for path, value in written if value in DEPARTMENTS] == []
    assert [f"{p} imports {n}" for p, tree in files for n in imported(tree) if n.split(".")[0] in PROJECT] == []
    own = [path for path in (ROOT / READING).rglob("*") if path.suffix in (".py", ".txt")]  # each language is a .toml
    assert sum(len(path.read_text("utf-8").splitlines()) for path in own) <= MOST_READING


@pytest.mark.slow
def test_one_file_imports_autogen() -> None:
    assert importers("autogen") == {"switchboard/loop/autogen_chat.py"}


@pytest.mark.slow
def test_one_file_imports_opentelemetry() -> None:
    assert importers("opentelemetry") == {"switchboard/events/tracing/otlp.py"}


@pytest.mark.slow
def test_only_the_engine_imports_dbos() -> None:
    assert {Path(path).parent.as_posix() for path in importers("dbos")} == {"switchboard/engine"}


@pytest.mark.slow
def test_only_the_console_knows_how_things_are_shown() -> None:
    shows = {path for path in importers("rich", "typer") if path.startswith("switchboard/")}
    # A project may bring commands of its own, so its type is named there.
    assert {path for path in shows if not path.startswith("switchboard/console/")} == {"switchboard/project.py"}


@pytest.mark.slow
def test_only_the_keyboard_imports_what_edits_a_line() -> None:
    assert importers("prompt_toolkit") == {"switchboard/console/terminal/live/keyboard.py"}


def test_the_terminal_asks_the_service_and_no_table() -> None:
    found = {
        f"{path} imports {name}"
        for path, tree in modules("switchboard/console/terminal/")
        for name in imported(tree)
        if name.split(".")[0] == "sqlalchemy" or name.startswith("switchboard.cases.tables")
    }
    assert found == set()


def test_ways_into_the_desk_import_no_terminal() -> None:
    """Channels and protocols are served without one: who serves them gives them a function that tells what they have to say."""
    found = {
        f"{path} imports {name}"
        for folder in ("channels", "protocols")
        for path, tree in modules(f"switchboard/console/{folder}/")
        for name in imported(tree)
        if name.startswith("switchboard.console.terminal")
    }
    assert found == set()


def test_no_agent_imports_an_agent() -> None:
    from agents import summarizer
    from switchboard.declare.agent import roster

    agents = {f"agents.desk.{name}" for name in roster("agents.desk")}
    agents |= {f"agents.research.{name}" for name in roster("agents.research")} | {summarizer.__name__}
    wrong = [f"{path} imports {name}" for path, tree in modules("agents/") for name in imported(tree) if name in agents]
    assert wrong == []


def test_tool_files_share_only_nouns_and_the_shop() -> None:
    shares = {  # the shop hands on the rows and the payments; the store fills the rows
        "tools/nouns.py": {"ids", "vocabulary"},
        "tools/vocabulary.py": {"ids"},
        "tools/shop.py": {"nouns", "rows", "charges", "refunding", "payments", "outreach"},
        "tools/charges.py": {"rows"},
        "tools/refunding.py": {"nouns", "rows", "charges"},
        "tools/payments.py": {"nouns", "rows", "settings", "stripe_payments"},
        "tools/stripe_payments.py": {"payments"},
        "tools/store.py": {"rows"},
        "tools/tau2.py": {"tau2_files", "tau2_rows"},
        "tools/tau2_play.py": {"tau2_files", "tau2_rows"},
        "tools/tau2_rows.py": {"shop", "store"},
        "tools/tau2_load.py": {"rows", "store", "tau2_files"},
        "tools/outreach": {"outreach", "nouns", "shop", "rows", "importing"},
        "tools/importing": {"importing", "rows", "store"},
        "tools/importing/kinds": {"importing", "nouns", "vocabulary"},
        "tools/importing/reading": {"importing"},
    }
    wrong = [
        f"{path} imports {name}"
        for path, tree in modules("tools/")
        for name in imported(tree)
        if name.startswith("tools.")
        and name.split(".")[1] not in shares.get(path.as_posix(), shares.get(path.parent.as_posix(), {"nouns", "shop"}))
    ]
    assert wrong == []


@pytest.mark.slow
def test_no_file_holds_two_ideas() -> None:
    long = [str(p) for p, _ in modules() if len((ROOT / p).read_text(encoding="utf-8").splitlines()) > MOST_LINES]
    assert long == []


@pytest.mark.slow
def test_no_folder_of_the_library_or_of_the_agents_holds_more_than_a_dozen() -> None:
    grow = {Path("agents/plays/for_a_person"), Path("switchboard/cases/migrations")}  # a sentence, and a step, each
    full = {path.parent for folder in ("switchboard/", "agents/") for path, _ in modules(folder)} - grow
    counts = {folder.as_posix(): len([p for p in (ROOT / folder).glob("*.py") if p.name != "__init__.py"]) for folder in full}
    assert {folder: count for folder, count in counts.items() if count > MOST_MODULES} == {}


@pytest.mark.slow
def test_the_loop_knows_no_clock_and_no_chance() -> None:
    """Only the effects, and the start of a case, may; a replay must go the same way."""
    found = {
        path.as_posix()
        for folder in (*LOOP, "agents/", "groupchats/")
        for path, tree in modules(folder)
        if {name.split(".")[0] for name in imported(tree)} & {"time", "random", "secrets", "uuid"}
        or any(isinstance(node, ast.Attribute) and node.attr in CLOCK for node in ast.walk(tree))
    }
    assert found == {"switchboard/loop/drive.py", "switchboard/loop/effects.py"}


def test_the_loop_opens_no_files_but_the_policy() -> None:
    found = {
        path.as_posix()
        for folder in (*LOOP, "switchboard/cases/")
        for path, tree in modules(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in OPENING
    }
    assert found == {"switchboard/loop/prompts/instructions.py"}


@pytest.mark.slow
def test_only_the_sides_of_models_mail_tools_collectors_and_the_web_know_the_network() -> None:
    network = {"httpx", "httpx2", "httpcore", "mcp", "openai", "socket", "ssl", "http", "requests", "urllib.request", "smtplib"}
    network |= {"imaplib", "imap_tools"}
    found = {
        p.parent.as_posix() for p, tree in modules("switchboard/") for n in imported(tree) if {n, n.split(".")[0]} & network
    }
    sides = {"search/web", "mail", "models", "toolsets/mcp", "toolsets/openapi", "console/protocols/mcp"}
    sides |= {"console/channels", "console/channels/helpdesks", "events/tracing"}
    assert found == {f"switchboard/{side}" for side in sides}


def test_every_scenario_can_be_run_from_its_own_file() -> None:
    block = 'if __name__ == "__main__":\n    from scenarios.script import main\n\n    main(scenario)\n'
    files = [path for path, _ in modules("scenarios/") if path.name not in ("__init__.py", "script.py")]
    assert len(files) > 10
    assert [str(path) for path in files if not (ROOT / path).read_text(encoding="utf-8").endswith(block)] == []
