"""Loading a store in the tau2 shape into the database of the data folder, and the desk at work on it."""

import json
from pathlib import Path
from typing import Any

import pytest
from support import commands
from support.commands import document, said
from test_tau2_replay import ORDERS, PRODUCTS, USERS

from switchboard.cases.runs import Environment
from switchboard.database import open_engine, sqlite_url
from switchboard.engine.worker import Worker

FILES: dict[str, Any] = {"users": USERS, "orders": ORDERS, "products": PRODUCTS}
ADA = ["--email", "ada@example.com"]


def write(folder: Path, **other: Any) -> None:
    for name, content in {**FILES, **other}.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def load(folder: Path, *more: str, **variables: str) -> Any:
    files = [word for name in FILES for word in (f"--{name}", f"{name}.json")]
    return commands.switchboard(folder, "tau2", "load", *files, *more, new=True, **variables)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def ask(folder: Path, words: str, *more: str) -> Any:
    return document(folder, "ask", words, *more, new=True)


@pytest.mark.slow
def test_a_new_data_folder_holds_the_store_alone_and_the_desk_serves_its_customers(place: Path) -> None:
    done = load(place)
    assert (done.returncode, done.stderr) == (0, "Loaded 2 customers, 3 orders and 1 products.\n")
    asked = ask(place, "Please cancel #W0000001, I ordered it by mistake.", *ADA)
    assert (asked["end"], "Mug" in asked["reply"]) == ("awaiting_customer", True)
    done = ask(place, "Yes.", "--case", asked["case_id"])
    assert done["end"] == "resolved"
    assert "#W0000001 is cancelled" in done["reply"]
    assert "No customer" not in said(commands.switchboard(place, "cases", new=True))
    assert "cannot find" in ask(place, "Where is #W1000002?", "--email", "jonas.okafor@example.com")["reply"]


@pytest.mark.slow
def test_a_customer_is_found_by_name_and_zip_code_too(place: Path) -> None:
    load(place)
    asked = ask(place, "Where is my order #W0000003?")
    assert "#W0000003" in ask(place, "Bo Test, 97301", "--case", asked["case_id"])["reply"]


@pytest.mark.slow
def test_a_second_load_of_the_same_store_changes_nothing_and_says_so(place: Path) -> None:
    load(place)
    asked = ask(place, "Cancel #W0000001 please, I no longer need it.", *ADA)
    ask(place, "Yes.", "--case", asked["case_id"])
    again = load(place)
    assert (again.returncode, "Nothing was loaded: this store is there already" in again.stderr) == (0, True)
    assert "cancelled" in ask(place, "Where is my order #W0000001?", *ADA)["reply"]
    assert json.loads(load(place, "--json").stdout)["loaded"] is False


@pytest.mark.slow
def test_another_store_is_not_overwritten_and_the_operator_hears_what_to_do(place: Path) -> None:
    commands.switchboard(place, "ask", "Where is my order #W1000009?", *commands.GRACE)  # on the sample shop
    done = load(place)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "Nothing was loaded: the database holds another store, with 40 customers and 1 cases. Name a new folder with "
        "--data, or give --replace, which sets its file aside.\n"
    )
    assert "#W1000009" in ask(place, "Where is my order #W1000009?", *commands.GRACE)["reply"]


@pytest.mark.slow
def test_a_store_that_is_replaced_is_kept_with_its_cases_in_a_file_beside(place: Path) -> None:
    first = document(place, "ask", "Where is my order #W1000009?", *commands.GRACE)["case_id"]
    kept = place / "data" / "switchboard-before-1.db"
    assert json.loads(load(place, "--replace", "--json").stdout) == {
        "loaded": True,
        "kept": str(kept),
        "users": 2,
        "orders": 3,
        "products": 1,
    }
    assert document(place, "cases", new=True) == []
    assert document(place, "show", first, new=True, SWITCHBOARD_DATABASE_URL=f"sqlite:///{kept}")["case_id"] == first
    assert "switchboard-before-2.db" in "".join(load(place, "--replace").stderr.split())


@pytest.mark.slow
def test_nothing_is_replaced_while_a_process_works_on_its_cases(place: Path) -> None:
    load(place)
    engine = open_engine(sqlite_url(place / "data" / "switchboard.db"))
    with Worker(Environment(engine, {})):
        done = load(place, "--replace")
    assert (done.returncode, "Stop them first" in said(done)) == (2, True)
    assert "this store is there already" in said(load(place))
    engine.dispose()


def test_a_server_is_not_replaced(place: Path) -> None:
    done = load(place, "--replace", SWITCHBOARD_DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert (done.returncode, done.stderr.startswith("A store on a server is not replaced.")) == (2, True)


def without(rows: dict[str, Any], key: str, field: str) -> dict[str, Any]:
    return {**rows, key: {name: value for name, value in rows[key].items() if name != field}}


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a field is missing": ({"users": without(USERS, "bo_test_2", "email")}, "users.json does not hold users: bo_test_2 email"),
    "a list": ({"orders": [1]}, "orders.json does not hold orders: the whole file"),
    "the files changed places": ({"products": USERS}, "products.json does not hold products: ada_test_1 name"),
    "an amount that is none": (
        {"products": {"2": {"name": "Mug", "variants": {"1": {"options": {}, "available": True, "price": "dear"}}}}},
        "products.json does not hold products: 2 variants 1 price",
    ),
    "a customer of another store": (
        {"users": {"ada_test_1": USERS["ada_test_1"]}},
        "orders.json: users.json does not hold who",
    ),
    "an order under another number": ({"orders": {"#W9": ORDERS["#W0000001"]}}, "the order #W9 calls itself #W0000001"),
    "an item twice": (
        {"products": dict.fromkeys(("2000000000", "2000000001"), PRODUCTS["2000000000"])},
        "The store could not be loaded, and nothing of it is there",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WRONG)
def test_files_that_are_no_store_are_told_in_one_line_with_the_place_and_nothing_is_loaded(place: Path, name: str) -> None:
    files, words = WRONG[name]
    write(place, **files)
    done = load(place)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
    assert words in done.stderr
    assert "Take users.json, orders.json and products.json of one store" in done.stderr
    write(place)
    assert load(place).stderr == "Loaded 2 customers, 3 orders and 1 products.\n"
