"""The sandboxes: what each is, which is used, what is believed of what comes out of one, and where it is kept."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.absent import needs

from switchboard.errors import ToolError
from switchboard.toolsets.sandbox import docker
from switchboard.toolsets.sandbox.bubblewrap import Bubblewrap
from switchboard.toolsets.sandbox.choice import run_code, sandbox_for
from switchboard.toolsets.sandbox.contained import KEEPER, Frames, harmless
from switchboard.toolsets.sandbox.folder import keep_files
from switchboard.toolsets.sandbox.monty import MOST_MEMORY, Monty
from switchboard.toolsets.sandbox.outcome import FileMade, Kept, Limits, Outcome

LIMITS = Limits(seconds=2.0)
needs_monty = needs(Monty().why_not())


@dataclass
class Stub:
    """A sandbox that gives what it is told to."""

    name: str
    gives: Outcome
    trouble: str = ""
    runs: int = 0

    def why_not(self) -> str:
        return self.trouble

    def run(self, code: str, files: Mapping[str, bytes], limits: Limits) -> Outcome:
        self.runs += 1
        return self.gives


def test_the_best_sandbox_is_used_and_why_no_better_one_is_said() -> None:
    small, whole = Stub("small", Outcome(exit=0), "small is not installed."), Stub("whole", Outcome(exit=0))
    choice = sandbox_for(among=[small, whole])
    assert choice.sandbox is whole and choice.why == "small is not installed."


def test_without_a_sandbox_nothing_runs_and_what_would_help_is_said() -> None:
    small, whole = Stub("small", Outcome(), "Install small."), Stub("whole", Outcome(), "Install whole.")
    choice, outcome = run_code("print(1)", {}, LIMITS, [small, whole])
    assert (outcome, choice.sandbox) == (None, None)
    assert choice.why == "No code can be run here. Install small. Install whole."
    assert small.runs == whole.runs == 0


def test_code_that_is_beyond_one_goes_to_the_next() -> None:
    beyond = Outcome(stderr="Traceback\nImportError: no numpy", exit=1, beyond=True)
    small, whole = Stub("small", beyond), Stub("whole", Outcome(stdout="3", exit=0))
    choice, outcome = run_code("import numpy", {}, LIMITS, [small, whole])
    assert outcome and outcome.stdout == "3" and choice.sandbox is whole
    assert choice.why == "small does not run this code (ImportError: no numpy)."
    alone = Stub("small", beyond)
    assert run_code("import numpy", {}, LIMITS, [alone]) == (sandbox_for(among=[alone]), beyond)


def test_code_that_failed_of_itself_is_not_run_again() -> None:
    small, whole = Stub("small", Outcome(exit=1, stderr="ZeroDivisionError")), Stub("whole", Outcome(exit=0))
    run_code("1 / 0", {}, LIMITS, [small, whole])
    assert (small.runs, whole.runs) == (1, 0)


@needs_monty
def test_monty_computes() -> None:
    came = Monty().run("from decimal import Decimal\nprint(Decimal('0.1') + Decimal('0.2'))", {}, LIMITS)
    assert came == Outcome(stdout="0.3\n", exit=0)


@needs_monty
@pytest.mark.parametrize(
    "code",
    [
        "import socket",
        "import ctypes",
        "import subprocess",
        "import os\nos.system('id')",
        "import os\nos.fork()",
        "import os\nprint(os.environ)",
        "import os\nprint(os.getenv('HOME'))",
        "import os\nprint(os.listdir('/'))",
        "print(open('/etc/passwd').read())",
        "import pathlib\nprint(pathlib.Path('/etc/passwd').read_text())",
        "import pathlib\npathlib.Path('link').symlink_to('/etc/passwd')",
        "open('planted', 'w').write('x')",
        "print(().__class__.__bases__[0].__subclasses__())",
        "print(__import__('os').system('id'))",
        "print(eval('open(\\'x\\')'))",
        "exec('import socket')",
    ],
)
def test_monty_refuses_what_would_reach_out(code: str) -> None:
    came = Monty().run(code, {}, LIMITS)
    assert came.exit == 1 and came.stdout == "" and came.stderr
    assert came.beyond


@pytest.mark.slow
@needs_monty
def test_monty_ends_what_uses_too_much() -> None:
    assert Monty().run("while True: pass", {}, Limits(seconds=0.3)).timed_out
    assert Monty().run(f"x = 'a' * {2 * MOST_MEMORY}", {}, LIMITS).out_of_memory
    assert Monty().run("x = []\nwhile True: x.append('a' * 1000)", {}, LIMITS).out_of_memory
    assert "Recursion" in Monty().run("def f(n): return f(n + 1)\nf(0)", {}, LIMITS).stderr
    talks = Monty().run("while True: print('x' * 100000)", {}, Limits(seconds=1.0, output=1000))
    assert talks.timed_out and len(talks.stdout) < 1100 and "left out" in talks.stdout


def frame(content: bytes = b"", **fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n" + content


ENDED = frame(ended={"exit": 0, "timed_out": False, "out_of_memory": False})


def read(*pieces: bytes, limits: Limits = LIMITS) -> Outcome:
    frames = Frames(limits)
    for piece in pieces:
        frames.add(piece)
    return frames.outcome("It broke.")


def test_frames_are_read_however_they_are_cut() -> None:
    whole = frame(b"1\n", stream="stdout", size=2) + frame(b"x,y", file="a/b.csv", size=3) + frame(left_out=2) + ENDED
    for step in (1, 3, 1000):
        came = read(*(whole[n : n + step] for n in range(0, len(whole), step)))
        assert came == Outcome(stdout="1\n", exit=0, files=(FileMade("a/b.csv", b"x,y"),), left_out=2)


@pytest.mark.parametrize(
    "hostile",
    [
        frame(b"x", file="../../etc/passwd", size=1),
        frame(b"x", file="/etc/passwd", size=1),
        frame(b"x", file=".bashrc", size=-1),
        frame(b"x", file="x", size=10**12),
        frame(b"x", stream="stdout", size=True) + b"[1]\n",
        b"[" * 100_000,
        b"no json\n",
        b"x" * 200_000,
        frame(ended="yes"),
        frame(left_out="many", stream=["stdout"]),
        frame(b"x", file={"a": 1}, size="1e9"),
        b'{"stream": "stdout", "size": Infinity}\n',
        b'{"file": "x", "size": 1e999}\n',
        (b'{"left_out": ' + b"9" * 4300 + b"}\n") * 3,
        frame(left_out=-7),
        b'{"ended": {"exit": ' + b"9" * 4300 + b"}}\n",
        b'{"size": ' + b"9" * 5000 + b"}\n",
    ],
)
def test_nothing_hostile_in_a_frame_is_believed(hostile: bytes) -> None:
    came = read(hostile, ENDED)
    for made in came.files:
        assert ".." not in made.name.split("/") and not made.name.startswith(("/", "."))
    assert came.done or came.exit is None or "It broke." in came.stderr
    assert came.left_out >= 0 and len(f"{came.left_out} {came.exit}") < 20


def test_no_more_is_kept_than_may_be() -> None:
    limits = Limits(files=2, file_bytes=10)
    many = [frame(b"12345", file=f"{n}.txt", size=5) for n in range(5)]
    came = read(*many, ENDED, limits=limits)
    assert [made.name for made in came.files] == ["0.txt", "1.txt"] and came.left_out == 3


@example(["\u0908" * 85 + "A", "\u0908" * 85 + "a"])
@given(st.lists(st.text(max_size=40), max_size=8))
def test_every_name_is_harmless_and_none_is_taken_twice(names: list[str]) -> None:
    taken: dict[str, bytes] = {}
    for name in names:
        if found := harmless(name, taken):
            taken[found] = b""
    assert not any(len(part.encode()) > 255 for name in taken for part in name.split("/"))
    folded = [name.casefold() for name in taken]
    assert len(set(folded)) == len(folded)
    for name in taken:
        parts = name.split("/")
        assert name.isprintable() and len(parts) <= 3 and all(part and not part.startswith(".") for part in parts)
        assert not any(other.startswith(f"{name.casefold()}/") for other in folded)


def test_a_long_stream_keeps_its_beginning_and_its_end() -> None:
    kept = Kept(10)
    for piece in (b"abc", b"defgh", b"ijklmnop", b"qr"):
        kept.add(piece)
    assert kept.text() == "abcde\n[... 8 bytes left out ...]\nnopqr"


def test_files_are_kept_and_a_second_try_begins_anew(tmp_path: Path) -> None:
    keep_files(tmp_path, "case/call", [FileMade("old.txt", b"1"), FileMade("a/b.txt", b"2")])
    folder = keep_files(tmp_path, "case/call", [FileMade("new.txt", b"3")])
    assert [path.name for path in folder.iterdir()] == ["new.txt"]


def test_no_planted_link_is_written_through(tmp_path: Path) -> None:
    room, elsewhere = tmp_path / "coding", tmp_path / "elsewhere"
    room.mkdir()
    elsewhere.mkdir()
    (elsewhere / "kept.txt").write_text("mine")
    (room / "case").symlink_to(elsewhere)
    keep_files(room, "case/call", [FileMade("kept.txt", b"theirs")])
    assert [path.name for path in elsewhere.iterdir()] == ["kept.txt"]
    assert (elsewhere / "kept.txt").read_text() == "mine"
    assert (room / "case/call/kept.txt").read_bytes() == b"theirs" and not (room / "case").is_symlink()
    (room / "other").mkdir()
    (room / "other/call").symlink_to(elsewhere / "kept.txt")
    keep_files(room, "other/call", [FileMade("x.txt", b"x")])
    assert (elsewhere / "kept.txt").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_takes_nothing_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ToolError, match="could not be kept"):
        keep_files(tmp_path, "case/call", [FileMade("x.txt", b"x")])


def test_without_docker_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert docker.Docker().why_not() == "Docker is not there."


def test_bubblewrap_that_cannot_make_namespaces_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr("switchboard.toolsets.sandbox.bubblewrap.programs", lambda: iter([str(broken)]))
    assert "No permissions to create new namespace" in Bubblewrap().why_not()
    monkeypatch.setattr("switchboard.toolsets.sandbox.bubblewrap.programs", lambda: iter([]))
    assert "apt install bubblewrap" in Bubblewrap().why_not()


def test_the_keeper_runs_nothing_outside_of_a_container(tmp_path: Path) -> None:
    asked = json.dumps({"outside": str(Path("/proc/self/ns/pid").readlink()), "files": {}, "code": ""})
    ran = subprocess.run([sys.executable, str(KEEPER)], input=asked, text=True, capture_output=True, check=False)
    assert ran.returncode == 1 and "nothing is run" in ran.stderr
