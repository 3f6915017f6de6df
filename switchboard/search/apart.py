"""Files of strangers read in a process of its own, which may crash, hang or fill its memory and takes nothing with it.

It gets a file's bytes and gives a document. It has no environment, can write no file, and is bounded in time and memory.
"""

import os
import subprocess
import sys
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import IO, Self

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from switchboard.search.extractors.document import Document, Unreadable
from switchboard.search.extractors.kinds import KINDS, Kind, read

MOST_SECONDS = 60.0
"""For one file."""
MOST_MEMORY = 2_000_000_000
MOST_HERE = 250_000
"""Bytes of a file that is read in this process, whatever its kind: of a larger one a hostile line may be a minute's work."""
ROOT = Path(__file__).parents[2]
KEPT = ("SYSTEMROOT", "LANG", "LC_ALL")


@dataclass(frozen=True)
class Answer:
    document: Document | None = None
    why: str = ""


ANSWERS = TypeAdapter(Answer)


class Apart:
    """Reads files, large ones and those of dangerous kinds in a process that is started when the first of them comes."""

    def __init__(self, seconds: float = MOST_SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()

    def read(self, kind: Kind, name: str, content: bytes) -> Document:
        """What a file says. Raises Unreadable."""
        if not kind.apart and len(content) <= MOST_HERE:
            return read(kind, name, content)
        process = self._process = self._process or _started()
        late = Timer(self._seconds, process.kill)
        late.start()
        try:
            answer = _asked(process, kind, name, content)
        except BaseException as error:
            is_late = not late.is_alive()
            self._end()
            if not isinstance(error, OSError | EOFError):  # Ctrl-C, in the middle of an answer
                raise
            why = f"reading it took more than {self._seconds:g} seconds" if is_late else "it crashes what reads it"
            raise Unreadable(f"{why}, so it may be broken") from error
        finally:
            late.cancel()
        if answer.document is None:
            raise Unreadable(answer.why)
        return answer.document

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:  # what was not taken of the last file
                    continue


def _started() -> subprocess.Popen[bytes]:
    environment = {name: value for name in KEPT if (value := os.environ.get(name))}
    program = f"import sys; sys.path[:0] = {[str(ROOT), *sys.path]!r}; from {__name__} import serve; serve()"
    return subprocess.Popen(
        [sys.executable, "-I", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=ROOT.anchor,
        start_new_session=True,  # Ctrl-C is its parent's to hear
    )


def _asked(process: subprocess.Popen[bytes], kind: Kind, name: str, content: bytes) -> Answer:
    assert process.stdin and process.stdout
    for part in (kind.module.encode(), name.encode("utf-8", "replace"), content):
        _put(process.stdin, part)
    process.stdin.flush()
    return ANSWERS.validate_json(_taken(process.stdout))


def _put(pipe: IO[bytes], part: bytes) -> None:
    pipe.write(len(part).to_bytes(8, "big") + part)


def _taken(pipe: IO[bytes]) -> bytes:
    """One part. Raises EOFError where the other side is gone."""
    head = pipe.read(8)
    part = pipe.read(int.from_bytes(head, "big")) if len(head) == 8 else b""
    if len(head) < 8 or len(part) < int.from_bytes(head, "big"):
        raise EOFError
    return part


def serve() -> None:
    """The other process: answers until nobody asks."""
    answers, asked = os.fdopen(os.dup(1), "wb"), sys.stdin.buffer
    os.dup2(2, 1)  # a library that prints answers nothing
    _bound_memory()
    while True:
        try:
            module, name, content = (_taken(asked) for _ in range(3))
        except EOFError:
            return
        _bound_time()
        try:
            answer = Answer(read(KINDS[module.decode()], name.decode(), content))
        except Unreadable as error:
            answer = Answer(why=str(error))
        except MemoryError:
            answer = Answer(why=f"reading it takes more than {MOST_MEMORY // 1_000_000_000} GB of memory")
        except Exception as error:  # noqa: BLE001 - a file may break a library in any way
            answer = Answer(why=f"it is broken: it cannot be read ({type(error).__name__})")
        _put(answers, ANSWERS.dump_json(answer))
        answers.flush()


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # on Windows its parent's bound of time is all there is
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _bound_time() -> None:
    """So that it ends also where its parent does not live to end it."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + MOST_SECONDS) + 2, resource.RLIM_INFINITY))
