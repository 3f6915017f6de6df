"""The command `switchboard` with a data folder of its own, and no model unless one is named."""

import json
import os
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from support.terminal import PLAIN, environment
from switchboard.console.terminal.cli import main

GRACE = ["--email", "grace.mbeki@example.com"]
LARGE = "I was charged twice for order #W1000009, please refund the second charge."
"""179.90: more than the desk may refund without an operator."""
WHERE = "Where is my order #W1000009?"


def switchboard(folder: Path, *arguments: str, given: str | None = None, **variables: str) -> Any:
    """The command, with its input where there is one. Without, it runs in this process, which starts it in no time."""
    found = environment(folder, COLUMNS="120", **variables)
    if given is not None:
        command = [*PLAIN, *arguments]
        return subprocess.run(command, cwd=folder, env=found, input=given, capture_output=True, text=True, timeout=60)
    out, err = StringIO(), StringIO()
    here = (patch.dict(os.environ, found, clear=True), patch("sys.argv", ["switchboard", *arguments]))
    with here[0], here[1], redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main()
    return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), out.getvalue(), err.getvalue())


def started(folder: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """A command that is under way; its input stays open."""
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([*PLAIN, *arguments], cwd=folder, env=environment(folder, **variables), text=True, **pipes)


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
