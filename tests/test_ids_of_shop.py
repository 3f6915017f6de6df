"""A shop whose numbers look otherwise and whose money is euros: its `switchboard.toml` says so, and nothing else is touched."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.own_ids import LETTERED

from agents.requests import numbers
from agents.requests.reading import read
from tools.ids import ORDER, described, in_text

ROOT = Path(__file__).parent.parent
BARE = r"""
[ids.order]
form = '\d{6}'
example = "000000"
"""
CUSTOMERS = """customer_id;first_name;last_name;email;zip;payment_method_id;payment_source;last_four
K-17;Ida;Kern;ida@example.com;20095;{method};credit_card;4242
"""
PRODUCTS = """product_id;product_name;item_id;options;price;available
{product};Kupferpfanne;{item};size=20 cm;49,99;yes
"""
ORDERS = """order_id;customer_id;status;placed_on;promised_on;item_id;price;payment_method_id;paid
{order};K-17;pending;2026-11-20;2027-01-30;{item};49,99;{method};49,99
"""
FOUND = """
import json, sys
from agents.requests.reading import read
for text in json.load(sys.stdin):
    facts = read(text).facts
    found = facts.order_ids, facts.wrong_order_ids, facts.item_ids, facts.product_ids, facts.payment_method_ids
    print(json.dumps([*map(list, found), read(text).request.kind]))
"""
ANSWERED = """
import json, sys
from pathlib import Path
from groupchats.desk import team
from switchboard.database import open_engine
from switchboard.loop.drive import run_team
from tools.importing.importing import import_records, read_file
from tools.importing.reading.fields import read_mapping
from tools.importing.reading.problems import Problems
from tools.store import migrate

engine = open_engine("sqlite:///shop.db")
migrate(engine)
for kind in ("customers", "products", "orders"):
    problems = Problems(kind)
    read = read_file(kind, Path(f"{kind}.csv"), read_mapping(kind, (), None), problems)
    import_records(engine, read.records, problems)
for text in json.load(sys.stdin):
    print(json.dumps(run_team(team, text, engine=engine, known={"email": "ida@example.com"}).document["reply"]))
"""


def shop(folder: Path, ids: str) -> Path:
    """A copy of the sample project whose file declares other forms, and euros."""
    acme = folder / "acme"
    for name in ("agents", "tools", "groupchats", "scenarios"):
        shutil.copytree(ROOT / name, acme / name, ignore=shutil.ignore_patterns("__pycache__"))
    (acme / "switchboard.toml").write_text(f'name = "Acme"\ncurrency = "EUR"\nsetup = "groupchats.setup"\n{ids}', "utf-8")
    return acme


def said_by(acme: Path, code: str, texts: list[str]) -> list[Any]:
    """What a program of the project prints, in a process of its own: a line of JSON for each text."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(texts),
        cwd=acme,
        env={"PYTHONPATH": f"{acme}:{ROOT}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


READ: dict[str, list[Any]] = {
    "Where is my order AC-10432?": [["AC-10432"], [], [], [], [], "order_status"],
    "where is ac10432": [["AC-10432"], [], [], [], [], "order_status"],
    "Where is order 10432?": [["AC-10432"], [], [], [], [], "order_status"],
    "Please cancel AC 10432 and AC-10433": [["AC-10432", "AC-10433"], [], [], [], [], "cancel_order"],
    "Order AC-1043 is late": [[], ["AC-1043"], [], [], [], "late_parcel"],
    "Swap item PA001 of AC-10432 for PB777": [["AC-10432"], [], ["PA001", "PB777"], [], [], "exchange_items"],
    "I want my money back on pm_ab12": [[], [], [], [], ["pm_ab12"], "refund_full"],
    "My new address is 4 Elm Street, Salem, OR 97301": [[], [], [], [], [], "unknown"],
}
BARE_READ: dict[str, list[Any]] = {
    "Where is my order 104321?": [["104321"], [], [], [], [], "order_status"],
    "Where is #104321?": [["104321"], [], [], [], [], "order_status"],
    "104321": [["104321"], [], [], [], [], "unknown"],
    "I paid 104321 for it": [[], [], [], [], [], "unknown"],
    "Where is my order 10432199?": [[], ["10432199"], [], [], [], "order_status"],
}


@pytest.mark.parametrize(("ids", "texts"), [(LETTERED, READ), (BARE, BARE_READ)], ids=["letters", "digits alone"])
def test_numbers_of_another_form_are_read_however_they_are_written(tmp_path: Path, ids: str, texts: dict[str, Any]) -> None:
    found = said_by(shop(tmp_path, ids), FOUND, list(texts))
    orders = [(text, one[:5]) for text, one in zip(texts, found, strict=True)]
    assert orders == [(text, one[:5]) for text, one in texts.items()]
    assert [one[5] for one in found if one[0]] == [one[5] for one in texts.values() if one[0]]


SHOPS = {
    "letters": (LETTERED, {"order": "AC-10432", "item": "PA001", "product": "P100", "method": "pm_ab12"}),
    "digits alone": (BARE, {"order": "104321", "item": "6000000001", "product": "5000000001", "method": "credit_card_7"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SHOPS)
def test_the_desk_answers_from_imported_rows_in_the_shops_own_numbers_and_currency(tmp_path: Path, name: str) -> None:
    ids, called = SHOPS[name]
    acme = shop(tmp_path, ids)
    for kind, text in (("customers", CUSTOMERS), ("products", PRODUCTS), ("orders", ORDERS)):
        (acme / f"{kind}.csv").write_text(text.format(**called), "utf-8")
    order = called["order"]
    where, cancel, which = said_by(
        acme,
        ANSWERED,
        [f"Where is my order {order}?", f"Please cancel order {order}, I no longer need it.", "Where is order 1?"],
    )
    assert (f"Order {order} of 2026-11-20 is pending" in where, "49.99 EUR" in where) == (True, True)
    assert (f"Cancel all of order {order} (Kupferpfanne, 20 cm)" in cancel, "49.99 EUR to the credit card" in cancel) == (
        True,
        True,
    )
    assert "#W" not in which


def test_the_samples_own_forms_are_told_and_read_as_before() -> None:
    assert described(ORDER) == "#W and seven digits"
    assert numbers.how_it_looks() == "begins with #W"
    assert in_text(ORDER).endswith(r"(\d{7})\b")
    for written in ("#W1000001", "w1000001", "W 1000001", "order 1000001", "# 1000001"):
        assert read(f"Where is {written}?").facts.order_ids == ("#W1000001",)
