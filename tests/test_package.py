"""The wheel as a stranger installs it: outside of the checkout it brings one name and the sample, and lives beside others."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
PIP = ["-m", "pip", "--disable-pip-version-check", "-q"]

pytestmark = pytest.mark.slow  # everything is installed anew, which takes minutes


class Place:
    """An environment outside of the checkout, with the locked packages and our wheel, and a folder to start commands in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "elsewhere"
        self.folder.mkdir()
        subprocess.run([sys.executable, "-m", "venv", str(folder / "env")], check=True)
        self.bin = folder / "env" / "bin"
        self.install("install", "--require-hashes", "-r", str(LOCK))
        self.install("wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT))
        [self.wheel] = folder.glob("switchboard_desk-*.whl")
        self.install("install", "--no-deps", str(self.wheel))

    def install(self, *arguments: str) -> None:
        done = self.run("python", *PIP, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        ours = ("SWITCHBOARD_", "OAI_", "OPENAI_", "PYTHON")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        variables = {**inherited, "SWITCHBOARD_DATA": str(self.folder / "data")}
        command = [str(self.bin / program), *arguments]
        return subprocess.run(command, cwd=self.folder, env=variables, capture_output=True, text=True, timeout=900)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("stranger"))


def test_the_wheel_holds_one_name_and_the_whole_sample(place: Place) -> None:
    names = zipfile.ZipFile(place.wheel).namelist()
    assert {re.sub(r"-.*", "", name.split("/")[0]) for name in names} == {"switchboard", "switchboard_desk"}
    assert [name for name in names if "__pycache__" in name] == []
    tracked = ["switchboard.toml", "agents", "groupchats", "tools", "scenarios"]
    listed = subprocess.run(["git", "ls-files", *tracked], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    assert [name for name in listed if name and f"switchboard/sample/{name}" not in names] == []


def test_nothing_but_switchboard_can_be_imported(place: Place) -> None:
    for name in ("agents", "tools", "groupchats", "scenarios", "tests", "coding"):
        done = place.run("python", "-c", f"import {name}")
        assert f"No module named '{name}'" in done.stderr
    assert place.run("python", "-c", "import switchboard").returncode == 0


def test_the_demo_and_the_desk_work(place: Place) -> None:
    check_desk(place)


def check_desk(place: Place) -> None:
    demo = place.run("switchboard", "demo", "--json")
    assert demo.returncode == 0, demo.stderr
    assert json.loads(demo.stdout)["end"] == "resolved"
    asked = place.run("switchboard", "ask", "Where is my order #W1000002?", "--email", "jonas.okafor@example.com", "--json")
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["end"] == "resolved"
    assert place.run("switchboard", "tau2", "--help").returncode == 0


def test_it_lives_beside_another_package_that_is_called_agents(place: Place) -> None:
    """openai-agents installs a package `agents` at the top level. This test comes last: what it installs stays."""
    pins = place.folder / "pins.txt"
    pins.write_text("\n".join(re.findall(r"^[a-z0-9][^ \\]*==[^ \\]+(?: ;[^\\\n]*)?", LOCK.read_text("utf-8"), re.MULTILINE)))
    place.install("install", "-c", str(pins), "openai-agents")
    theirs = place.run("python", "-c", "import agents; print(agents.Agent.__module__, agents.__file__)")
    assert theirs.returncode == 0, theirs.stderr
    assert theirs.stdout.startswith("agents.agent ")
    assert "site-packages/agents/" in theirs.stdout
    check_desk(place)
