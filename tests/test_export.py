"""Exporting: what is written is read back into the same rows, runs in no spreadsheet, and is whole or not there."""

import csv
import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import commands
from support.commands import said
from support.examples import examples
from support.postgres import Fresh, with_driver
from support.shop_files import SHOP, brought, counts, exported, whole_shop

from switchboard.database import open_engine, sqlite_url
from tools.importing.exporting import export
from tools.importing.importing import import_records, read_file
from tools.importing.reading.cells import RUN, guarded, unguarded
from tools.importing.reading.fields import read_mapping
from tools.importing.reading.problems import Problems
from tools.store import migrate


def carried(folder: Path, source: Any, target: Any, ending: str) -> list[tuple[bytes, bytes]]:
    """Each kind as it is exported before and after it was brought into another database."""
    found = []
    for kind in SHOP:
        first, second = folder / f"{kind}.{ending}", folder / f"{kind}-2.{ending}"
        export(source, kind, first)
        problems = Problems(first.name)
        read = read_file(kind, first, read_mapping(kind, (), None), problems)
        import_records(target, read.records, problems, sample="beside")
        export(target, kind, second)
        found.append((first.read_bytes(), second.read_bytes()))
    return found


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_the_sample_goes_out_and_into_an_empty_database_byte_by_byte(shop: Any, tmp_path: Path, ending: str) -> None:
    empty = open_engine(sqlite_url(tmp_path / "empty.db"))
    migrate(empty)
    for before, after in carried(tmp_path, shop, empty, ending):
        assert len(before) > 1000
        assert before == after


@pytest.mark.slow
def test_it_does_so_into_a_server_too_and_the_desk_works_on_it(shop: Any, tmp_path: Path, fresh: Fresh) -> None:
    address = with_driver(fresh())
    server = open_engine(address)
    migrate(server)
    for before, after in carried(tmp_path, shop, server, "csv"):
        assert before == after
    for _, again in carried(tmp_path, server, server, "csv"):
        assert again
    server.dispose()
    found = commands.document(
        tmp_path, "ask", "Please refund the second charge of #W1000001.", "--email", "emma.lindqvist@example.com", new=True,
        SWITCHBOARD_DATABASE_URL=address,
    )  # fmt: skip
    assert (found["end"], "42.50" in found["reply"]) == ("resolved", True)


@pytest.mark.slow
def test_a_whole_shop_is_brought_into_a_server_twice_without_doubles(tmp_path: Path, fresh: Fresh) -> None:
    address = with_driver(fresh())
    whole_shop(tmp_path, SWITCHBOARD_DATABASE_URL=address)
    for kind, text in SHOP.items():
        found = counts(tmp_path, kind, text, SWITCHBOARD_DATABASE_URL=address)
        assert all(one.startswith("0 0 ") and one.endswith(" 0") for one in found.values())


WORDS = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
CELLS = st.text(st.sampled_from(list("=+-@'\"',;\n a1＝\t")), max_size=8)


@given(CELLS)
def test_a_cell_is_never_run_and_reads_back(text: str) -> None:
    cell = guarded(text)
    assert not cell.startswith(RUN)
    assert unguarded(cell) == text


@pytest.mark.slow
@given(
    st.lists(st.tuples(WORDS, WORDS, st.dictionaries(WORDS, WORDS, max_size=3), st.integers(0, 10**9)), min_size=1, max_size=5)
)
@settings(max_examples=examples(60))
def test_whatever_a_shop_calls_things_its_catalogue_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, dict[str, str], int]]
) -> None:
    folder = tmp_path_factory.mktemp("shop")
    lines = [
        {"product_id": str(5_000_000_000 + n), "product_name": name, "item_id": str(6_000_000_000 + n), "options": options}
        | {"price_cents": cents, "available": n % 2 == 0}
        for n, (name, _, options, cents) in enumerate(rows)
        if name
    ]
    engine = open_engine(sqlite_url(folder / "one.db"))
    migrate(engine)
    if not lines:
        return
    path = folder / "products.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    problems = Problems(path.name)
    read = read_file("products", path, read_mapping("products", (), None), problems)
    import_records(engine, read.records, problems, sample="beside")
    other = open_engine(sqlite_url(folder / "two.db"))
    migrate(other)
    for target, ending in ((other, "csv"), (other, "jsonl")):
        before, after = carried_products(folder, engine, target, ending)
        assert before == after
    written = list(csv.DictReader(StringIO((folder / "products.csv").read_text("utf-8-sig"), newline="")))
    assert [unguarded(one["product_name"]) for one in written] == [line["product_name"] for line in lines]
    assert not [cell for one in written for cell in one.values() if cell.startswith(RUN)]


def carried_products(folder: Path, source: Any, target: Any, ending: str) -> tuple[bytes, bytes]:
    first, second = folder / f"products.{ending}", folder / f"products-2.{ending}"
    export(source, "products", first)
    problems = Problems(first.name)
    read = read_file("products", first, read_mapping("products", (), None), problems)
    import_records(target, read.records, problems, sample="beside", holds="file")
    export(target, "products", second)
    return first.read_bytes(), second.read_bytes()


def test_a_name_that_is_a_formula_is_written_so_that_nothing_runs_it(tmp_path: Path) -> None:
    text = 'customer_id,first_name,last_name,email\nC1,"=HYPERLINK(""http://x"")",\'s Gravesande,a@example.com\n'
    brought(tmp_path, "customers", text)
    found = exported(tmp_path, "customers").decode("utf-8-sig")
    assert "'=HYPERLINK" in found
    assert counts(tmp_path, "customers", found) == {"customer": "0 0 1 0"}


@pytest.mark.slow
def test_a_file_that_was_there_is_whole_before_and_after_and_nobody_else_reads_it(tmp_path: Path) -> None:
    whole_shop(tmp_path)
    exported(tmp_path, "customers")
    path = tmp_path / "out-customers.csv"
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    assert exported(tmp_path, "customers") == before
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".out")] == []


def test_where_it_cannot_be_written_one_sentence_says_so(tmp_path: Path) -> None:
    for name, words in (("none/c.csv", "cannot be written"), ("c.txt", ".csv nor .jsonl"), ("folder.csv", "is a folder")):
        (tmp_path / "folder.csv").mkdir(exist_ok=True)
        done = commands.switchboard(tmp_path, "export", "customers", name, new=True)
        assert (done.returncode, words in said(done)) == (2, True), said(done)
    assert os.listdir(tmp_path / "folder.csv") == []  # noqa: PTH208
