"""The same desk on a real Postgres: what several machines share must hold what one file holds, under their races too."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from psycopg.types.string import StrDumper
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from support import commands
from support.own_shop import GRACE, Desk, seeded
from support.postgres import Fresh, with_driver
from support.sample import prepared

from groupchats.desk import team
from switchboard import database
from switchboard.cases import documents as record
from switchboard.cases.tables import CaseRow, Table, utc
from switchboard.database import open_engine
from switchboard.errors import OperatorError
from switchboard.events.masking import masked_data
from switchboard.loop.drive import run_team
from tools.money import refund_order
from tools.shop import Customer, Row
from tools.store import SEED, dump_customer, dump_order, migrate

CHARGED_TWICE = "I was charged twice for order #W1000001, please refund the second charge."
EMMA = "emma.lindqvist@example.com"


@pytest.fixture
def url(fresh: Fresh) -> str:
    """The address of an empty database."""
    return fresh()


@pytest.fixture
def shop(fresh: Fresh) -> Iterator[Engine]:
    """The sample shop on Postgres."""
    engine = open_engine(with_driver(fresh.shop()))
    yield engine
    engine.dispose()


def switchboard(folder: Path, url: str, *arguments: str) -> Any:
    return commands.switchboard(folder, *arguments, SWITCHBOARD_DATABASE_URL=url)


def at_once(work: Callable[[int], Any], times: int) -> list[Any]:
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(work, range(times)))


def refunds(engine: Engine, order_id: str) -> list[tuple[int, int]]:
    """What was sent back on an order: (cents in `refunds`, cents in the payment history) per refund."""
    query = "SELECT r.amount_cents, p.amount_cents FROM refunds r JOIN payments p ON p.refund_id = r.id WHERE r.order_id = :id"
    with engine.connect() as connection:
        return [(row[0], row[1]) for row in connection.execute(text(query), {"id": order_id})]


def test_the_migrations_build_exactly_the_tables_of_the_rows(shop: Engine):
    there = inspect(shop)
    for table in [*Row.metadata.sorted_tables, *Table.metadata.sorted_tables]:
        columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in there.get_columns(table.name) if "computed" not in c}
        assert columns == {c.name: (declared(c.type, shop), bool(c.nullable)) for c in table.columns}, table.name
        indexes = [
            i for i in there.get_indexes(table.name) if "duplicates_constraint" not in i and i["column_names"] != ["found"]
        ]
        indexed = {tuple(i["column_names"]) for i in indexes}
        assert indexed == {tuple(c.name for c in index.columns) for index in table.indexes}, table.name
    assert set(there.get_table_names()) == {*Row.metadata.tables, *Table.metadata.tables, "schema_versions"}


def declared(column: Any, engine: Engine) -> str:
    written = str(column.compile(engine.dialect))
    return written.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMP").replace("FLOAT", "DOUBLE PRECISION")


def test_the_seed_comes_back_in_the_shape_it_was_written_in(shop: Engine):
    read = {name: json.loads((SEED / f"{name}.json").read_text("utf-8")) for name in ("orders", "users")}
    with Session(shop) as session:
        assert {key: dump_order(session, key) for key in read["orders"]} == read["orders"]
        assert {key: dump_customer(session, key) for key in read["users"]} == read["users"]


@pytest.mark.slow
def test_a_refund_case_ends_as_on_sqlite_and_is_found_again(url: str, tmp_path: Path):
    assert switchboard(tmp_path, url, "sample", "load").returncode == 0
    asked = switchboard(tmp_path, url, "ask", CHARGED_TWICE, "--email", EMMA, "--json")
    assert asked.returncode == 0, asked.stderr
    document = json.loads(asked.stdout)
    on_sqlite = run_team(team, CHARGED_TWICE, engine=seeded(tmp_path), known={"email": EMMA}).document
    its_own = {"case_id", "run_id", "seconds", "outcome"}
    as_json = masked_data(json.loads(json.dumps(on_sqlite, default=str)))
    assert {k: v for k, v in document.items() if k not in its_own} == {k: v for k, v in as_json.items() if k not in its_own}
    assert document["end"] == "resolved"
    engine = open_engine(with_driver(url))
    assert refunds(engine, "#W1000001") == [(4250, 4250)]
    engine.dispose()

    listed = switchboard(tmp_path, url, "cases", "--json")
    assert [row["case_id"] for row in json.loads(listed.stdout)] == [document["case_id"]]
    shown = switchboard(tmp_path, url, "show", document["case_id"][:9], "--json")
    assert json.loads(shown.stdout) == {**document, "approvals": [], "held_by": None, "notes": []}
    assert not (tmp_path / "data").exists()


@pytest.mark.slow
def test_two_first_starts_at_once_make_one_shop(url: str):
    engines = at_once(lambda _: prepared(with_driver(url)), 4)
    with Session(engines[0]) as session:
        assert session.query(Customer).count() == 40
    for engine in engines:
        engine.dispose()


def test_two_migrations_at_once_build_the_tables_once(url: str):
    engines = [open_engine(with_driver(url)) for _ in range(4)]
    at_once(lambda n: migrate(engines[n]), 4)
    with engines[0].connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM schema_versions")).scalar() == 2
    for engine in engines:
        engine.dispose()


def test_runs_that_refund_one_duplicate_at_once_pay_it_once(shop: Engine):
    results = at_once(lambda _: run_team(team, CHARGED_TWICE, engine=shop, known={"email": EMMA}), 4)
    paid = [c for r in results for c in r.document["tool_calls"] if (c["tool"], c["status"]) == ("refund_order", "done")]
    assert len(paid) == 1
    assert refunds(shop, "#W1000001") == [(4250, 4250)]
    assert {result.end for result in results} <= {"resolved", "escalated"}
    told = [result for result in results if "I have refunded" in result.document["reply"]]
    assert len(told) == 1


def test_one_call_that_is_made_several_times_at_once_pays_once_and_answers_the_same(shop: Engine):
    arguments = {"order_id": "#W1000009", "kind": "duplicate_charge", "amount_cents": 17990, "reason": "charged twice"}
    answers = at_once(lambda _: Desk(shop, GRACE).call(refund_order, call_id="the same", **arguments), 4)
    assert len({answer["refund_id"] for answer in answers}) == 1
    assert refunds(shop, "#W1000009") == [(17990, 17990)]


def row_of(engine: Engine, case_id: str) -> CaseRow:
    with Session(engine) as session:
        return session.get_one(CaseRow, case_id)


def test_text_that_postgres_cannot_hold_is_held_without_what_it_cannot(shop: Engine):
    odd = "Where is my order #W1000001?\x00 '; DROP TABLE orders; -- 😡 أين"
    result = run_team(team, odd, engine=shop, known={"email": EMMA})
    assert result.end == "resolved"
    record.save(shop, result.run)
    assert record.load(shop, result.run.id)["transcript"] == json.loads(json.dumps(result.document["transcript"], default=str))
    assert row_of(shop, result.run.id).opening == odd.replace("\x00", "")


def test_the_time_of_a_run_is_told_in_utc_whatever_the_servers_zone(url: str):
    engine = prepared(with_driver(url))
    with engine.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {engine.url.database} SET timezone TO 'Asia/Tokyo'"))
    engine.dispose()
    result = run_team(team, "hello", engine=engine)
    record.save(engine, result.run)
    told = f"{utc(row_of(engine, result.run.id).created_at):%Y-%m-%d %H:%M}"
    now = datetime.now(UTC)
    assert told in {f"{moment:%Y-%m-%d %H:%M}" for moment in (now, now - timedelta(minutes=1))}
    engine.dispose()


class Late(str):
    """A text that its process comes to only after a while, as one that was frozen before it."""


@pytest.mark.slow
def test_who_is_frozen_between_two_rows_holds_neither(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "IDLE_TRANSACTION_SECONDS", 0.2)
    engine = open_engine(with_driver(url))

    class Waits(StrDumper):
        def dump(self, obj: Any) -> Any:
            time.sleep(1)
            return super().dump(obj)

    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE words (word TEXT PRIMARY KEY)")
    with pytest.raises(DBAPIError, match="idle-in-transaction"), engine.begin() as connection:
        cast(Any, connection.connection.driver_connection).adapters.register_dumper(Late, Waits)
        add = text("INSERT INTO words VALUES (:word)")
        connection.execute(add, {"word": "zero"})
        connection.execute(add, [{"word": "one"}, {"word": Late("two")}, {"word": Late("three")}])
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused_in_one_sentence(shop: Engine):
    with shop.begin() as connection:
        connection.execute(text("UPDATE schema_versions SET version = '9999_later'"))
    with pytest.raises(OperatorError, match=r"9999_later.*install a newer Switchboard"):
        prepared(shop.url.render_as_string(hide_password=False))


def test_a_postgres_where_nobody_listens_is_said_in_one_sentence_without_the_password(tmp_path: Path):
    done = switchboard(tmp_path, "postgresql://desk:s3cret@127.0.0.1:9/shop", "runs")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Connection refused" in done.stderr
    assert "SWITCHBOARD_DATABASE_URL" in done.stderr
    assert "s3cret" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("address", ["postgresql+asyncpg://desk:s3cret@host/shop", "postgresql://desk:s3cret@host:port/shop"])
def test_an_address_that_cannot_be_used_is_said_without_the_password(address: str):
    with pytest.raises(OperatorError, match="SWITCHBOARD_DATABASE_URL") as refused:
        prepared(with_driver(address))
    assert "s3cret" not in str(refused.value)


def test_a_database_that_does_not_exist_is_said_with_its_name(url: str):
    with pytest.raises(OperatorError, match=r"cannot be opened: .*no_such_shop.* does not exist"):
        prepared(with_driver(url.replace("/test_", "/no_such_shop_")))


@pytest.mark.slow
@pytest.mark.parametrize("patience", ["", "?connect_timeout=2"])
def test_a_server_that_takes_the_call_and_says_nothing_is_given_up_within_seconds(tmp_path: Path, patience: str):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://127.0.0.1:{silent.getsockname()[1]}/shop{patience}"
        asking = commands.started(tmp_path, "runs", SWITCHBOARD_DATABASE_URL=url)
        _, told = asking.communicate(timeout=60)  # it would wait for ever
    assert asking.returncode == 2
    assert "timeout expired" in told
    assert "SWITCHBOARD_DATABASE_URL" in told
    assert "Traceback" not in told
