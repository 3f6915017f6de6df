"""`switchboard worker` as a process of its own."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from support.terminal import PLAIN, environment


class WorkerProcess(NamedTuple):
    """`switchboard worker` with what it prints in files: a pipe that nobody reads would stop it when it is full."""

    process: "subprocess.Popen[bytes]"
    out: Path
    err: Path

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def stopped(self, seconds: float = 60) -> str:
        """What it said on standard error when it ended, in order."""
        assert self.process.wait(seconds) == 0, self.err.read_text("utf-8")
        return self.err.read_text("utf-8")


@contextmanager
def worker(folder: Path, *options: str, **variables: str) -> Iterator[WorkerProcess]:
    """A worker that takes cases by now, with its limits."""
    out, err = (folder / f"{len(list(folder.iterdir()))}.{name}" for name in ("out", "err"))
    with out.open("wb") as first, err.open("wb") as second:
        command = [*PLAIN, "worker", *options]
        process = subprocess.Popen(command, cwd=folder, env=environment(folder, **variables), stdout=first, stderr=second)
    try:
        until = time.monotonic() + 60
        while "Taking cases" not in err.read_text("utf-8"):
            assert process.poll() is None and time.monotonic() < until, err.read_text("utf-8")
            time.sleep(0.05)
        yield WorkerProcess(process, out, err)
    finally:
        process.kill()
        process.wait()
