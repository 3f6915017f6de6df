"""Each name of DBOS that it does not offer to others is there, and does what we use it for."""

from inspect import signature
from pathlib import Path

import dbos._queue
import dbos._sys_db
import pytest
from dbos import DBOS
from sqlalchemy import Engine
from support import toys

from switchboard.cases.runs import Environment
from switchboard.database import is_away
from switchboard.engine.dbos_private import PortableJSON, _begin
from switchboard.engine.queues import CASES
from switchboard.engine.worker import Worker

ROOT = Path(__file__).parent.parent


def test_private_names_stand_in_one_file() -> None:
    private = ("dbos._", "._sys_db", "_get_dbos_instance")
    found = {
        path.name
        for path in (ROOT / "switchboard").rglob("*.py")
        if any(name in line for line in path.read_text("utf-8").splitlines() for name in private)
    }
    assert found == {"dbos_private.py"}


def test_dbos_waits_for_its_database_for_our_reasons(shop: Engine) -> None:
    with Worker(Environment(shop, {"toys": toys.team()})):
        assert dbos._sys_db.retriable_postgres_exception is is_away


@pytest.mark.slow
def test_a_worker_takes_as_many_cases_as_it_has_room_for(shop: Engine) -> None:
    with Worker(Environment(shop, {"toys": toys.team()}), takes_cases=True, concurrency=7) as worker:
        queue = DBOS.retrieve_queue(CASES)
        assert queue
        assert queue._worker_concurrency == 7
        worker.take_no_more()
        taken = DBOS.retrieve_queue(CASES)
        assert taken
        assert taken._worker_concurrency == 0


def test_what_dbos_cannot_begin_is_told(shop: Engine) -> None:
    with Worker(Environment(shop, {"toys": toys.team()})):
        assert dbos._queue.execute_dequeued_workflow.__module__ == "switchboard.engine.dbos_private"
        assert list(signature(_begin).parameters) == ["dbos", "status", "owner_xid"]


def test_dbos_keeps_plain_json() -> None:
    assert PortableJSON.serialize({"number": 1}) == '{"number":1}'
