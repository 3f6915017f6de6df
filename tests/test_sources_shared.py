"""The index of a folder that several processes keep at a time, that is cut off, or that finds no room."""

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from switchboard.console.app import Workplace
from switchboard.console.terminal.reports.forms import Form
from switchboard.console.terminal.reports.pending import Pending, forget, keep, kept
from switchboard.errors import OperatorError
from switchboard.search import store
from switchboard.search.folder import listing
from switchboard.search.index import Index

MANY = 160
CHILD = """
import json, resource, sys, time
from pathlib import Path
from switchboard.errors import OperatorError
from switchboard.search.apart import Apart
from switchboard.search.index import Index

folder, cache, words, pause, most = sys.argv[1:]
if int(most):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
read, real = [], Apart.read
Apart.read = lambda self, kind, name, content: read.append(name) or real(self, kind, name, content)

def progress(done, whole, name):
    if float(pause):
        print(done, flush=True)
        time.sleep(float(pause))

print("ready", flush=True)
sys.stdin.readline()
try:
    index = Index(Path(folder), Path(cache), progress)
except OperatorError as error:
    print(json.dumps({"error": str(error)}))
else:
    found = index.search(words)
    print(json.dumps({"read": len(read), "documents": index.coverage.documents, "found": [one.citation for one in found]}))
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    for n in range(MANY):
        (folder / f"{n:03}.md").write_text(f"# Jar {n}\n\n" + f"Jar {n} holds {n * 7} pickled plums. " * 20)
    return folder


def child(folder: Path, words: str, pause: float = 0.0, most: int = 0) -> "subprocess.Popen[str]":
    """A process that indexes the folder once a line is written to it."""
    command = [sys.executable, "-c", CHILD, str(folder), str(folder.parent / "cache"), words, str(pause), str(most)]
    started = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert started.stdout and started.stdout.readline() == "ready\n"
    return started


def told(started: "subprocess.Popen[str]") -> dict[str, object]:
    out, _ = started.communicate("\n", timeout=120)
    assert started.returncode == 0
    return dict(json.loads(out.splitlines()[-1]))


def is_sound(folder: Path) -> bool:
    [path] = (folder.parent / "cache").glob("*.sqlite")
    with sqlite3.connect(path) as database:
        database.execute("INSERT INTO passage(passage, rank) VALUES ('integrity-check', 1)")
        return bool(database.execute("PRAGMA integrity_check").fetchone() == ("ok",))


@pytest.mark.slow
def test_processes_that_index_one_folder_at_a_time_are_all_right_and_read_each_file_once(shelf: Path) -> None:
    started = [child(shelf, f"pickled plums of jar {n}") for n in range(4)]
    for process in started:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    came = [told(process) for process in started]
    assert [one["documents"] for one in came] == [MANY] * 4
    assert [one["found"][0] for one in came] == [f"{n:03}.md#jar-{n}" for n in range(4)]  # type: ignore[index]
    assert sum(int(str(one["read"])) for one in came) == MANY
    assert is_sound(shelf)


@pytest.mark.slow
def test_a_process_that_is_killed_leaves_a_sound_index_and_the_next_goes_on(shelf: Path) -> None:
    killed = child(shelf, "plums", pause=0.01)
    assert killed.stdin and killed.stdout
    killed.stdin.write("\n")
    killed.stdin.flush()
    while killed.stdout.readline() != "120\n":
        pass
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdin.close()
    killed.stdout.close()
    came = told(child(shelf, "pickled plums of jar 159"))
    assert came == {"read": MANY - 100, "documents": MANY, "found": came["found"]} and is_sound(shelf)
    assert "159.md#jar-159" in came["found"]  # type: ignore[operator]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no such limit")
def test_a_disk_that_is_full_is_said_and_what_was_read_is_kept(shelf: Path) -> None:
    came = told(child(shelf, "plums", most=200 * 1024))
    assert "Is there space left?" in str(came["error"]) and "cache" in str(came["error"])
    assert is_sound(shelf)
    came = told(child(shelf, "plums"))
    assert came["documents"] == MANY and is_sound(shelf)


def test_a_search_sees_one_state_while_another_process_writes(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index(shelf, shelf.parent / "cache")
    ranked = Index._ranked

    def and_then_all_is_read_anew(self: Index, words: list[str]) -> dict[int, float]:
        ranks = ranked(self, words)
        for path in shelf.iterdir():
            path.unlink()
        (shelf / "new.md").write_text("# New\n\nA jar of plums.")
        monkeypatch.setattr(Index, "_ranked", ranked)
        assert Index(shelf, shelf.parent / "cache").coverage.documents == 1
        return ranks

    monkeypatch.setattr(Index, "_ranked", and_then_all_is_read_anew)
    assert index.search("plums of jar 7")[0].citation == "007.md#jar-7"
    assert [one.citation for one in index.search("plums of jar 7")] == ["new.md#new"]


def test_a_file_that_another_process_saw_first_is_not_forgotten(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_it_was = listing(shelf.resolve())
    (shelf / "new.md").write_text("# New\n\nA jar of figs.")
    first = Index(shelf, shelf.parent / "cache")
    monkeypatch.setattr("switchboard.search.index.listing", lambda folder: as_it_was)
    second = Index(shelf, shelf.parent / "cache")
    assert first.search("figs") == second.search("figs") != []


def test_who_waits_for_another_waits_as_long_as_that_one_gets_on(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.05)
    index = Index(shelf, shelf.parent / "cache")
    index._database.execute("BEGIN IMMEDIATE")
    (shelf / "new.md").write_text("# New\n\nA jar of figs.")
    with pytest.raises(OperatorError, match="is another run reading"):
        Index(shelf, shelf.parent / "cache")
    index._database.execute("COMMIT")
    assert Index(shelf, shelf.parent / "cache").search("figs")


def test_where_the_rows_are_on_a_server_each_machine_keeps_its_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    monkeypatch.setenv("SWITCHBOARD_DATA", str(tmp_path / "data"))
    assert Workplace().index_cache == tmp_path / "data" / "indexes"
    monkeypatch.setenv("SWITCHBOARD_DATA", os.devnull)
    assert Workplace().index_cache is None


def test_where_nothing_can_be_written_no_report_is_awaited_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    awaited = Pending("case_1", tmp_path / "report.md", Form.md)
    for folder, there in ((Path(os.devnull), None), (tmp_path / "data", awaited)):
        monkeypatch.setenv("SWITCHBOARD_DATA", str(folder))
        place = Workplace()
        assert kept(place, "case_1") is None and not (tmp_path / "data").exists()
        keep(place, awaited)
        assert kept(place, "case_1") == there
        forget(place, "case_1")
        assert kept(place, "case_1") is None
    assert {(tmp_path / "data" / name).stat().st_mode & 0o777 for name in ("", "reports")} == {0o700}
