"""What the pages bring of others: each file with its licence, its name and its version, and all of them in the wheel."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from test_house import ROOT

VENDOR = ROOT / "switchboard" / "console" / "web" / "static" / "vendor"
ABOUT = (VENDOR / "README.md").read_text("utf-8")
FILES = sorted(path for path in VENDOR.iterdir() if path.suffix in (".js", ".css", ".woff2"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_of_others_has_its_licence_name_and_version_beside_it(path: Path) -> None:
    name = path.name.partition(".")[0]
    assert "permission" in (VENDOR / f"{name}.LICENSE").read_text("utf-8").lower()
    assert re.search(rf"\b{name} \d+\.\d+\.\d+ \(0BSD\)", ABOUT) and f"/{path.name}`" in ABOUT


def test_nothing_lies_there_that_is_not_named_and_no_other_file_is_of_others() -> None:
    named = {f"{path.name.partition('.')[0]}.LICENSE" for path in FILES} | {path.name for path in FILES} | {"README.md"}
    assert {path.name for path in VENDOR.iterdir()} == named and FILES
    assert [path.name for path in VENDOR.parent.iterdir() if ".min." in path.name] == []


def test_the_version_that_is_named_is_the_one_that_is_there() -> None:
    [version] = re.findall(r"\bhtmx (\S+)", ABOUT)
    assert f'version:"{version}"' in (VENDOR / "htmx.min.js").read_text("utf-8")


@pytest.mark.slow
def test_the_wheel_has_each_file_with_its_licence(tmp_path: Path) -> None:
    command = [
        "-m",
        "pip",
        "--disable-pip-version-check",
        "-q",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
    ]
    subprocess.run([sys.executable, *command, str(ROOT)], check=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        for path in VENDOR.iterdir():
            assert opened.read(path.relative_to(ROOT).as_posix()) == path.read_bytes()


@pytest.mark.slow
def test_an_entry_is_on_twenty_live_pages_within_300_milliseconds() -> None:
    bench = ROOT / "tests" / "bench" / "live_pages.py"
    done = subprocess.run([sys.executable, str(bench), "20", "20", "20"], capture_output=True, text=True, timeout=300)
    found = json.loads(done.stdout)
    assert (found["pages"], found["entries_heard"]) == (20, 20), done.stderr
    assert found["delay_95"] < 300, found
