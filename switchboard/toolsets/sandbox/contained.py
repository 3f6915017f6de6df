"""Talking to the keeper inside a container: one request, frames back, and an end to it in any case.

What comes back is as the code might have written it: sizes are bounded, names are made harmless, and nothing is executed.
"""

import base64
import json
import os
import re
import selectors
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from switchboard.toolsets.sandbox.outcome import FileMade, Kept, Limits, Outcome

KEEPER = Path(__file__).with_name("inside.py")
GRACE_SECONDS = 5.0
"""For the keeper to begin, to gather the files, and to end."""
MOST_FRAME = 64 * 1024
"""Bytes of a line of JSON, and of a piece of a stream."""
MOST_COUNTED = 1_000_000_000
EXITS = range(-64, 256)
"""What a process ends with: the number of a signal, or its own word."""
OUT_OF_CPU = -24
"""The exit of who was ended by the limit of RLIMIT_CPU."""
MOST_ALIKE = 30
MOST_NAME = 200
"""Bytes of a part of a file's name; file systems take 255."""
UNSAFE = re.compile(r"[^\w.+@ -]")
BROKEN = "The container ended before the code did: {}"


def run_contained(
    command: Sequence[str],
    request: Mapping[str, Any],
    code: str,
    files: Mapping[str, bytes],
    limits: Limits,
    *,
    pass_fds: Sequence[int] = (),
    env: Mapping[str, str] | None = None,
    end: Callable[[], object] = lambda: None,
) -> Outcome:
    """Run the keeper by `command`, which contains it and sees of the environment what is in `env`. `end` is called where it has
    not ended in time, beside the kill.
    """
    asked = {
        **request,
        "code": base64.b64encode(code.encode("utf-8", "replace")).decode(),
        "files": {name: base64.b64encode(content).decode() for name, content in files.items()},
        "outside": str(Path("/proc/self/ns/pid").readlink()),
        "seconds": limits.seconds,
        "memory": limits.memory,
        "processes": limits.processes,
        "disk": limits.disk,
        "most_files": limits.files,
        "file_bytes": limits.file_bytes,
    }
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen([*command], env=env or {}, pass_fds=pass_fds, start_new_session=True, **pipes)  # type: ignore[call-overload]
    frames = Frames(limits)
    try:
        return _heard(process, json.dumps(asked).encode(), frames, time.monotonic() + limits.seconds + GRACE_SECONDS)
    finally:
        if process.poll() is None:
            end()
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()


def _heard(process: "subprocess.Popen[bytes]", request: bytes, frames: "Frames", deadline: float) -> Outcome:
    assert process.stdin and process.stdout and process.stderr
    try:
        process.stdin.write(request)
        process.stdin.close()
    except BrokenPipeError:
        pass
    own = Kept(2_000)
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, frames.add)
        selector.register(process.stderr, selectors.EVENT_READ, own.add)
        while selector.get_map() and not frames.is_over:
            left = deadline - time.monotonic()
            if left <= 0:
                return frames.outcome("", timed_out=True)
            for key, _ in selector.select(left):
                piece = os.read(key.fd, 1 << 16)
                if piece:
                    key.data(piece)
                else:
                    selector.unregister(key.fileobj)
    return frames.outcome(BROKEN.format(own.text().strip() or "it was killed."))


class Frames:
    """What the keeper writes, as it comes."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._waiting, self._left_out = limits, bytearray(), 0
        self._streams = {"stdout": Kept(limits.output), "stderr": Kept(limits.output)}
        self._files: dict[str, bytes] = {}
        self._room = limits.file_bytes
        self._ended: dict[str, Any] | None = None
        self.is_over = False
        """Whether nothing more is to be read: it came to its end, or is not in the form of frames."""

    def add(self, piece: bytes) -> None:
        self._waiting += piece
        while not self.is_over and self._next():
            pass

    def _next(self) -> bool:
        """Take one whole frame, if it is there."""
        at = self._waiting.find(b"\n", 0, MOST_FRAME)
        if at < 0:
            self.is_over = len(self._waiting) > MOST_FRAME
            return False
        try:
            frame = json.loads(self._waiting[:at])
            size = whole(frame.get("size", 0))
        except (ValueError, AttributeError, RecursionError):
            self.is_over = True
            return False
        if size is None or size > (self._limits.file_bytes if "file" in frame else MOST_FRAME):
            self.is_over = True
            return False
        if len(self._waiting) < at + 1 + size:
            return False
        content = bytes(self._waiting[at + 1 : at + 1 + size])
        del self._waiting[: at + 1 + size]
        self._take(frame, content)
        return True

    def _take(self, frame: dict[str, Any], content: bytes) -> None:
        if frame.get("stream") in ("stdout", "stderr"):
            self._streams[frame["stream"]].add(content)
        elif "file" in frame:
            name = harmless(str(frame["file"]), self._files)
            if name and len(self._files) < self._limits.files and len(content) <= self._room:
                self._files[name] = content
                self._room -= len(content)
            else:
                self._left_out += 1
        elif "left_out" in frame:
            self._left_out = min(MOST_COUNTED, self._left_out + (whole(frame["left_out"]) or 0))
        elif isinstance(frame.get("ended"), dict):
            self._ended, self.is_over = frame["ended"], True

    def outcome(self, broken: str, *, timed_out: bool = False) -> Outcome:
        """What came of it; `broken` is what is told where the keeper told no end."""
        ended = self._ended or {}
        found = ended.get("exit")
        code = found if isinstance(found, int) and not isinstance(found, bool) and found in EXITS else None
        stdout, stderr = self._streams["stdout"].text(), self._streams["stderr"].text()
        if self._ended is None and not timed_out:
            stderr = f"{stderr}\n{broken}".strip()
        late = timed_out or ended.get("timed_out") is True or code == OUT_OF_CPU
        return Outcome(
            stdout=stdout,
            stderr=stderr,
            exit=None if late else code,
            timed_out=late,
            out_of_memory=ended.get("out_of_memory") is True or "\nMemoryError" in f"\n{stderr}"[-500:],
            files=tuple(FileMade(name, content) for name, content in sorted(self._files.items())),
            left_out=self._left_out,
        )


def whole(value: object) -> int | None:
    """A number of things, if it is one that there can be; code that writes frames gives any number, or none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_COUNTED else None


def harmless(name: str, taken: Mapping[str, bytes]) -> str:
    """The name of a file as it may stand in a folder and on a screen: parts without a dot in front, three at the most, of
    letters, digits and a few marks, and not one that is taken; "" where nothing is left of it.
    """
    parts = [UNSAFE.sub("_", part).strip(" .").encode()[:MOST_NAME].decode("utf-8", "ignore") for part in name.split("/")]
    if not all(parts) or len(parts) > 3:
        return ""
    *folders, last = parts
    stem, dot, ending = last.rpartition(".") if "." in last else (last, "", "")
    used = [other.casefold() for other in taken]
    for number in range(1, MOST_ALIKE):
        found = "/".join([*folders, last if number == 1 else f"{stem}_{number}{dot}{ending}"])
        low = found.casefold()
        if not any(o == low or o.startswith(f"{low}/") or low.startswith(f"{o}/") for o in used):
            return found
    return ""
