"""The command `switchboard` with a data folder of its own, and no model unless one is named."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from unittest.mock import patch

import pytest

from support.forked import Started
from support.own_shop import data_folder
from support.terminal import environment
from switchboard.console.asked import asked
from switchboard.console.terminal.cli import main
from switchboard.console.terminal.live.keyboard import Keyboard

GRACE = ["--email", "grace.mbeki@example.com"]
LARGE = "I was charged twice for order #W1000009, please refund the second charge."
"""179.90: more than the desk may refund without an operator."""
WHERE = "Where is my order #W1000009?"


def switchboard(folder: Path, *arguments: str, given: str | bytes = "", new: bool = False, **variables: str) -> Any:
    """The command in this process, where it starts in no time; what is `given` is its standard input.

    Its data folder has been opened before, unless all is `new` or the database is elsewhere.
    """
    _open(folder, new, variables)
    out, err = (TextIOWrapper(BytesIO(), "utf-8") for _ in range(2))
    found = environment(folder, COLUMNS="120", **variables)
    with (
        chdir(folder),
        patch.dict(os.environ, found, clear=True),
        patch("sys.argv", ["switchboard", *arguments]),
        _standard_input(given.encode() if isinstance(given, str) else given),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    asked.folder, asked.allows_code, asked.allows_web = (
        None,
        False,
        False,
    )  # what was given is not for the next command of this process
    return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), _written(out), _written(err))


def _open(folder: Path, new: bool, variables: dict[str, str]) -> None:
    if not new and "SWITCHBOARD_DATABASE_URL" not in variables:
        data_folder(folder)


@contextmanager
def _standard_input(content: bytes) -> Iterator[None]:
    """What a command reads, from Python's stream or, as a keyboard is read, past it."""
    before = os.dup(0)
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        os.dup2(file.fileno(), 0)
    try:
        with (
            open(0, encoding="utf-8", closefd=False) as stream,
            patch("sys.stdin", stream),
            patch("switchboard.console.terminal.live.keyboard.keyboard", Keyboard()),
        ):
            yield
    finally:
        os.dup2(before, 0)
        os.close(before)


def _written(stream: TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, BytesIO)
    return buffer.getvalue().decode()


def started(folder: Path, *arguments: str, new: bool = False, **variables: str) -> Started:
    """A command that is under way in a process of its own."""
    _open(folder, new, variables)
    return Started(arguments, folder, environment(folder, **variables))


def said(done: Any) -> str:
    """All that was printed, without line breaks."""
    return " ".join((done.stdout + " " + done.stderr).split())


def document(folder: Path, *arguments: str, **options: Any) -> Any:
    """What the command prints with --json."""
    done = switchboard(folder, *arguments, "--json", **options)
    assert done.stdout, said(done)
    return json.loads(done.stdout)


def parked(folder: Path, **variables: str) -> tuple[str, str]:
    """A case that waits for an approval: the run's id and the hash of its call."""
    case_id = document(folder, "ask", LARGE, *GRACE, **variables)["case_id"]
    return case_id, document(folder, "show", case_id, **variables)["approvals"][0]["hash"]


def lines(found: Any, kind: str) -> list[str]:
    return [line["text"] for line in found["transcript"] if line["kind"] == kind]


def refunds(found: Any) -> list[tuple[str, int]]:
    """How each refund of a run ended, and over how many cents it was."""
    return [(c["status"], c["arguments"]["amount_cents"]) for c in found["tool_calls"] if c["tool"] == "refund_order"]
