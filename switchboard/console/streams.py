"""What a command reads from and writes to, as the shell that starts it gave or did not give it."""

import os
import signal
import sys


def stop_when_the_terminal_closes() -> None:
    """Have a terminal that goes away stop what is under way, as Ctrl-C does; then nothing is read from it or shown there.

    Who ignores it, as under nohup, works on.
    """
    ours = [number for number in (0, 1, 2) if os.isatty(number)]

    def hang_up(number: int, frame: object) -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # it comes again when the shell ends, and would break the closing off
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in ours:
            os.dup2(nothing, stream)
        os.kill(os.getpid(), signal.SIGINT)

    if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
        signal.signal(signal.SIGHUP, hang_up)


def open_closed_streams() -> None:
    """Where a stream is closed read and write nothing there, so that no file, such as the database, gets its number later."""
    for number, name, mode in ((0, "stdin", os.O_RDONLY), (1, "stdout", os.O_WRONLY), (2, "stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, mode)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))  # noqa: SIM115
