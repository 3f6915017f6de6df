"""What runs inside a container with the code, as its keeper: a program of its own that needs the standard library alone.

It reads one request from its standard input, runs the code as a child, counts time, memory and files, ends all that the code
left behind, and writes frames to its standard output: a line of JSON each, for a file followed by its bytes. Whoever reads
them trusts nothing in them: code that is not kept from its keeper could write them, too.
"""

import base64
import json
import os
import resource
import selectors
import signal
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

WORK = "/work"
MAIN = "main.py"
BOOT = "import runpy, sys; sys.path[:0] = {paths!r}; sys.argv = ['main.py']; runpy.run_path('main.py', run_name='__main__')"
TICK = 0.05
MOST_INODES = 5_000
MOST_SEEN = 20_000
"""Entries of folders that are looked at."""
ENVIRONMENT = {
    "HOME": WORK,
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": WORK + "/.matplotlib",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
    "TMPDIR": WORK,
}


def write(frame: dict[str, Any], content: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(frame).encode() + b"\n" + content)
    sys.stdout.buffer.flush()


def become(uid: int | None) -> None:
    """Give up root for good, where the keeper is root."""
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)


def begin(request: dict[str, Any], out: int, err: int) -> int:
    """Start the code as a child with its limits; returns its process id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        for number, target in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
            os.dup2(number, target)
        os.closerange(3, 256)
        limits = {
            resource.RLIMIT_AS: request["memory"],
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_CPU: int(request["seconds"]) + 1,
            resource.RLIMIT_FSIZE: request["disk"],
            resource.RLIMIT_NOFILE: 128,
            resource.RLIMIT_NPROC: request["processes"],
        }
        for which, most in limits.items():
            resource.setrlimit(which, (most, most))
        become(request["uid"])
        boot = BOOT.format(paths=request["paths"])
        os.execve(sys.executable, [sys.executable, "-I", "-S", "-B", "-c", boot], ENVIRONMENT)
    except BaseException as error:  # noqa: BLE001 - it must not go on as a second keeper
        os.write(2, f"Python could not be started: {error!r}\n".encode())
    os._exit(127)


def used() -> int:
    """The bytes of memory that all processes but the first and this one hold, by /proc."""
    page, pages = os.sysconf("SC_PAGE_SIZE"), 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) not in (1, os.getpid()):
            try:
                pages += int((folder / "statm").read_bytes().split()[1])
            except (OSError, IndexError, ValueError):
                continue
    return pages * page


def inodes() -> int:
    about = os.statvfs(WORK)
    return about.f_files - about.f_ffree


def watch(request: dict[str, Any], child: int, streams: dict[int, str]) -> dict[str, Any]:
    """Pass on what the code writes until it ends, or has used up what it may use. Returns how it ended."""
    deadline = time.monotonic() + request["seconds"]
    ended: dict[str, Any] = {"exit": None, "timed_out": False, "out_of_memory": False}
    selector = selectors.DefaultSelector()
    for number in streams:
        selector.register(number, selectors.EVENT_READ)
    looks, over_at = 0.0, 0.0
    while not over_at or (selector.get_map() and time.monotonic() < over_at + 1):
        for key, _ in selector.select(TICK):
            piece = os.read(key.fd, 1 << 16)
            if piece:
                write({"stream": streams[key.fd], "size": len(piece)}, piece)
            else:
                selector.unregister(key.fd)
        now = time.monotonic()
        if over_at or now < looks:
            continue
        looks = now + TICK / 2
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            ended["exit"] = os.waitstatus_to_exitcode(status)
        elif now > deadline:
            ended["timed_out"] = True
        else:
            ended["out_of_memory"] = used() > request["memory"] or inodes() > MOST_INODES
        if pid or ended["timed_out"] or ended["out_of_memory"]:
            with suppress(ProcessLookupError):  # it left none
                os.kill(-1, signal.SIGKILL)  # all that there is in this namespace but its first process and this one
            over_at = now
    return ended


def export(request: dict[str, Any]) -> int:
    """Write a frame for each regular file that may be kept; returns how much is left out. Links are not followed."""
    given, left_out, kept, room, seen = {MAIN, *request["files"]}, 0, 0, request["file_bytes"], 0
    folders = [""]
    while folders and seen < MOST_SEEN:
        folder = folders.pop(0)
        try:
            entries = sorted(os.scandir(folder or WORK), key=lambda e: e.name)
        except OSError:  # it was closed to its owner, or its name is longer than any
            left_out += 1
            continue
        for entry in entries:
            name = f"{folder}/{entry.name}" if folder else entry.name
            seen += 1
            if entry.name.startswith(".") or entry.name == "__pycache__" or name in given:
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(name)
                continue
            content = content_of(name, room) if kept < request["most_files"] else None
            if content is None:
                left_out += 1
                continue
            write({"file": name.encode("utf-8", "replace").decode("utf-8", "replace"), "size": len(content)}, content)
            kept, room = kept + 1, room - len(content)
    return left_out + len(folders)


def content_of(name: str, most: int) -> bytes | None:
    """A regular file's content, if it is no longer than that."""
    try:
        number = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(number, "rb") as file:
        about = os.fstat(number)
        return file.read(most) if stat.S_ISREG(about.st_mode) and about.st_size <= most else None


def main() -> None:
    request = json.loads(sys.stdin.buffer.read())
    if str(Path("/proc/self/ns/pid").readlink()) == request["outside"]:
        sys.exit("This is no container of its own, so nothing is run.")
    os.umask(0o022)
    os.chdir(WORK)
    for name, content in {**request["files"], MAIN: request["code"]}.items():
        Path(name).write_bytes(base64.b64decode(content))
    (out, out_end), (err, err_end) = os.pipe(), os.pipe()
    child = begin(request, out_end, err_end)
    os.close(out_end)
    os.close(err_end)
    ended = watch(request, child, {out: "stdout", err: "stderr"})
    exporter = os.fork()  # as whoever ran the code: what that one may not read, or not without end, is not read
    if exporter == 0:
        become(request["uid"])
        write({"left_out": export(request)})
        os._exit(0)
    os.waitpid(exporter, 0)
    write({"ended": ended})


if __name__ == "__main__":
    main()
