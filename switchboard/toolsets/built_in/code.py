"""The tool by which an agent runs Python that it wrote, in the best sandbox of this machine."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from switchboard.characters import shown
from switchboard.declare.tool import Context, Tool, tool
from switchboard.errors import ToolError
from switchboard.toolsets.sandbox.choice import run_code
from switchboard.toolsets.sandbox.folder import keep_files
from switchboard.toolsets.sandbox.outcome import KIB, Limits, Outcome

LIMITS = Limits(output=4 * KIB)
SECONDS = 60.0
"""For one block in all: its own time in each sandbox that is tried, and what it takes to start these."""
Code = Annotated[str, Field(min_length=1, max_length=20_000, description="A whole Python program.")]


class KeptFile(BaseModel):
    """A file that the code made: its path, relative to the project, its size in bytes, and what it is."""

    path: str
    bytes: int
    kind: str


class Ran(BaseModel):
    """What a block of code came to. `exit` is 0 where it ended well; `note` says what else there is to know."""

    exit: int | None
    stdout: str
    stderr: str
    sandbox: str
    timed_out: bool = False
    out_of_memory: bool = False
    files: list[KeptFile] = []
    note: str = ""


def code_runner(room: Path, limits: Limits = LIMITS) -> Tool:
    """The tool `run_python`. What a block makes is kept in a folder of its own in `room`, by the ids of its case and call.

    It is made once by its record: after a crash a block whose result is recorded is not run again. One that was under way is,
    and may be, since it reaches nothing outside of its sandbox; its folder is made anew then.
    """

    @tool(effect="compute", public=True, runs_code=True, timeout=SECONDS, called="a calculation")
    def run_python(ctx: Context, code: Code) -> Ran:
        """Run a Python program in a sandbox and get what it printed. Print all that you want to know. Nothing stays from one
        program to the next. It has no network; files that it writes into the current folder are kept for people, under `files`.
        """
        choice, outcome = run_code(code, {}, limits)
        if outcome is None or choice.sandbox is None:
            raise ToolError(choice.why, code="no_sandbox")
        block = f"{ctx.case_id}/{ctx.call_id}"
        if outcome.files:
            keep_files(room, block, outcome.files)
        files = [
            KeptFile(path=f"{room.name}/{block}/{made.name}", bytes=len(made.content), kind=made.kind) for made in outcome.files
        ]
        return Ran(
            exit=outcome.exit,
            stdout=shown(outcome.stdout),
            stderr=shown(outcome.stderr),
            sandbox=choice.sandbox.name,
            timed_out=outcome.timed_out,
            out_of_memory=outcome.out_of_memory,
            files=files,
            note=" ".join(part for part in (_ended(outcome, limits), choice.why) if part),
        )

    return run_python


def _ended(outcome: Outcome, limits: Limits) -> str:
    """What its exit does not say."""
    left = f"{outcome.left_out} more that it left are not kept." if outcome.left_out else ""
    if outcome.timed_out:
        return f"It did not end within {limits.seconds:g} seconds. {left}".strip()
    if outcome.out_of_memory:
        return f"It wanted more memory than {limits.memory // KIB // KIB} MiB. {left}".strip()
    return left
