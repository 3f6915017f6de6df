"""The shop's database: migrations, the seed, the tau2 shape, the tools' facts."""

import json
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.orm import Session
from support.own_shop import seeded

from groupchats.desk import team
from switchboard.cases.tables import Table
from switchboard.cases.words.rows import INDEX
from switchboard.database import open_engine, sqlite_url
from switchboard.errors import OperatorError
from tools.shop import Row
from tools.store import SEED, dump_customer, dump_order, migrate, seed


def seed_file(name: str) -> dict[str, dict]:
    return json.loads((SEED / f"{name}.json").read_text("utf-8"))


@pytest.mark.slow
def test_the_migrations_build_exactly_the_tables_of_the_rows(tmp_path: Path):
    for rows in (
        "channels.rows",
        "channels.visitors",
        "sealed.key",
    ):  # which nothing imports before a channel or a key is there
        import_module(f"switchboard.cases.{rows}")
    engine = open_engine(sqlite_url(tmp_path / "shop.db"))
    migrate(engine)
    there = inspect(engine)
    for table in [*Row.metadata.sorted_tables, *Table.metadata.sorted_tables]:
        columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in there.get_columns(table.name)}
        declared = {c.name: (str(c.type.compile(engine.dialect)), bool(c.nullable)) for c in table.columns}
        assert columns == declared, table.name
        assert {tuple(i["column_names"]) for i in there.get_indexes(table.name)} == {
            tuple(c.name for c in index.columns) for index in table.indexes
        }
    built = {name for name in there.get_table_names() if not name.startswith(INDEX)}
    assert built == {*Row.metadata.tables, *Table.metadata.tables, "schema_versions"}


def test_migrating_twice_does_nothing_the_second_time(tmp_path: Path):
    engine = seeded(tmp_path)
    migrate(engine)
    seed(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM customers")).scalar() == 40


def test_an_in_memory_database_can_be_migrated():
    engine = create_engine("sqlite://")
    migrate(engine)
    assert inspect(engine).has_table("orders")


def test_a_database_of_a_newer_version_is_refused_in_one_sentence(tmp_path: Path):
    engine = seeded(tmp_path)
    with engine.begin() as connection:
        connection.execute(text("UPDATE schema_versions SET version = '9999_later'"))
    with pytest.raises(OperatorError, match=r"9999_later.*install a newer Switchboard"):
        migrate(engine)


@pytest.mark.slow
def test_the_seed_comes_back_in_the_shape_it_was_written_in(tmp_path: Path):
    engine = seeded(tmp_path)
    with Session(engine) as session:
        for order_id, order in seed_file("orders").items():
            assert dump_order(session, order_id) == order
        for user_id, user in seed_file("users").items():
            assert dump_customer(session, user_id) == user


def test_the_seed_is_as_large_as_promised_and_fictional():
    users, orders = seed_file("users"), seed_file("orders")
    assert (len(users), len(orders), len(seed_file("products"))) == (40, 150, 30)
    assert all(user["email"].endswith("@example.com") for user in users.values())
    assert len({user["email"] for user in users.values()}) == 40


def test_every_edge_case_of_the_seed_readme_names_an_order_that_exists():
    orders, users = seed_file("orders"), seed_file("users")
    rows = [line for line in (SEED / "README.md").read_text("utf-8").splitlines() if "| #W" in line]
    assert len(rows) == 20
    for row in rows:
        _, _, order_id, customer, *_ = (cell.strip() for cell in row.split("|"))
        assert users[orders[order_id]["user_id"]]["email"] == customer.split(",")[0]


def test_only_tools_without_a_customers_rows_are_public():
    names = {
        "find_user_id_by_email",
        "find_user_id_by_name_zip",
        "get_product_details",
        "get_item_details",
        "list_all_product_types",
        "transfer_to_human_agents",
        "open_ticket",
        "take_contact_details",
        "add_case_note",
    }
    shop_modules = {"identity", "orders", "returns", "accounts", "catalog", "money", "tickets"}
    mine = {n: t for n, t in team.tools.items() if t.function.__module__.split(".")[1] in shop_modules}
    assert {name for name, tool in mine.items() if tool.public} == names


def test_no_tool_needs_many_prompt_characters():
    for tool in team.tools.values():
        assert len(tool.description) <= 200, tool.name


@pytest.mark.slow
def test_many_first_openings_of_one_new_file_wait_for_each_other(tmp_path: Path):
    """The switch to WAL fails at once when another connection makes it, whatever the busy timeout: it is tried again."""

    def open_it(path: Path, together: Barrier) -> None:
        engine = open_engine(sqlite_url(path))
        together.wait()
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE IF NOT EXISTS t (a)"))
        engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        for number in range(60):
            together = Barrier(4)
            opened = [pool.submit(open_it, tmp_path / f"{number}.db", together) for _ in range(4)]
            assert [one.exception() for one in opened] == [None] * 4
