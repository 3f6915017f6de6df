"""What stands of a customer beside their case: rows of the project or of a call that its file names, as text, and soon."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from support.served import Served, served
from test_web_markup import Found, marked

from switchboard.console.web import beside
from switchboard.console.web.beside import FAILED, LATE, MOST_ROWS, MOST_TEXT, MOST_TITLE, Customers, Known, look_of
from switchboard.errors import DeclarationError, ToolError
from switchboard.project import Project
from switchboard.tables.project_file import read_file
from tools.rows import Customer

LARGE, GRACE = "Order #W1000009 was billed two times. Refund one of them.", "grace.mbeki@example.com"
TOML = """
name = "Library"

[departments.loans]
about = "Loans."
examples = ["Where is my book?"]

[customer]
call = "loans"
fields = ["rows.title", "rows.due"]
title = "Loan"

[tools.library]
sql = "sqlite:///library.db"

[tools.library.calls.loans]
effect = "read"
query = "SELECT title, due FROM loans WHERE reader = :reader ORDER BY due DESC"
customer = "reader"

[tools.library.calls.reader]
effect = "read"
query = "SELECT name FROM readers WHERE id = :reader AND 1 = :number"
arguments = { number = "integer" }
customer = "reader"

[tools.library.calls.hours]
effect = "read"
query = "SELECT 'nine to five' AS open"
public = true
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("desk")) as found:
        yield found


def side(served: Served, case_id: str, who: str = "dana") -> str:
    return served.browser(who).page(f"/cases/{case_id}/part/side")


def test_the_name_and_the_newest_orders_stand_beside_the_case_masked_for_whoever_may_look(desk: Served) -> None:
    case_id = desk.case(LARGE, GRACE)
    for who in ("dana", "viewer:vera"):
        page = side(desk, case_id, who)
        assert "<dt>Name</dt><dd>Grace Mbeki</dd>" in page and "<dd>g...@example.com</dd>" in page and GRACE not in page
        assert "<dt>Order #W1000009</dt><dd>delivered, placed on 20" in page and " USD</dd>" in page
    assert "Grace Mbeki" in desk.browser().page(f"/cases/{case_id}")


def test_a_case_of_nobody_in_particular_has_no_such_rows(desk: Served) -> None:
    page = side(desk, desk.case("How long do I have to return something?"))
    assert "<dt>Verified</dt><dd>no</dd>" in page and "<dt>Name</dt>" not in page and LATE not in page and FAILED not in page


def test_a_customer_without_orders_is_named_and_of_a_stranger_nothing_is_known(desk: Served) -> None:
    address = dict.fromkeys(("address1", "address2", "city", "country", "state", "zip"), "x")
    with Session(desk.place.engine) as session, session.begin():
        session.add(Customer(id="noor_1", first_name="Noor", last_name="Visser", email="noor@example.com", **address))
    look, who = look_of(desk.place.project), [("Name", "Noor Visser"), ("Mail on file", "noor@example.com")]
    assert look and list(look(desk.place.engine, {}, "noor_1")) == who
    assert list(look(desk.place.engine, {}, "nobody_1")) == []


def test_what_a_project_knows_is_text_and_nothing_else(desk: Served) -> None:
    case_id = desk.case("Where is order #W1000010?", "felix.aldous@example.com")
    with Session(desk.place.engine) as session, session.begin():
        customer = session.get_one(Customer, "felix_aldous_1010")
        customer.first_name, customer.last_name = marked("name"), "4111 1111 1111 1111"
        customer.orders[0].status = marked("status")
    for page in (side(desk, case_id), desk.browser().page(f"/cases/{case_id}")):
        assert "&lt;xss-name" in page and "&lt;xss-status" in page and Found(page).wrong == []
        assert "49name" not in page and "[card number]" in page and "4111 1111" not in page


def customers(look: Any) -> Customers:
    return Customers(None, {}, look)  # type: ignore[arg-type]


def test_rows_are_few_and_short_whatever_the_project_gives() -> None:
    found = customers(lambda *asked: [("t" * 999, "x" * 9999)] * 50).known("ada")
    assert len(found.rows) == MOST_ROWS and not found.trouble
    assert {len(title) for title, _ in found.rows} == {MOST_TITLE + 2} and {len(text) for _, text in found.rows} == {
        MOST_TEXT + 2
    }
    assert customers(lambda *asked: [("Name", ""), ("Born", 7)]).known("ada").rows == (("Born", "7"),)


def test_nobody_is_asked_of_nobody() -> None:
    asked: list[Any] = []
    known = customers(lambda *given: asked.append(given) or []).known
    assert known(None) == known("") == Known() == customers(None).known("ada") and asked == []


@pytest.mark.parametrize("gives", [ToolError("gone"), ZeroDivisionError(), [("one",)], None, 7])
def test_a_source_that_fails_is_one_sentence(gives: Any) -> None:
    def look(*asked: Any) -> Any:
        if isinstance(gives, Exception):
            raise gives
        return gives

    assert customers(look).known("ada") == Known(trouble=FAILED)


def test_a_source_that_hangs_costs_one_wait_and_a_bounded_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "PATIENCE_SECONDS", 0.05)
    goes_on, asked = threading.Event(), list[str]()

    def look(engine: Any, services: Any, customer_id: str) -> list[tuple[str, str]]:
        asked.append(customer_id)
        goes_on.wait(10)
        return [("Name", customer_id)]

    known = customers(look).known
    assert known("a") == known("a") == Known(trouble=LATE) and asked == ["a"]
    assert {known(name).trouble for name in "bcdefghi"} == {LATE} and asked == ["a", "b", "c", "d"]
    began = time.monotonic()
    assert known("z") == Known(trouble=LATE) and time.monotonic() - began < 0.04
    goes_on.set()
    until = time.monotonic() + 5
    while known("a") != Known((("Name", "a"),)):  # what came late is shown the next time
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_customer_whose_source_hangs_takes_one_place_however_often_they_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(beside, "PATIENCE_SECONDS", 0.02)
    monkeypatch.setattr(beside, "LATE_SECONDS", 0.0)
    monkeypatch.setattr(beside, "KEPT_SECONDS", 0.0)
    goes_on, asked = threading.Event(), list[str]()

    def look(engine: Any, services: Any, customer_id: str) -> list[tuple[str, str]]:
        asked.append(customer_id)
        goes_on.wait(10 if customer_id == "a" else 0)
        return [("Name", customer_id)]

    known = customers(look).known
    assert {known("a").trouble for _ in range(6)} == {LATE} and asked == ["a"]
    monkeypatch.setattr(beside, "PATIENCE_SECONDS", 5.0)
    assert known("b") == Known((("Name", "b"),))
    goes_on.set()


def test_hanging_customers_keep_others_from_their_rows_for_a_moment_and_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(beside, "HELD_SECONDS", 0.15)
    goes_on, asked = threading.Event(), list[str]()

    def look(engine: Any, services: Any, customer_id: str) -> list[tuple[str, str]]:
        asked.append(customer_id)
        goes_on.wait(10 if customer_id.startswith("hangs") else 0)
        return [("Name", customer_id)]

    known = customers(look).known
    assert {known(f"hangs {n}").trouble for n in range(beside.AT_ONCE)} == {LATE} and known("ada") == Known(trouble=LATE)
    time.sleep(0.12)
    assert known("ada") == Known((("Name", "ada"),)), "its page is not kept from it for long"
    monkeypatch.setattr(beside, "HELD_SECONDS", 0.0)
    for n in range(20):
        known(f"hangs {n}")
    assert sum(one.startswith("hangs") for one in asked) == beside.MOST_LEFT
    goes_on.set()


def test_who_was_late_is_not_asked_for_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    assert beside.LATE_SECONDS > beside.KEPT_SECONDS
    monkeypatch.setattr(beside, "PATIENCE_SECONDS", 0.02)
    monkeypatch.setattr(beside, "KEPT_SECONDS", 0.0)
    goes_on = threading.Event()
    here = customers(lambda *_: goes_on.wait(10))
    assert here.known("a") == Known(trouble=LATE)
    monkeypatch.setattr(here, "_asked", None)
    assert here.known("a") == Known(trouble=LATE)
    goes_on.set()


def test_where_no_thread_can_be_had_no_place_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    known = customers(lambda *_: [("Name", "Ada")]).known
    with monkeypatch.context() as without:
        without.setattr(threading.Thread, "start", start)
        assert {known("a").trouble for _ in range(beside.AT_ONCE + 1)} == {FAILED}
    assert known("a") == Known((("Name", "Ada"),))


def test_a_text_of_megabytes_is_shown_soon_and_no_number_that_was_cut_in_two() -> None:
    card, began = "4111 1111 1111 1111 ", time.monotonic()
    ((_, text),) = customers(lambda *_: [("Note", card * 500_000)]).known("ada").rows
    assert time.monotonic() - began < 0.4 and "4111 1111" not in text and len(text) <= MOST_TEXT + 2
    hidden = "\0" * (MOST_TEXT * beside.MOST_MASKED - 14) + card * 9
    assert "4111" not in str(customers(lambda *_: [("Note", hidden)]).known("ada"))


def library(folder: Path, toml: str = TOML) -> Project:
    (folder / "switchboard.toml").write_text(toml, "utf-8")
    rows = sqlite3.connect(folder / "library.db")
    with rows:
        rows.execute("CREATE TABLE IF NOT EXISTS loans (reader TEXT, title TEXT, due DATE)")
        rows.execute("DELETE FROM loans")
        rows.execute(
            "INSERT INTO loans VALUES ('R-1', 'Emma', '2026-03-04'), ('R-1', 'Ulysses', '2026-05-06'), ('R-2', 'X', '')"
        )
    rows.close()
    return Project(folder, read_file(folder / "switchboard.toml"), is_sample=False)


def test_a_project_of_toml_alone_names_a_call_and_its_fields(tmp_path: Path) -> None:
    look = look_of(library(tmp_path))
    assert customers(look).known("R-1").rows == (("Loan", "Ulysses, 2026-05-06"), ("Loan", "Emma, 2026-03-04"))
    assert customers(look).known("R-9") == Known()


@pytest.mark.parametrize(
    ("was", "wrong", "why"),
    [
        ('call = "loans"', 'call = "lones"', "line 9, .*there is no call 'lones'; did you mean 'loans'"),
        ('call = "loans"', 'call = "hours"', "line 9, .*takes nothing but its `customer`; 'hours' is none"),
        ('call = "loans"', 'call = "reader"', "line 9, .*'reader' needs number"),
    ],
)
def test_a_call_that_does_not_fit_is_told_with_its_line(tmp_path: Path, was: str, wrong: str, why: str) -> None:
    with pytest.raises(DeclarationError, match=why):
        _ = library(tmp_path, TOML.replace(was, wrong)).desk


def test_fields_of_a_list_are_a_row_for_each_line_and_others_one_each() -> None:
    answer = {"name": "Ada", "of": {"since": 2020}, "orders": [{"id": 1, "state": "sent"}, {"id": 2, "state": None}]}
    paths = [path.split(".") for path in ("name", "of.since", "orders.id", "orders.state", "nothing.there")]
    told = [("name", "Ada"), ("since", "2020"), ("orders", "1, sent"), ("orders", "2")]
    assert list(beside.rows_in(answer, paths, "")) == told
    assert list(beside.rows_in([{"id": 1}, {"id": 2}], [["id"]], "Order")) == [("Order", "1"), ("Order", "2")]
