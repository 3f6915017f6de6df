"""Queries of another side's database: listed, bound, read alone, and bounded in rows, bytes and seconds."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from switchboard.declare.tool import Context, Tool
from switchboard.errors import Away, DeclarationError, OperatorError, ToolError
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.opened import open_sources
from switchboard.toolsets.remote import tools_from
from switchboard.toolsets.sql import SqlSource
from switchboard.toolsets.table import SourceTable

ROWS = (
    "CREATE TABLE loans (id INTEGER PRIMARY KEY, reader TEXT, title TEXT, due DATE, fine NUMERIC(6, 2))",
    "INSERT INTO loans VALUES (1, 'R-1', 'Emma', '2026-03-04', 1.50), (2, 'R-1', 'Ulysses', '2026-05-06', 0)",
    "INSERT INTO loans VALUES (3, 'R-2', 'Candide', '2026-07-08', 2.25)",
)
ENDLESS = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) AS n FROM t WHERE n < :n"
MINE = "SELECT id, title, due, fine FROM loans WHERE reader = :customer ORDER BY id"
ONE = "SELECT id, reader, title FROM loans WHERE id = :number"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "library.db") as rows:
        for statement in ROWS:
            rows.execute(statement)
    rows.close()
    return tmp_path


def source(folder: Path, address: str = "sqlite:///library.db", **calls: Facts) -> SqlSource:
    return SqlSource("library", SourceTable(sql=address, calls=calls), folder)


def tool(folder: Path, facts: Facts, address: str = "sqlite:///library.db") -> Tool:
    return tools_from(source(folder, address, ask=facts).operations(), {"ask": facts})["ask"]


def reads(query: str, **facts: Any) -> Facts:
    return Facts(effect="read", query=query, **facts)


def context(customer_id: str | None = "R-1") -> Context:
    return Context("case", "call", "desk", None, customer_id)  # type: ignore[arg-type]


def test_rows_of_the_verified_customer_are_found(library: Path) -> None:
    mine = tool(library, reads(MINE, customer="customer"))
    assert mine.schema["function"]["parameters"]["properties"] == {}
    assert [row["title"] for row in mine(ctx=context())["rows"]] == ["Emma", "Ulysses"]
    with pytest.raises(ToolError) as refused:
        mine(ctx=context(None))
    assert refused.value.code == "not_verified"


def test_one_row_is_an_object_and_none_is_not_found(library: Path) -> None:
    one = tool(library, reads(ONE, arguments={"number": "integer"}, one=True, owner="reader"))
    assert one(ctx=context(), number=1) == {"id": 1, "reader": "R-1", "title": "Emma"}
    for number, code in ((3, "not_found"), (9, "not_found")):
        with pytest.raises(ToolError) as refused:
            one(ctx=context(), number=number)
        assert refused.value.code == code
    several = tool(library, reads("SELECT id FROM loans", one=True))
    with pytest.raises(ToolError) as refused:
        several(ctx=context())
    assert refused.value.code == "several_found"


def test_a_row_can_verify_who_writes(library: Path) -> None:
    known = tool(library, reads("SELECT reader FROM loans WHERE title = :title", one=True, verifies="reader"))
    asks = context(None)
    known(ctx=asks, title="Candide")
    assert asks.customer_id == "R-2"


def test_arguments_are_bound_and_checked(library: Path) -> None:
    one = tool(library, reads(ONE, arguments={"number": "integer"}))
    with pytest.raises(ToolError) as refused:
        one.validated({"number": "1 OR 1=1"})
    assert refused.value.code == "wrong_arguments"
    titled = tool(library, reads("SELECT id FROM loans WHERE title = :title"))
    assert titled(ctx=context(), title="' OR '1'='1") == {"rows": []}


def test_a_parameter_has_the_name_that_the_facts_give_it(library: Path) -> None:
    facts = reads(ONE, arguments={"loan": "integer"}, names={"loan": "number"})
    assert tool(library, facts)(ctx=context(), loan=2)["rows"][0]["title"] == "Ulysses"


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM loans",
        "PRAGMA query_only=OFF",
        "SELECT 1; DELETE FROM loans",
        "-- all\nSELECT 1",
        "ATTACH 'x' AS y",
        "SELECTED",
    ],
)
def test_what_is_no_one_reading_statement_is_refused_when_it_is_declared(library: Path, query: str) -> None:
    with pytest.raises(DeclarationError):
        source(library, ask=reads(query)).operations()


def test_what_would_write_all_the_same_does_not(library: Path) -> None:
    with pytest.raises(ToolError) as refused:
        tool(library, reads("WITH t AS (SELECT 1) DELETE FROM loans RETURNING id"))(ctx=context())
    assert "DELETE" not in str(refused.value)
    rows = sqlite3.connect(library / "library.db")
    assert rows.execute("SELECT count(*) FROM loans").fetchone() == (3,)
    rows.close()


def test_rows_bytes_and_seconds_are_bounded(library: Path) -> None:
    many = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT n FROM t"
    answer = tool(library, reads(many))(ctx=context())
    assert (len(answer["rows"]), answer["more"]) == (200, True)
    for large in (
        "SELECT zeroblob(2000000000) AS all_of_it",
        "SELECT printf('%.900000c', 'x') AS a, printf('%.900000c', 'x') AS b",
    ):
        with pytest.raises(ToolError) as refused:
            tool(library, reads(large))(ctx=context())
        assert refused.value.code == "result_too_long"
    begun = time.monotonic()
    with pytest.raises(ToolError) as refused:
        tool(library, reads(ENDLESS, arguments={"n": "integer"}, timeout=0.3))(ctx=context(), n=10**12)
    assert refused.value.code == "away"
    assert time.monotonic() - begun < 3


def test_a_database_that_is_not_there_is_away(library: Path) -> None:
    for address in ("sqlite:///nowhere.db", "postgresql://nobody:secret@127.0.0.1:1/library?connect_timeout=1"):
        with pytest.raises(Away) as away:
            tool(library, reads("SELECT 1 AS one"), address)(ctx=context())
        assert "secret" not in str(away.value) and "SELECT" not in str(away.value)
    assert not (library / "nowhere.db").exists()


def test_errors_quote_neither_the_query_nor_a_row(library: Path) -> None:
    with pytest.raises(ToolError) as refused:
        tool(library, reads("SELECT fine FROM borrowed WHERE reader = :customer", customer="customer"))(ctx=context())
    assert refused.value.code == "query_refused"
    assert not any(words in str(refused.value) for words in ("borrowed", "R-1", "SELECT"))
    assert refused.value.__cause__ is None


def test_what_a_check_finds(library: Path) -> None:
    facts = {"good": reads(MINE, customer="customer"), "wrong": reads("SELECT fine FROM borrowed")}
    (problem,) = source(library, **facts).problems()
    assert "wrong" in problem


@pytest.mark.parametrize("address", ["mysql://a:secret@host/library", "secret", "sqlite://", "sqlite:///:memory:"])
def test_other_databases_are_refused_by_a_sentence(library: Path, address: str) -> None:
    with pytest.raises(OperatorError) as refused:
        source(library, address, ask=reads("SELECT 1"))
    assert "secret" not in str(refused.value)


def test_facts_that_fit_no_query_are_refused() -> None:
    for wrong in ({"one": True}, {"arguments": {"n": "integer"}}, {"query": MINE, "owner": "reader"}):
        with pytest.raises(ValueError, match=r"query|one row"):
            Facts(effect="read", **wrong)
    with pytest.raises(DeclarationError, match="no :other"):
        source(Path(), ask=reads(ONE, arguments={"other": "integer"})).operations()


@pytest.fixture
def postgres(addresses: Callable[[], str]) -> Iterator[str]:
    address = addresses()
    engine = create_engine(address)
    with engine.begin() as rows:
        for statement in ROWS:
            rows.execute(text(statement))
    yield address
    engine.dispose()


@pytest.mark.slow
def test_the_same_on_postgres(postgres: str, tmp_path: Path) -> None:
    mine = tool(tmp_path, reads(MINE, customer="customer"), postgres)
    assert mine(ctx=context())["rows"][0] == {"id": 1, "title": "Emma", "due": "2026-03-04", "fine": "1.50"}
    one = tool(tmp_path, reads(ONE, arguments={"number": "integer"}, one=True), postgres)
    assert one(ctx=context(), number=3)["reader"] == "R-2"
    with pytest.raises(ToolError) as refused:
        writing = "WITH t AS (DELETE FROM loans RETURNING id) SELECT id FROM t"
        tool(tmp_path, reads(writing), postgres)(ctx=context())
    assert refused.value.code == "query_refused"
    assert len(tool(tmp_path, reads("SELECT id FROM loans"), postgres)(ctx=context())["rows"]) == 3
    begun = time.monotonic()
    with pytest.raises(ToolError) as refused:
        tool(tmp_path, reads("SELECT pg_sleep(20)::text AS slept", timeout=0.3), postgres)(ctx=context())
    assert refused.value.code == "away"
    answer = tool(tmp_path, reads("SELECT generate_series(1, 100000000) AS n", timeout=5), postgres)(ctx=context())
    assert len(answer["rows"]) == 200
    assert time.monotonic() - begun < 8


def test_a_source_is_chosen_by_what_its_table_says(library: Path) -> None:
    tables = {"library": SourceTable(sql="sqlite:///library.db", calls={"mine": reads(MINE, customer="customer")})}
    opened = open_sources(tables, library)
    assert isinstance(opened["library"], SqlSource)
    assert list(opened["library"].operations()) == ["mine"]
