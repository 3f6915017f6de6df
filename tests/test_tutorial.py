"""The tutorial is true: a shell follows `docs/your-shop-in-an-hour.md` against a company's API, in a process of its own."""

import os
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support.pages import Shell, boxes, commands, section, written
from support.ports import free_port
from support.terminal import environment
from test_house import ROOT

from switchboard.models.scripted import Reply, ScriptedModel, tool_calls
from switchboard.tables.schema import schema

PAGE = (ROOT / "docs" / "your-shop-in-an-hour.md").read_text("utf-8")
FIRST = section(PAGE, "A true answer")
KEY = "k-5f0e9c1d77"
START_SECONDS = 30


@pytest.fixture
def api() -> Iterator[str]:
    """The address of the company's API."""
    port = free_port()
    command = [sys.executable, str(ROOT / "tests" / "support" / "kestrel.py"), str(port)]
    process = subprocess.Popen(command, env={**os.environ, "KESTREL_KEY": KEY})
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < until and process.poll() is None, "the API did not start"
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def shell(tmp_path: Path, api: str) -> Iterator[Shell]:
    """A shell in an empty folder, in which `switchboard` is installed."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    code = "from switchboard.console.terminal.cli import main; main()"
    (bin_ / "switchboard").write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}" "$@"\n')
    (bin_ / "switchboard").chmod(0o755)
    here = tmp_path / "empty"
    here.mkdir()
    given = environment(tmp_path, PATH=f"{bin_}:{os.environ['PATH']}", COLUMNS="120")
    own = {"SHOP_API": api, "SHOP_TOKEN": KEY, "MODEL_KEY": "m-77"}
    with ScriptedModel(script) as model, Shell(here, given, {**own, "MODEL_API": model.url}) as shell:
        yield shell


def script(request: dict[str, Any]) -> Reply:
    """What a model would do that knows what it is for."""
    tools = {tool["function"]["name"] for tool in request.get("tools", ())}
    has_looked = any(message["role"] == "tool" for message in request["messages"])
    if "get_order" in tools:
        return "Posta brings order ORD-2031-77." if has_looked else tool_calls([("get_order", {"orderRef": "ORD-2031-77"})])
    if "find_client" in tools and has_looked:
        return tool_calls([("hand_off", {"to": "human", "note": "Nobody can be looked up."})])
    if "find_client" in tools:
        return tool_calls([("find_client", {"mail": "ines@example.com"})])
    return tool_calls([("hand_off", {"to": "orders", "note": "They ask who brings it."})]) if "hand_off" in tools else "Noted."


def test_a_true_answer_takes_twelve_commands_and_sixty_lines_at_most() -> None:
    assert 0 < len(commands(FIRST)) <= 12
    assert 0 < len(written(FIRST)) <= 60
    assert {box.file.rpartition(".")[2] for box in boxes(FIRST) if box.file} <= {"toml", "md"}


@pytest.mark.slow
def test_the_first_answer_is_true(shell: Shell) -> None:
    for box in boxes(FIRST):
        shell.follow(box)
    assert "resolved" in shell.seen


@pytest.mark.slow  # some forty commands, each a process of its own
def test_every_step_is_as_told(shell: Shell) -> None:
    for box in boxes(PAGE):
        shell.follow(box)
        assert "Traceback" not in shell.seen
    assert KEY not in "".join(path.read_text("utf-8") for path in shell.folder.rglob("*") if path.is_file())
    found = tomllib.loads((shell.folder / "switchboard.toml").read_text("utf-8"))
    assert [error.message for error in jsonschema.Draft7Validator(schema()).iter_errors(found)] == []
