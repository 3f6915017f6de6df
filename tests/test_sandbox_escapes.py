"""Code in bubblewrap tries to get out, as root's and as a normal user's: it reaches nothing, and leaves nothing behind."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from support.contained import WHO, contained, processes_with

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is for Linux alone")
TRIES = """
def tried(name, act):
    try:
        print(name, "DONE", act())
    except BaseException as error:
        print(name, "refused", type(error).__name__)
"""
SYSCALLS = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
"""


@pytest.fixture(params=WHO)
def who(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def mark() -> str:
    return f"mark-{uuid4().hex}"


@pytest.fixture
def server() -> Iterator[tuple[int, list[object]]]:
    """A server on the loopback, and who came."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    came.append(listening.accept())
                except TimeoutError:
                    continue

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1], came
        over.set()
        thread.join()


def test_it_computes_with_the_whole_of_python(who: str) -> None:
    came = contained(who, "import statistics\nprint(statistics.median([3, 1, 2]))\nopen('a.csv', 'w').write('x,y')")
    assert (came.stdout, came.stderr, came.exit) == ("2\n", "", 0)
    assert [(made.name, made.kind, made.content) for made in came.files] == [("a.csv", "table", b"x,y")]


def test_it_is_nobody_and_has_no_capability(who: str) -> None:
    came = contained(who, "import os\nprint(os.getuid(), os.geteuid(), open('/proc/self/status').read())")
    uids, *lines = came.stdout.splitlines()
    assert "0" not in uids.split()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    assert {status[name] for name in ("CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


def test_no_network_is_reached(who: str, server: tuple[int, list[object]]) -> None:
    port, came = server
    code = f"""{TRIES}{SYSCALLS}
import socket, urllib.request
tried("loopback", lambda: socket.create_connection(("127.0.0.1", {port}), 2))
tried("http", lambda: urllib.request.urlopen("http://127.0.0.1:{port}", timeout=2))
tried("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
tried("six", lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM))
tried("raw", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
tried("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
tried("vsock", lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))
tried("crypto", lambda: socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET))
print("call", libc.socket(2, 1, 0))
"""
    said = contained(who, code).stdout
    assert said.count("refused") == 8 and "DONE" not in said and "call -1" in said
    assert came == []


def test_no_socket_of_this_machine_is_reached_by_its_name(who: str, mark: str) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"\0{mark}")
        listening.listen()
        code = f"{TRIES}\nimport socket\ns = socket.socket(socket.AF_UNIX)\ntried('named', lambda: s.connect('\\0{mark}'))"
        assert contained(who, code).stdout.split()[:2] == ["named", "refused"]


def test_no_secret_of_the_environment_is_read(who: str, mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", mark)
    code = """
import glob, os
print(dict(os.environ))
for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
    try:
        print(path, open(path, "rb").read())
    except OSError as error:
        print(path, error)
"""
    came = contained(who, code, output=200_000)
    assert came.exit == 0 and "'HOME': '/work'" in came.stdout
    assert mark not in came.stdout


def test_no_file_of_this_machine_is_read(who: str, mark: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(mark)
    folders = ("/etc/passwd", "/etc/shadow", "/etc/hostname", "/home", "/var", "/tmp", "/boot", str(tmp_path))
    # What the interpreter itself stands in can be seen.
    hidden = [path for path in folders if not sys.prefix.startswith(f"{path}/")]
    code = f"""{TRIES}
import os
for path in {hidden!r}:
    tried(path, lambda: os.listdir(path) if os.path.isdir(path) else open(path).read())
for path in ("/proc/1/root/etc/passwd", "/proc/1/cwd/etc/passwd", "/proc/kcore", "/dev/mem", "/dev/sda"):
    tried(path, lambda: open(path, "rb").read(10))
print(sorted(os.listdir("/etc")), sorted(os.listdir("/")))
"""
    came = contained(who, code)
    assert came.exit == 0 and "DONE" not in came.stdout and mark not in came.stdout
    assert "['ld.so.cache']" in came.stdout


def test_nothing_is_written_outside_of_its_folder(who: str) -> None:
    code = f"""{TRIES}
import os, sys, sysconfig
for folder in ("/", "/dev", "/dev/shm", "/dev/pts", "/etc", "/usr", "/usr/lib", "/lib", "/proc", "/proc/sys/kernel", "/proc/1",
               sysconfig.get_path("stdlib"), *sys.path[:3]):
    tried(folder, lambda: open(os.path.join(folder, "planted"), "w").write("x"))
    tried(folder, lambda: os.mkdir(os.path.join(folder, "planted_folder")))
for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", sys.executable, os.__file__):
    tried(path, lambda: open(path, "r+b").write(b"-1000"))
for path in ("/", "/usr", "/dev"):
    tried(path, lambda: os.chmod(path, 0o777))
"""
    said = contained(who, code).stdout.splitlines()
    done = [line for line in said if "DONE" in line]
    assert len(said) > 25
    assert [line for line in done if not line.startswith(("/work", "main.py", " "))] == []


def test_links_are_neither_followed_nor_kept(who: str, mark: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(mark)
    code = f"""
import os
os.symlink({str(tmp_path / "secret.txt")!r}, "report.txt")
os.symlink({str(tmp_path)!r}, "folder")
os.symlink("/etc/ld.so.cache", "cache.txt")
os.symlink("loop", "loop")
os.mkfifo("pipe.txt")
os.mkdir("inner"); os.symlink("/proc", "inner/proc")
open("good.txt", "w").write("good")
os.link("good.txt", "twin.txt")
"""
    came = contained(who, code)
    assert {made.name: made.content for made in came.files} == {"good.txt": b"good", "twin.txt": b"good"}
    assert came.left_out == 6


@pytest.mark.slow
def test_a_fork_bomb_comes_to_its_end(who: str, mark: str) -> None:
    code = f"""
import os, sys
while True:
    try:
        if os.fork() == 0:
            os.execv(sys.executable, [sys.executable, "-S", "-c", "while True: pass # {mark}"])
    except OSError:
        pass
"""
    before = time.monotonic()
    came = contained(who, code, seconds=3.0)
    assert came.timed_out or came.out_of_memory
    assert time.monotonic() - before < 15
    assert processes_with(mark) == []


def test_what_it_leaves_behind_is_ended(who: str, mark: str) -> None:
    code = f"""
import os, signal, sys, time
for number in range(3):
    if os.fork() == 0:
        os.setsid()
        for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(name, signal.SIG_IGN)
        if os.fork() == 0:
            os.execv(sys.executable, [sys.executable, "-S", "-c", "import time; time.sleep(900) # {mark}"])
        os._exit(0)
time.sleep(0.3)
print("left")
"""
    before = time.monotonic()
    came = contained(who, code)
    assert (came.exit, came.stdout) == (0, "left\n")
    assert time.monotonic() - before < 7
    assert processes_with(mark) == []


@pytest.mark.slow
def test_a_gigabyte_of_output_is_cut(who: str) -> None:
    code = """
import sys
piece = b"x" * 1_000_000
sys.stdout.buffer.write(b"begin")
for number in range(1000):
    sys.stdout.buffer.write(piece)
    if number % 10 == 0:
        sys.stderr.buffer.write(piece)
sys.stdout.buffer.write(b"end")
"""
    came = contained(who, code, seconds=20.0, output=4096)
    assert came.exit == 0 and came.stdout.startswith("begin") and came.stdout.endswith("end")
    assert len(came.stdout) < 4096 + 100 and len(came.stderr) < 4096 + 100
    assert "bytes left out" in came.stdout


@pytest.mark.parametrize(
    "code", ["while True: pass", "import time; time.sleep(900)", "import threading; threading.Event().wait()"]
)
def test_it_is_ended_in_time(who: str, code: str) -> None:
    before = time.monotonic()
    came = contained(who, f"print('began', flush=True)\nopen('half.txt', 'w').write('1')\n{code}", seconds=1.0)
    assert (came.timed_out, came.exit, came.stdout) == (True, None, "began\n")
    assert [made.name for made in came.files] == ["half.txt"]
    assert time.monotonic() - before < 9


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGKILL", "SIGSTOP"])
def test_its_keeper_cannot_be_fooled(who: str, mark: str, name: str) -> None:
    """A normal user's code may end its keeper, with which all ends, or stop it: then this process ends both."""
    code = f"""
import os, signal, sys, time
child = os.fork()
if child == 0:
    os.execv(sys.executable, [sys.executable, "-S", "-c", "import time; time.sleep(900) # {mark}"])
try:
    os.kill(os.getppid(), signal.{name})
    os.kill(1, signal.{name})
except PermissionError:
    print("refused", flush=True)
time.sleep(900)
"""
    before = time.monotonic()
    came = contained(who, code, seconds=1.0)
    assert came.exit is None and not came.files
    assert who == "user" or came.stdout == "refused\n"
    assert time.monotonic() - before < 12
    assert processes_with(mark) == []


def test_calls_of_the_kernel_are_refused(who: str) -> None:
    """By ctypes, past all of Python."""
    code = f"""{SYSCALLS}
import os, platform
numbers = {{
    "x86_64": dict(ptrace=101, unshare=272, mount=165, keyctl=250, bpf=321, memfd=319, uring=425, fault=323, perf=298, shm=29),
    "aarch64": dict(ptrace=117, unshare=97, mount=40, keyctl=219, bpf=280, memfd=279, uring=425, fault=282, perf=241, shm=194),
}}[platform.machine()]
for name, number in numbers.items():
    ctypes.set_errno(0)
    arguments = (0x10000000, 0, 0) if name == "unshare" else (0, 4096, 0o1600)
    print(name, libc.syscall(number, *arguments), ctypes.get_errno())
for call in ("setuid", "setgid"):
    print(call, getattr(libc, call)(0) if os.getuid() != 0 else -1, 1)
"""
    came = contained(who, code)
    lines = [line.split() for line in came.stdout.splitlines()]
    assert came.exit == 0 and len(lines) == 12
    assert [line for line in lines if line[1:] != ["-1", "1"]] == []


def test_no_process_of_others_is_seen(who: str) -> None:
    code = f"""{TRIES}
import glob, os
pids = sorted(int(os.path.basename(path)) for path in glob.glob("/proc/[0-9]*"))
print("pids", len(pids), max(pids) < 50, {os.getpid()} in pids and {os.getpid()} > 50)
tried("memory", lambda: open(f"/proc/{{os.getppid()}}/mem", "r+b").seek(0) and 0)
tried("signal", lambda: os.kill({os.getpid()}, 0) if {os.getpid()} > 50 else 1 / 0)
"""
    said = contained(who, code).stdout.splitlines()
    assert said[0].split()[2:] == ["True", "False"] and int(said[0].split()[1]) < 8
    assert said[2].startswith("signal refused")


@pytest.mark.parametrize(
    "code",
    [
        "x = bytearray(2_000_000_000)",
        "import mmap\nkept = [mmap.mmap(-1, 50_000_000) for _ in range(100)]\nfor one in kept: one.write(b'x' * 50_000_000)",
        "import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n        break\nx = b'x' * 60_000_000\ntime.sleep(60)",
    ],
    ids=["at once", "by maps", "by many"],
)
def test_memory_is_bounded(who: str, code: str) -> None:
    came = contained(who, code, memory=200_000_000)
    assert came.out_of_memory or "Cannot allocate" in came.stderr
    assert not came.timed_out


def test_what_it_writes_is_bounded(who: str) -> None:
    code = f"""{TRIES}
import os
def fill(name, size):
    with open(name, "wb") as file:
        for _ in range(size):
            file.write(b"x" * 1_000_000)
tried("one", lambda: fill("one.bin", 200))
os.unlink("one.bin")
tried("many", lambda: [fill(f"{{n}}.bin", 7) for n in range(20)])
tried("sparse", lambda: os.truncate("0.bin", 10**12))
"""
    came = contained(who, code, disk=64_000_000, file_bytes=8_000_000)
    assert came.stdout.split() == ["one", "refused", "OSError", "many", "refused", "OSError", "sparse", "refused", "OSError"]
    assert sum(len(made.content) for made in came.files) <= 8_000_000 and came.left_out >= 5


def test_many_files_are_counted_and_not_kept(who: str) -> None:
    came = contained(who, "for n in range(2000): open(f'{n:04}.txt', 'w').write('x')", files=20)
    assert len(came.files) == 20 and came.left_out == 1980
    endless = contained(who, "import itertools\nfor n in itertools.count(): open(f'{n:06}.txt', 'w').close()", files=20)
    assert endless.out_of_memory and len(endless.files) <= 20


def test_names_are_made_harmless(who: str) -> None:
    code = r"""
import os
names = ["\x1b[31mred.txt", "new\nline.txt", "\u202egnp.txt", "; rm -rf x.txt", "-rf.txt", "quote'\".txt", b"\xff\xfe.txt"]
for name in (*names, "A.txt", "a.txt"):
    open(name, "w").write("x")
os.makedirs("deep/er/and/deeper"); open("deep/er/and/deeper/x.txt", "w").write("x")
open("con trol\x07.csv", "w").write("x")
"""
    came = contained(who, code)
    names = [made.name for made in came.files]
    assert len(names) == len({name.casefold() for name in names}) == 10 and came.left_out == 1
    assert all(
        name.isprintable() and not set(name) & set("\x1b\n\u202e;'\"\\") and not name.startswith((".", "/")) for name in names
    )


def test_it_ends_with_the_process_that_began_it(who: str, mark: str, tmp_path: Path) -> None:
    if who == "user" and os.geteuid() == 0:
        pytest.skip("It is tried as whoever runs the tests.")
    code = f"import os, sys\nos.execv(sys.executable, [sys.executable, '-S', '-c', 'import time; time.sleep(900) # {mark}'])"
    script = f"from support.contained import contained\ncontained({who!r}, {code!r}, seconds=60.0)"
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    with subprocess.Popen([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": paths}) as process:
        until = time.monotonic() + 45  # a busy machine is slow to start it
        while len(processes_with(mark)) < 2 and time.monotonic() < until:  # the script has the mark in its own line
            time.sleep(0.1)
        assert len(processes_with(mark)) >= 2
        process.kill()
    until = time.monotonic() + 5
    while processes_with(mark) and time.monotonic() < until:
        time.sleep(0.1)
    assert processes_with(mark) == []
