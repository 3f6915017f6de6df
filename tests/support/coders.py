"""A team whose agent runs the program that a customer sends, and a process at work on it that can be killed."""

import sys
import time
from pathlib import Path
from typing import Any

from support import toys
from switchboard.declare.moves import Move, Say, call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.flows.hub import hub
from switchboard.toolsets.built_in.code import code_runner
from switchboard.toolsets.sandbox.outcome import Limits

MARK = "PROGRAM "
PASSES = Rule("approve", tool="run_python")
ASKS = Rule("ask", tool="run_python")


@tool(effect="compute", public=True)
def wait_for_file(ctx: Context, path: str) -> str:
    """Wait until a file is there."""
    Path(f"{path}.waits").touch()
    while not Path(path).exists():
        time.sleep(0.05)
    return "It is there."


def coder(view: Any) -> Move:
    """The program of the message, then the file that it says to wait for, if any."""
    program, _, awaited = view.text.removeprefix(MARK).partition(" THEN ")
    ran, waited = view.last("run_python"), view.last("wait_for_file")
    if ran is None:
        return call("run_python", code=program.replace("; ", "\n"))
    if awaited and ran.done and not waited:
        return call("wait_for_file", path=awaited)
    return Say(f"It gave {ran.result['stdout'] if ran.done else ran.text}")


def coders(room: Path, *rules: Rule, seconds: float = 10.0) -> TeamSpec:
    """A team of one, with these rules for its programs."""
    spec = toys.agent("coder", coder, code_runner(room, Limits(seconds=seconds, output=4096)), wait_for_file)
    waits = Rule("approve", tool="wait_for_file")
    return TeamSpec("coders", "For tests.", {"coder": spec}, hub("coder", {}), approvals=(*rules, waits))


def at_work(url: str, room: str, words: str) -> None:
    """Open a case and work on it, as a process that somebody kills."""
    from switchboard.cases.runs import Environment
    from switchboard.database import open_engine
    from switchboard.engine.worker import Worker

    with Worker(Environment(open_engine(url), {"coders": coders(Path(room), PASSES)}, allows_code=True)) as worker:
        ref = worker.open_case("coders", words)
        print(ref.case_id, flush=True)
        worker.work(ref)


if __name__ == "__main__":
    at_work(*sys.argv[1:])
