"""What Docker is asked for, by a program in its place that writes down what it is given: no engine answers where tests run."""

import json
import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from switchboard.toolsets.sandbox import contained, docker
from switchboard.toolsets.sandbox.choice import run_code
from switchboard.toolsets.sandbox.contained import KEEPER
from switchboard.toolsets.sandbox.docker import Docker
from switchboard.toolsets.sandbox.outcome import MIB, Limits

LIMITS = Limits(seconds=3.0, memory=100 * MIB, disk=10 * MIB, processes=7)
PROGRAM = """#!{python} -I
import json, os, sys, time
from pathlib import Path

room = Path({room!r})
with (room / "asked").open("a") as file:
    given = sys.stdin.read() if sys.argv[1] == "run" else ""
    file.write(json.dumps([sys.argv[1:], dict(os.environ), given]) + "\\n")
if sys.argv[1] in (room / "fails").read_text().split():
    sys.exit("Cannot connect to the Docker daemon")
if sys.argv[1] == "run":
    time.sleep(float((room / "pause").read_text()))
    print(json.dumps({{"stream": "stdout", "size": 3}}) + "\\n42\\n", end="")
    print(json.dumps({{"left_out": 0}}))
    print(json.dumps({{"ended": {{"exit": 0, "timed_out": False, "out_of_memory": False}}}}))
"""


class Engine:
    """The program in Docker's place, and what it was asked."""

    def __init__(self, room: Path) -> None:
        self.room = room
        program = room / "docker"
        program.write_text(PROGRAM.format(python=sys.executable, room=str(room)))
        program.chmod(0o755)
        self.set()

    def set(self, fails: str = "", pause: float = 0.0) -> None:
        (self.room / "fails").write_text(fails)
        (self.room / "pause").write_text(str(pause))

    def asked(self, word: str) -> list[tuple[list[str], dict[str, str], str]]:
        lines = (json.loads(line) for line in (self.room / "asked").read_text().splitlines())
        return [(words, env, given) for words, env, given in lines if words[0] == word]


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/somewhere.sock")
    monkeypatch.setenv("SECRET", "do-not-tell")
    return Engine(tmp_path)


def test_a_block_runs_in_a_container_that_reaches_nothing_and_may_use_no_more_than_its_limits(engine: Engine) -> None:
    assert Docker().why_not() == ""
    came = Docker().run("print(6 * 7)", {}, LIMITS)
    assert (came.stdout, came.exit, came.timed_out) == ("42\n", 0, False)
    [(words, env, given)] = engine.asked("run")
    options = dict(pairwise(words))
    assert options["--network"] == options["--ipc"] == "none"
    assert options["--pull"] == "never" and options["--cap-drop"] == "ALL"
    assert options["--user"] == "65534:65534" and options["--security-opt"] == "no-new-privileges"
    assert options["--memory"] == options["--memory-swap"] == str(110 * MIB) and options["--cpus"] == "1"
    assert options["--pids-limit"] == "11" and options["--tmpfs"].split(":")[0] == options["--workdir"] == "/work"
    assert {"nosuid", "nodev", f"size={10 * MIB}"} <= set(options["--tmpfs"].split(":")[1].split(","))
    assert {"--rm", "--read-only", "--init"} <= set(words)
    forbidden = r"-[vep]|--(volume|mount|env|env-file|privileged|device|cap-add|pid|publish)(=.*)?"
    assert not [word for word in words if re.fullmatch(forbidden, word)]
    assert words[words.index(docker.IMAGE) + 1 :] == ["python", "-I", "-S", "-B", "-c", KEEPER.read_text("utf-8")]
    assert json.loads(given)["uid"] is None and json.loads(given)["paths"] == []
    assert (
        set(env) - {"LC_CTYPE"} == {"DOCKER_HOST", "DOCKER_CONFIG"} and not Path(env["DOCKER_CONFIG"], "config.json").exists()
    )
    assert "do-not-tell" not in str((words, env, given))


def test_a_container_that_does_not_end_in_time_is_ended_by_its_name(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contained, "GRACE_SECONDS", 0.3)
    engine.set(pause=60)
    came = Docker().run("while True: pass", {}, Limits(seconds=0.5))
    assert came.timed_out and came.exit is None
    [(words, _, _)], [(killed, _, _)] = engine.asked("run"), engine.asked("kill")
    assert killed == ["kill", words[words.index("--name") + 1]]


@pytest.mark.parametrize(("fails", "said"), [("info", "No Docker engine answers."), ("image", "docker pull python:")])
def test_without_an_engine_or_its_image_nothing_is_run_anywhere(engine: Engine, fails: str, said: str) -> None:
    engine.set(fails=fails)
    choice, outcome = run_code("open('made-here', 'w').write('x')", {}, LIMITS, among=[Docker()])
    assert choice.sandbox is None and outcome is None and said in choice.why
    assert not engine.asked("run") and not Path("made-here").exists()


def test_an_engine_that_goes_away_gives_no_result(engine: Engine) -> None:
    engine.set(fails="run")
    came = Docker().run("open('made-here', 'w').write('x')", {}, LIMITS)
    assert not came.done and "Cannot connect" in came.stderr and not Path("made-here").exists()
