"""Monty: an interpreter of a subset of Python that has no file, no network, no environment and no other process to reach.

It computes: arithmetic, text, lists and tables that stand in the code. What it does not speak is `beyond` it.
"""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import files as files_of
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from switchboard.toolsets.sandbox.outcome import MIB, Kept, Limits, Outcome

HELP = "pydantic-monty is not installed: pip install 'switchboard-desk[sandbox]'."
MOST_MEMORY = 128 * MIB
BEYOND = (ImportError, RuntimeError, PermissionError, AttributeError, NameError, TypeError, SyntaxError)
"""What it raises where a whole Python may know more."""


class Monty:
    """The extra `sandbox` brings it. Each block has a worker process of its own, which ends with it."""

    name = "monty"

    def why_not(self) -> str:
        return "" if find_spec("pydantic_monty") and program() else HELP

    def run(self, code: str, files: Mapping[str, bytes], limits: Limits) -> Outcome:
        if files:
            return Outcome(stderr="It reads no files.", exit=1, beyond=True)
        import pydantic_monty as monty

        told = {"stdout": Kept(limits.output), "stderr": Kept(limits.output)}
        bounds: Any = {"max_feed_duration_secs": limits.seconds, "max_memory": min(limits.memory, MOST_MEMORY)}
        error: BaseException | None = None
        timed_out = False
        try:
            with (
                monty.Monty(binary_path=program(), request_timeout=limits.seconds + 2, max_processes=1) as pool,
                pool.checkout(limits=bounds) as session,
            ):
                session.feed_run(code, print_callback=lambda stream, text: told[stream].add(text.encode("utf-8", "replace")))
        except monty.MontyCrashedError as crashed:
            error, timed_out = crashed, crashed.timed_out
        except (monty.MontyRuntimeError, monty.MontySyntaxError) as raised:
            error = raised.exception()
            told["stderr"].add(raised.display().encode("utf-8", "replace"))
        except (monty.MontyError, OSError) as raised:
            error = raised
            told["stderr"].add(str(raised).encode("utf-8", "replace"))
        return Outcome(
            stdout=told["stdout"].text(),
            stderr=told["stderr"].text(),
            exit=None if timed_out or isinstance(error, TimeoutError) else int(error is not None),
            timed_out=timed_out or isinstance(error, TimeoutError),
            out_of_memory=isinstance(error, MemoryError),
            beyond=isinstance(error, BEYOND),
        )


@cache
def program() -> str:
    """The interpreter's program, where its wheel has put it, which need not be the folder of this Python's scripts; else ""."""
    try:
        found = [Path(str(file.locate())) for file in files_of("pydantic-monty-runtime") or () if file.stem == "monty"]
    except PackageNotFoundError:
        return ""
    return next((str(path.resolve()) for path in found if path.is_file()), "")
