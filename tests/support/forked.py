"""The command in a process of its own, forked from one that has everything imported: it costs a tenth of a start.

A test of the start itself starts an interpreter of its own.
"""

import atexit
import fcntl
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

ROOT = Path(__file__).parents[2]
LONGEST = 1 << 20
"""Bytes of an order."""
START_SECONDS = 120
IMPORTED = (
    "rich.console",
    "rich.table",
    "rich.progress",
    "typer",
    "prompt_toolkit",
    "alembic.operations",
    "groupchats.desk",
    "groupchats.research",
    "switchboard.engine.worker",
    "switchboard.loop.autogen_chat",
    "tools.store",
)
"""All that takes long, and nothing that looks at the terminal or at the environment when it is imported."""


class Forked:
    """A process, as `subprocess.Popen` tells of one; `streams` are its standard input, output and error.

    With `leads` it has a session of its own, and the first stream is its controlling terminal.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        streams: Sequence[int],
        leads: bool = False,
    ) -> None:
        self._told, writing = os.pipe()
        self._heard = b""
        order = {"arguments": arguments, "folder": str(folder), "environment": environment, "leads": leads}
        socket.send_fds(_nursery(), [json.dumps(order).encode() + b"\n"], [*streams, writing])
        os.close(writing)
        self.pid = self._number(START_SECONDS)  # by then the order was taken, and the next one can be given
        self.returncode: int | None = None

    def __del__(self) -> None:
        os.close(self._told)

    def wait(self, timeout: float) -> int:
        """How it ended. Raises TimeoutExpired."""
        if self.returncode is None:
            self.returncode = self._number(timeout)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _number(self, seconds: float) -> int:
        """The next line of what is told of it."""
        while b"\n" not in self._heard:
            if not select.select([self._told], [], [], seconds)[0]:
                raise subprocess.TimeoutExpired("switchboard", seconds)
            heard = os.read(self._told, 100)
            assert heard, "the process from which commands are forked is gone"
            self._heard += heard
        line, _, self._heard = self._heard.partition(b"\n")
        return int(line)


class Started(Forked):
    """A command whose input stays open until it is asked what it printed."""

    def __init__(self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        reading, writing = os.pipe()
        self._input = os.fdopen(writing, "wb")
        self._printed = [TemporaryFile("w+", encoding="utf-8") for _ in range(2)]  # noqa: SIM115 - they end with this
        super().__init__(arguments, folder, environment, [reading, *(file.fileno() for file in self._printed)])
        os.close(reading)

    def communicate(self, timeout: float) -> tuple[str, str]:
        """What it printed on standard output and standard error, when it has ended. Raises TimeoutExpired."""
        self._input.close()
        self.wait(timeout)
        for file in self._printed:
            file.seek(0)
        return self._printed[0].read(), self._printed[1].read()


@cache
def _nursery() -> socket.socket:
    ours, theirs = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, __file__, str(theirs.fileno())],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
        pass_fds=[theirs.fileno()],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait(10)

    atexit.register(end)
    return ours


def nursery(orders: socket.socket) -> None:
    """Fork a process for each order. It ends when nobody gives any more."""
    for name in IMPORTED:
        import_module(name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        order, streams, *_ = socket.recv_fds(orders, LONGEST, 4)
        while order and not order.endswith(b"\n"):
            order += orders.recv(LONGEST)
        if not order:
            return
        if os.fork() == 0:
            orders.close()
            watch(json.loads(order), streams)
            return
        for stream in streams:
            os.close(stream)


def watch(order: Mapping[str, Any], streams: Sequence[int]) -> None:
    """Run the command in a child, and tell its number and how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    told = streams[3]
    pid = os.fork()
    if pid == 0:
        os.close(told)
        command(order, streams[:3])
        return
    os.write(told, b"%d\n" % pid)
    for stream in streams[:3]:
        os.close(stream)
    os.write(told, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    os._exit(0)


def command(order: Mapping[str, Any], streams: Sequence[int]) -> None:
    """What a fresh interpreter would find, and then the command; the process ends as it ends."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    if order["leads"]:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # or Ctrl-C would be a character and no signal
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["switchboard", *order["arguments"]]
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.__stdout__ = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.__stderr__ = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
    from switchboard.console.terminal.cli import main

    main()


if __name__ == "__main__":
    nursery(socket.socket(fileno=int(sys.argv[1])))
