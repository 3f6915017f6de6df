"""`serve` and `worker` at service: whether they can be asked, what their log holds, and how they end when they are told to."""

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, text
from support.crowd import crowd
from support.own_shop import seeded
from support.postgres import Fresh, with_driver
from support.terminal import environment
from test_terminal import on_a_disk_of
from test_web_live import PLAIN
from test_workers import Seen, ends, models, serving, submitted

from switchboard.cases.runs import Environment
from switchboard.console.asked import asked
from switchboard.console.logs import logged
from switchboard.console.terminal.screen import say
from switchboard.console.web.app import ready
from switchboard.database import open_engine
from switchboard.engine.worker import Worker
from switchboard.service.workers import begin


def asked_of(engine: Engine, *, is_over: bool = False) -> tuple[int, str]:
    """What `/ready` says of a desk on these rows."""
    live, desk = SimpleNamespace(is_over=lambda: is_over), SimpleNamespace(engine=engine)
    request = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(live=live, desk=desk)))
    found = asyncio.run(ready(request))  # type: ignore[arg-type]
    return found.status_code, bytes(found.body).decode()


def test_it_is_ready_while_the_database_is_current_somebody_works_and_nobody_told_it_to_stop(tmp_path: Path) -> None:
    engine = seeded(tmp_path)
    assert asked_of(engine) == (503, "Nobody takes cases.\n")
    with Worker(Environment(engine, {}), stands_by=True) as worker:
        begin(worker)
        assert asked_of(engine) == (200, "ready\n")
        assert asked_of(engine, is_over=True) == (503, "It is told to stop.\n")
        with engine.begin() as connection:
            connection.execute(text("UPDATE schema_versions SET version = '0001_cases' WHERE chain = 'switchboard'"))
        assert asked_of(engine)[0] == 503
    engine.dispose()


@pytest.mark.slow
def test_it_is_not_ready_where_postgres_may_only_be_read(fresh: Fresh) -> None:
    engine = open_engine(with_driver(fresh.shop()))
    with Worker(Environment(engine, {}), stands_by=True) as worker:
        begin(worker)
        assert asked_of(engine) == (200, "ready\n")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"ALTER DATABASE {engine.url.database} SET default_transaction_read_only = on"))
        reading = open_engine(engine.url.render_as_string(hide_password=False))
        assert asked_of(reading) == (503, "The database may only be read.\n")
        reading.dispose()
    engine.dispose()


@pytest.mark.slow
def test_it_is_not_ready_on_a_disk_without_room_or_where_the_file_may_only_be_read(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "look.py").write_text(
        "import os, sys\n"
        "from pathlib import Path\n"
        "from switchboard.database import open_engine, sqlite_url\n"
        "from switchboard.service.watching.health import unwritable\n"
        "engine = open_engine(sqlite_url(Path('data/rows.db')))\n"
        "engine.connect().close()\n"
        "engine.dispose()\n"
        "os.system(sys.argv[1])\n"
        "print(unwritable(engine))\n"
    )

    def told(size: str, then: str) -> str:
        return on_a_disk_of(size, data, sys.executable, "look.py", then, PYTHONPATH=os.pathsep.join(sys.path)).stdout.strip()

    assert told("20m", "true") == ""
    assert told("4m", "true") == "The disk of the database has no room."
    assert told("20m", "mount -o remount,ro data") == "The database may only be read."


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_in_json_each_line_is_an_object_that_says_when_how_bad_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    with logged("json", "info"):
        say("Taking cases.\nTwo at a time.", "switchboard cases")
        logging.getLogger("switchboard").debug("too small")
        logging.getLogger("dbos").error("away")
    found = lines(capsys)
    assert [(row["level"], row["logger"]) for row in found] == [("info", "switchboard"), ("error", "dbos")]
    assert found[0]["message"] == "Taking cases.\nTwo at a time. switchboard cases" and str(found[0]["at"]).endswith("+00:00")
    assert asked.says is None


def test_the_log_holds_no_words_of_an_error_no_secret_and_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    with logged("json", "warning"):
        try:
            raise ValueError("my card is with my aunt Matilda")
        except ValueError:
            logging.getLogger("switchboard").exception("a step of %s failed: api_key=%s", "ida.holm@example.com", "hush-hush-9")
        say("not said below the level")
    (row,) = lines(capsys)
    assert row["error"] == "ValueError" and "test_the_log_holds" in str(row["where"])
    assert not any(word in json.dumps(row) for word in ("Matilda", "ida.holm", "hush-hush"))


def test_as_text_it_is_said_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    with logged("text", "error"):
        say("Taking cases.")
        logging.getLogger("switchboard").error("a line")
        logging.getLogger("switchboard").warning("below")
    assert capsys.readouterr().err == "Taking cases.\na line\n"


@pytest.mark.slow
def test_pages_that_are_told_to_stop_end_the_step_begin_nothing_and_log_in_json(tmp_path: Path) -> None:
    engine = seeded(tmp_path / "data", "switchboard.db")
    customers = crowd(engine, 4)
    seen = Seen(customers, 1.0)
    with serving(seen) as server:
        given = {"OAI_CONFIG_LIST": models(server, "slow")}
        submitted(tmp_path, customers, **given)
        command = [*PLAIN, "serve", "--port", "0", "--concurrency", "1", "--grace", "20"]
        variables = environment(tmp_path, SWITCHBOARD_LOG="json", SWITCHBOARD_OPERATOR="dana", **given)
        with subprocess.Popen(command, cwd=tmp_path, env=variables, stderr=subprocess.PIPE, text=True) as process:
            while not seen.began:
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            told = time.monotonic()
            _, err = process.communicate(timeout=60)
            took = time.monotonic() - told
    rows = [json.loads(line) for line in err.splitlines()]
    assert process.returncode == 0 and took < 30
    assert len(seen.began) == 1 and ends(engine) == {"resolved": 1, None: 3}
    assert "Nothing was left undone here" in rows[-1]["message"] and {row["level"] for row in rows} <= {"info", "warning"}
    assert not any(who.words in err for who in customers)
    engine.dispose()
