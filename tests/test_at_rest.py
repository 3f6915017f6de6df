"""What lies on the disk: who may read it, and that what somebody put there is not run."""

import base64
import os
import pickle
import stat
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from support import toys
from support.commands import switchboard
from support.own_shop import data_folder

from switchboard.cases.cases import RunRef
from switchboard.cases.runs import Environment
from switchboard.database import open_engine, sqlite_url
from switchboard.engine.dbos_private import NotJson
from switchboard.engine.queues import COMMANDS
from switchboard.engine.worker import Worker
from switchboard.engine.workflows import engine_url
from switchboard.settings import load_settings, open_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such modes")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_data_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        done = switchboard(tmp_path, "ask", "Where is my parcel?", new=True, SWITCHBOARD_DATA=str(tmp_path / "data"))
    finally:
        os.umask(before)
    assert done.returncode == 3
    files = list((tmp_path / "data").iterdir())
    assert {"switchboard.db", "switchboard-engine.db"} <= {file.name for file in files}
    assert mode(tmp_path / "data") == 0o700
    assert {file.name: oct(mode(file)) for file in files if mode(file) != 0o600} == {}


def test_data_that_others_could_read_are_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    names = ("switchboard.db", "switchboard.db-wal", "switchboard.db-shm")
    for name in names:
        (folder / name).touch(mode=0o644)
    engine = open_engine(sqlite_url(open_folder(load_settings(data=folder)) / "switchboard.db"))
    engine.connect().close()
    engine.dispose()
    assert mode(folder) == 0o700
    assert {mode(folder / name) for name in names if (folder / name).exists()} == {0o600}


def test_a_folder_with_more_in_it_than_ours_keeps_its_mode(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir(mode=0o755)
    (folder / "letters.txt").touch(mode=0o644)
    open_folder(load_settings(data=folder))
    assert (mode(folder), mode(folder / "letters.txt")) == (0o755, 0o644)


def test_a_file_elsewhere_that_a_link_leads_to_keeps_its_mode(tmp_path: Path) -> None:
    other = tmp_path / "elsewhere.db"
    other.touch(mode=0o644)
    (tmp_path / "rows.db").symlink_to(other)
    open_engine(sqlite_url(tmp_path / "rows.db")).connect().close()
    assert mode(other) == 0o644


class Runs:
    """What makes a folder when it is read as a pickle."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self._folder),)


def planted(folder: Path, trap: Path, **status: str) -> tuple[Environment, RunRef]:
    """A run that is over, in whose row of the engine stands a pickle that makes a folder `trap`."""
    data_folder(folder)
    rows = open_engine(sqlite_url(folder / "data" / "switchboard.db"))
    environment = Environment(rows, {"toys": toys.team()})
    with Worker(environment) as worker:
        ref = worker.open_case("toys", "Please pay me.", known={"email": "ada@example.com"})
        worker.work(ref)
    tables = open_engine(engine_url(rows.url).render_as_string())
    values = {"evil": base64.b64encode(pickle.dumps(Runs(trap))).decode(), "id": ref.workflow_id, "queue": None, **status}
    with tables.begin() as connection:
        columns = (
            "inputs = :evil, output = :evil, error = :evil, serialization = 'py_pickle', status = :status, queue_name = :queue"
        )
        connection.execute(text(f"UPDATE workflow_status SET {columns} WHERE workflow_uuid = :id"), values)
    tables.dispose()
    return environment, ref


@pytest.mark.parametrize("status", ["SUCCESS", "ERROR"])
def test_a_pickle_in_the_rows_of_the_engine_is_no_result(tmp_path: Path, status: str) -> None:
    environment, ref = planted(tmp_path, tmp_path / "sprung", status=status)
    with pytest.raises(NotJson, match="pickle"), Worker(environment) as worker:
        worker.work(ref)
    environment.engine.dispose()
    assert not (tmp_path / "sprung").exists()


@pytest.mark.slow
def test_a_pickle_that_waits_on_a_queue_is_not_begun(tmp_path: Path) -> None:
    environment, ref = planted(tmp_path, tmp_path / "sprung", status="ENQUEUED", queue=COMMANDS)
    with Worker(environment) as worker:
        until = time.monotonic() + 20
        while worker.workflows.status(ref) == "ENQUEUED" and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.5)
        assert worker.workflows.status(ref) != "ENQUEUED"
        worker.workflows.cancel(ref)
    environment.engine.dispose()
    assert not (tmp_path / "sprung").exists()
