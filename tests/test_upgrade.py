"""A database that Switchboard 0.2.0 wrote is taken along: what is over, what waits, what was queued, what was cut off.

`data/0.2.0.db` and its steps were made by 0.2.0 itself: `ask` for six customers, `take`, `submit --no-wait`, a `run`, and one
`ask` that was killed while a model was asked.
"""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.commands import document, lines, switchboard
from support.sample import prepared

from switchboard.cases.documents import listing, load
from switchboard.cases.statistics.figures import Percentiles
from switchboard.cases.statistics.queries import stats_of
from switchboard.cases.tracing.tree import trace_of
from switchboard.database import open_engine, sqlite_url
from switchboard.errors import OperatorError

OLD = Path(__file__).parent / "data"
OVER, WAITS_FOR_APPROVAL, WITH_ANNA = "run_d84106e6e6ed", "run_fc84a0687552", "run_57e1716cb4aa"
WAITS_FOR_CUSTOMER, QUEUED, PLAYED, CUT_OFF = "run_4763610028d0", "run_3d6ee664b419", "run_c68f2add71ea", "run_413bf27b49cb"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose data folder is one of 0.2.0; the deadline of its approval has not passed."""
    data = tmp_path / "data"
    data.mkdir()
    for file, name in (("0.2.0.db", "switchboard.db"), ("0.2.0-steps.db", "switchboard-steps.db")):
        (data / name).write_bytes(gzip.decompress((OLD / f"{file}.gz").read_bytes()))
    engine = open_engine(sqlite_url(data / "switchboard.db"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE approvals SET deadline = '2999-01-01 00:00:00.000000'"))
    engine.dispose()
    return tmp_path


@pytest.fixture
def rows(folder: Path) -> Any:
    engine = prepared(sqlite_url(folder / "data" / "switchboard.db"))
    yield engine
    engine.dispose()


def test_every_run_is_a_case_and_stands_as_it_stood(rows: Engine) -> None:
    assert {row["case_id"]: row["end"] for row in listing(rows, 100)} == {
        OVER: "resolved",
        WAITS_FOR_APPROVAL: "awaiting_approval",
        WITH_ANNA: "escalated",
        WAITS_FOR_CUSTOMER: "awaiting_customer",
        QUEUED: None,
        CUT_OFF: None,
    }


@pytest.mark.slow
def test_every_case_has_a_trace_and_its_place_in_the_figures(rows: Engine) -> None:
    for case_id in (OVER, WAITS_FOR_APPROVAL, WITH_ANNA, WAITS_FOR_CUSTOMER, QUEUED, PLAYED, CUT_OFF):
        tree = trace_of(rows, case_id)
        assert json.dumps(tree.as_data()) and [span for span in tree.walk() if span.kind == "run"]
    assert [span.name for span in trace_of(rows, OVER).walk() if span.kind == "turn"]
    found = stats_of(rows).all
    assert (found.cases, found.first_answer) == (6, Percentiles()), "nobody knows when they were answered"


@pytest.mark.slow
def test_a_transcript_is_the_same_as_it_was(rows: Engine) -> None:
    found = load(rows, OVER)
    assert [line["kind"] for line in found["transcript"]][:3] == ["message", "call", "result"]
    assert found["reply"].startswith("Order #W1000002")
    assert [call["tool"] for call in found["tool_calls"]] == ["find_user_id_by_email", "get_order_details", "add_case_note"]
    assert load(rows, PLAYED)["department"] == "billing"


@pytest.mark.slow
def test_the_rows_of_the_shop_know_their_cases(rows: Engine) -> None:
    with rows.connect() as connection:
        notes = set(connection.execute(text("SELECT case_id FROM case_notes")).scalars())
    assert {OVER, WAITS_FOR_CUSTOMER} >= notes - {WITH_ANNA, WAITS_FOR_APPROVAL, PLAYED}
    assert OVER in notes


@pytest.mark.slow
def test_an_old_run_has_no_record_to_be_replayed(folder: Path) -> None:
    asked = switchboard(folder, "replay", OVER)
    assert (asked.returncode, "has no record of its steps" in asked.stderr) == (2, True)


@pytest.mark.slow
def test_a_case_that_waits_for_an_approval_is_approved(folder: Path) -> None:
    bound = document(folder, "show", WAITS_FOR_APPROVAL)["approvals"][0]["hash"]
    found = document(folder, "approve", WAITS_FOR_APPROVAL, "--as", "ines", "--for", bound)
    assert found["end"] == "resolved"
    assert [(c["tool"], c["status"]) for c in found["tool_calls"] if c["tool"] == "refund_order"] == [("refund_order", "done")]


@pytest.mark.slow
def test_a_case_that_waits_for_the_customer_goes_on(folder: Path) -> None:
    found = document(folder, "ask", "--case", WAITS_FOR_CUSTOMER, "Where is my order #W1000002? I am jonas.okafor@example.com.")
    assert found["case_id"] == WAITS_FOR_CUSTOMER
    assert lines(found, "message")[0] == "hello"


@pytest.mark.slow
def test_a_case_that_a_colleague_has_is_still_theirs_and_is_handed_back(folder: Path) -> None:
    other = switchboard(folder, "say", WITH_ANNA, "Hello.", "--as", "erik")
    assert (other.returncode, "anna has this case" in other.stderr) == (2, True)
    assert document(folder, "say", WITH_ANNA, "I have looked into it.", "--as", "anna")["transcript"][-1]["by"] == "human"
    assert document(folder, "hand-back", WITH_ANNA, "--as", "anna", "--note", "It is settled.")["end"] == "awaiting_customer"


@pytest.mark.slow
def test_what_was_queued_is_begun_and_what_was_cut_off_is_closed_truthfully(folder: Path) -> None:
    ended = {found["case_id"]: found for found in json.loads(switchboard(folder, "resume", "--all", "--json").stdout)}
    assert ended[QUEUED]["end"] == "resolved"
    assert ended[CUT_OFF]["end"] == "failed"
    assert "updated while this run was under way" in ended[CUT_OFF]["reason"]
    assert "Nothing was changed" in ended[CUT_OFF]["reply"]
    assert ended[CUT_OFF]["tool_calls"][0]["tool"] == "find_user_id_by_email"


def test_version_0_2_0_is_told_that_the_database_is_newer(rows: Engine) -> None:
    with rows.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "taken along by 0.3"


def test_a_database_from_before_0_2_is_refused_with_what_to_do(tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path / "old.db"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
    with pytest.raises(OperatorError, match=r"Open it once with 0\.2"):
        prepared(sqlite_url(tmp_path / "old.db"))
    engine.dispose()
