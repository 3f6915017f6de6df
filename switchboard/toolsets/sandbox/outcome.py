"""What every sandbox takes and gives: code, files to read, limits, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Protocol

KIB, MIB = 1024, 1024 * 1024
KINDS = {
    ".csv": "table",
    ".html": "page",
    ".json": "data",
    ".md": "text",
    ".pdf": "document",
    ".png": "picture",
    ".jpg": "picture",
    ".svg": "picture",
    ".txt": "text",
}


@dataclass(frozen=True)
class Limits:
    """What one block of code may use. `memory` is of all of its processes together, and of each; `output` is kept of each of
    the two streams, in bytes; `disk` is what it may write in all, `files` and `file_bytes` what is kept of that.
    """

    seconds: float = 20.0
    memory: int = 512 * MIB
    processes: int = 24
    output: int = 8 * KIB
    disk: int = 64 * MIB
    files: int = 20
    file_bytes: int = 8 * MIB


@dataclass(frozen=True)
class FileMade:
    """A regular file that the code left, by its path in the folder that it worked in."""

    name: str
    content: bytes = field(repr=False)

    @property
    def kind(self) -> str:
        return KINDS.get(PurePosixPath(self.name).suffix.lower(), "file")


@dataclass(frozen=True)
class Outcome:
    """What came of a block. `exit` is its exit code, negative for a signal, and None where it was ended or never began.

    `beyond` says that the sandbox speaks too little Python for it, so that one which speaks more may try. `left_out` counts
    what it left that is not kept: more files than `Limits.files`, too large ones, and all that is no regular file.
    """

    stdout: str = ""
    stderr: str = ""
    exit: int | None = None
    timed_out: bool = False
    out_of_memory: bool = False
    files: tuple[FileMade, ...] = ()
    left_out: int = 0
    beyond: bool = False

    @property
    def done(self) -> bool:
        return self.exit == 0


class Sandbox(Protocol):
    """A place where code can do no harm."""

    @property
    def name(self) -> str: ...

    def why_not(self) -> str:
        """Why it cannot be used on this machine, with what would help, in a sentence; "" where it can."""

    def run(self, code: str, files: Mapping[str, bytes], limits: Limits) -> Outcome:
        """Run the code in a folder that holds the files and nothing else. Never raises for what the code does."""


class Kept:
    """The beginning and the end of a stream, whatever its length."""

    def __init__(self, most: int) -> None:
        self._half, self._head, self._tail, self._seen = most // 2, bytearray(), bytearray(), 0

    def add(self, piece: bytes) -> None:
        self._seen += len(piece)
        room = self._half - len(self._head)
        self._head += piece[:room] if room > 0 else b""
        self._tail += piece[max(room, 0) :]
        del self._tail[: -self._half]

    def text(self) -> str:
        lost = self._seen - len(self._head) - len(self._tail)
        cut = f"\n[... {lost:,} bytes left out ...]\n".encode() if lost else b""
        return bytes(self._head + cut + self._tail).decode("utf-8", "replace")
