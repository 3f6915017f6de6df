"""Rows of the engine that this program never wrote: they are left aside, in a sentence, and the work goes on."""

import json
import signal
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from support.commands import document, started
from support.killed import Nursery
from support.working import worker

from scenarios.cancel_order import scenario
from switchboard.database import open_engine, sqlite_url

SHIPPING = "How much is express shipping?"
ROWS = {
    "an unknown workflow": {"name": "evil"},
    "an id that is none of a run": {"workflow_uuid": "not ours"},
    "a case that there is not": {"workflow_uuid": "case_000000000000:7"},
    "a number that is none": {"workflow_uuid": "case_000000000000:seven"},
    "a strange serialization": {"serialization": "martian"},
    "a pickle": {"serialization": "py_pickle", "inputs": "gASVCQAAAAAAAABLAS4="},
    "inputs that are no JSON": {"inputs": "{"},
}


def aside(workflow_id: str) -> str:
    return f"{workflow_id!r} in the rows of the engine is no run of a case, or cannot be read: it is left aside"


def engine_tables(folder: Path) -> Engine:
    return open_engine(sqlite_url(folder / "data" / "switchboard-engine.db"))


def plant(folder: Path, **columns: str) -> str:
    """Put a row into the engine's tables by hand, like one that is there but for some columns. Returns its id."""
    tables = engine_tables(folder)
    with tables.begin() as connection:
        row = dict(connection.execute(text("SELECT * FROM workflow_status LIMIT 1")).mappings().one())
        row |= {"workflow_uuid": "case_strange:1", "queue_name": None, "executor_id": None}
        row |= {"inputs": '{"positionalArgs": ["case_strange", 1], "namedArgs": {}}', "completed_at": None, **columns}
        names = ", ".join(row)
        places = ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO workflow_status ({names}) VALUES ({places})"), row)
    tables.dispose()
    return str(row["workflow_uuid"])


def dead_worker(folder: Path) -> str:
    """The name of a process that has died, as its row says."""
    rows = open_engine(sqlite_url(folder / "data" / "switchboard.db"))
    with rows.begin() as connection:
        values = "('gone:1:abc', 'elsewhere', 1, 1, '2020-01-01 00:00:00.000000')"
        connection.execute(text(f"INSERT INTO workers (id, host, pid, takes_cases, beat_at) VALUES {values}"))
    rows.dispose()
    return "gone:1:abc"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("waits", [True, False], ids=["queued", "begun by a dead process"])
def test_a_command_leaves_a_row_aside_that_is_no_run(tmp_path: Path, kind: str, waits: bool) -> None:
    document(tmp_path, "ask", SHIPPING)
    held = (
        {"status": "ENQUEUED", "queue_name": "commands"}
        if waits
        else {"status": "PENDING", "executor_id": dead_worker(tmp_path)}
    )
    strange = plant(tmp_path, **held, **ROWS[kind])
    process = started(tmp_path, "ask", SHIPPING, "--json")
    out, err = process.communicate(timeout=30)
    assert json.loads(out)["end"] == "resolved", err
    assert err.splitlines() == [aside(strange)]


@pytest.mark.slow
def test_a_worker_leaves_rows_aside_that_are_no_runs_and_goes_on_with_its_cases(tmp_path: Path) -> None:
    document(tmp_path, "ask", SHIPPING)
    strange = []
    for number, kind in enumerate(ROWS.values()):
        mine = {"workflow_uuid": f"case_strange:{number}", **kind}
        strange.append(plant(tmp_path, status="ENQUEUED", queue_name="cases", **mine))
    (tmp_path / "messages.jsonl").write_text(json.dumps({"id": "m-1", "text": SHIPPING}), encoding="utf-8")
    with worker(tmp_path, "--all-together", "1") as working:
        submit = started(tmp_path, "submit", "messages.jsonl", "--wait")
        out, err = submit.communicate(timeout=60)
        assert json.loads(out)["end"] == "resolved", err
        working.signal(signal.SIGTERM)
        told = working.stopped()
    assert set(strange) == {one for one in strange if aside(one) in told}, told
    assert "Traceback" not in told and told.endswith("Stopped. Nothing was left undone here.\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    "spoilt",
    [
        "UPDATE workflow_status SET name = 'evil'",
        "UPDATE workflow_status SET serialization = 'martian'",
        "UPDATE workflow_input SET inputs = '{'",
    ],
)
def test_a_case_whose_row_in_the_engine_was_spoilt_is_given_to_a_human(
    tmp_path: Path, spoilt: str, shop: Engine, nursery: Nursery
) -> None:
    opened = {"words": scenario.opening, "email": scenario.email}
    nursery.start("case", shop.url.render_as_string(), **opened, dies="after 2").was_killed()
    tables = engine_tables(tmp_path)
    with tables.begin() as connection:
        connection.execute(text(spoilt))
        (workflow_id,) = connection.execute(text("SELECT workflow_uuid FROM workflow_status")).scalars()
    tables.dispose()
    process = started(tmp_path, "resume", workflow_id.partition(":")[0], "--json")
    out, err = process.communicate(timeout=30)
    found = json.loads(out)
    assert found["end"] == "failed" and aside(workflow_id) in err.splitlines() and "Traceback" not in err, err
    assert "Nothing was changed" in found["reply"]
