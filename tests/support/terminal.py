"""A pseudo-terminal with the command on it: types like a person, and reads what the person would see."""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time
from pathlib import Path

from support.forked import Forked
from support.own_shop import data_folder

PLAIN = [sys.executable, "-c", "from switchboard.console.terminal.cli import main; main()"]
CTRL_C, CTRL_D = "\x03", "\x04"
PATIENCE_SECONDS = 20
SENT = "\x1b[?2004l"
"""What a terminal is told when a text is no longer edited: pastes need no marks any more."""


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """What the command finds: a data folder of its own, no model, and nothing that forces or forbids colours."""
    ours = ("SWITCHBOARD_", "OAI_", "OPENAI_")
    screen = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(ours) and k not in screen}
    return {**inherited, "TERM": "xterm-256color", "SWITCHBOARD_DATA": str(folder / "data"), **variables}


class Terminal:
    """`seen` is everything that was on the screen, with carriage returns taken out."""

    def __init__(self, folder: Path, *arguments: str, columns: int = 250, **variables: str) -> None:
        data_folder(folder)
        self._screen, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        self._process = Forked(arguments, folder, environment(folder, **variables), [slave] * 3, leads=True)
        os.close(slave)
        self.seen = ""
        self._read_up_to = 0

    def wait_for(self, words: str) -> None:
        """Read until `words` stand behind what was waited for before. Over a space at the end the cursor only moves."""
        words = words.rstrip(" ")
        while words not in (new := self.seen[self._read_up_to :]):
            assert self._more(), f"{words!r} did not come; what came is:\n{new}"
        self._read_up_to = self.seen.index(words, self._read_up_to) + len(words)

    def type(self, keys: str | bytes) -> None:
        os.write(self._screen, keys.encode() if isinstance(keys, str) else keys)

    def interrupt(self) -> None:
        """Ctrl-C. Like a person, not within the microseconds between the prompt and the read, where CPython misses it."""
        time.sleep(0.2)
        self.type(CTRL_C)

    def hang_up(self) -> int:
        """Close the terminal under the command, as its window or a connection is closed. Returns the exit code."""
        os.close(self._screen)
        try:
            return self._process.wait(PATIENCE_SECONDS)
        finally:
            self._process.kill()

    def answer(self, prompt: str, line: str) -> None:
        """Type a line behind a prompt; what is shown of both while it is edited and sent is over then."""
        self.wait_for(prompt)
        self.type(line + "\n")
        self.wait_for(SENT)

    def end(self) -> int:
        """Read to the end. Returns the exit code."""
        while self._more():
            pass
        try:
            return self._process.wait(PATIENCE_SECONDS)
        finally:
            self._process.kill()
            os.close(self._screen)

    def _more(self) -> bool:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not select.select([self._screen], [], [], 0.2)[0]:
            if time.monotonic() > deadline:
                return False
        try:
            new = os.read(self._screen, 65536)
        except OSError:  # EIO: the last process that had the terminal open is gone
            return False
        self.seen += new.decode("utf-8", "replace").replace("\r", "")
        return bool(new)


def colours(text: str) -> list[str]:
    """The escape sequences in a text that set a colour, not only bold or dim."""
    return [code for code in re.findall(r"\x1b\[([\d;]*)m", text) if re.search(r"(^|;)(3|4|9|10)\d", code)]


def plain(text: str) -> str:
    """A text without what moves the cursor, colours it, or sets the terminal."""
    return re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", text)
