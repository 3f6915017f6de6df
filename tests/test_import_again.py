"""Importing beside a desk that works: what it has changed is not undone by a file, and the sample is not mixed with a shop."""

import json
from pathlib import Path

import pytest
from support import commands
from support.commands import said
from support.shop_files import CUSTOMERS, ORDERS, PRODUCTS, SHOP, ask, brought, counts, exported, whole_shop

VERA = ["--email", "vera@example.com"]
LATER = ORDERS.replace(",pending,", ",processed,")
"""The web shop has sent the order that the desk has cancelled."""


def cancelled(folder: Path) -> None:
    """The desk cancels an order that was imported, and sends the money back."""
    whole_shop(folder)
    asked = ask(folder, "Please cancel order #W7000001, I ordered it by mistake.", *VERA)
    assert ask(folder, "Yes.", "--case", asked["case_id"])["end"] == "resolved"


@pytest.mark.slow
def test_a_file_from_before_takes_back_nothing_that_the_desk_has_done(tmp_path: Path) -> None:
    cancelled(tmp_path)
    before = exported(tmp_path, "orders")
    assert counts(tmp_path, "orders", ORDERS) == {"order": "0 0 1 1"}
    assert exported(tmp_path, "orders") == before
    assert b"cancelled" in before


@pytest.mark.slow
def test_where_file_and_desk_both_have_changed_an_order_the_operator_must_say_who_is_right(tmp_path: Path) -> None:
    cancelled(tmp_path)
    before = exported(tmp_path, "orders")
    done = brought(tmp_path, "orders", LATER)
    assert (done.returncode, "order #W7000001 was changed at the desk since it was imported" in said(done)) == (1, True)
    assert "--overwrite takes the file's word, --keep the desk's" in said(done)
    assert exported(tmp_path, "orders") == before
    assert counts(tmp_path, "orders", LATER, "--keep") == {"order": "0 0 1 1"}
    assert exported(tmp_path, "orders") == before
    assert counts(tmp_path, "orders", LATER) == {"order": "0 0 1 1"}  # it was decided


@pytest.mark.slow
def test_money_that_the_desk_has_sent_back_stays_in_the_history_even_where_the_file_holds(tmp_path: Path) -> None:
    cancelled(tmp_path)
    assert counts(tmp_path, "orders", LATER, "--overwrite") == {"order": "0 1 1 0"}
    order = next(line for line in exported(tmp_path, "orders", "jsonl").decode().splitlines() if "#W7000001" in line)
    found = json.loads(order)
    assert found["status"] == "processed"
    assert [(line["kind"], line["amount_cents"]) for line in found["payments"]] == [("payment", 6979), ("refund", 6979)]
    assert counts(tmp_path, "orders", LATER) == {"order": "0 0 1 1"}


@pytest.mark.slow
def test_a_newer_file_changes_what_the_desk_has_not_touched(tmp_path: Path) -> None:
    cancelled(tmp_path)
    arrived = ORDERS.replace("processed,2026-11-10,,", "delivered,2026-11-10,2026-11-15,")
    assert counts(tmp_path, "orders", arrived) == {"order": "0 1 0 1"}
    assert counts(tmp_path, "orders", arrived) == {"order": "0 0 1 1"}


@pytest.mark.slow
def test_a_gift_card_that_the_desk_has_filled_is_not_emptied_by_an_old_balance(tmp_path: Path) -> None:
    whole_shop(tmp_path, {**SHOP, "orders": ORDERS.replace("credit_card_71", "gift_card_72")})
    asked = ask(tmp_path, "Please cancel order #W7000001, I ordered it by mistake.", *VERA)
    ask(tmp_path, "Yes.", "--case", asked["case_id"])
    assert b"94.79" in exported(tmp_path, "customers")
    assert counts(tmp_path, "customers", CUSTOMERS)["payment_method"] == "0 0 2 1"
    assert b"94.79" in exported(tmp_path, "customers")


@pytest.mark.slow
def test_items_payments_and_parcels_follow_a_newer_file(tmp_path: Path) -> None:
    whole_shop(tmp_path)
    more = ORDERS.replace("6000000003,9.90,2", "6000000003,9.90,3").replace("69.79", "79.69").replace("NP-1", "NP-2")
    assert counts(tmp_path, "orders", more) == {"order": "0 2 0 0"}
    found = [json.loads(line) for line in exported(tmp_path, "orders", "jsonl").decode().splitlines()]
    assert [len(one["items"]) for one in found] == [4, 1]
    assert [line["amount_cents"] for line in found[0]["payments"]] == [7969]
    assert found[1]["parcels"] == [{"tracking_ids": ["NP-2"], "item_ids": ["6000000003"], "carrier": "Northway"}]


@pytest.mark.slow
def test_what_a_file_does_not_name_stays(tmp_path: Path) -> None:
    whole_shop(tmp_path)
    first = "".join(CUSTOMERS.splitlines(keepends=True)[:2])
    assert counts(tmp_path, "customers", first) == {"customer": "0 0 1 0", "payment_method": "0 0 1 0"}
    assert exported(tmp_path, "customers").count(b"\n") == 4
    alone = "order_id,customer_id,status,item_id,price\n#W7000002,C-2,delivered,6000000003,9.90\n"
    assert counts(tmp_path, "orders", alone) == {"order": "0 1 0 0"}
    assert b"NP-1" in exported(tmp_path, "orders")  # no column, no change


@pytest.mark.slow
def test_an_order_and_a_method_stay_their_customers(tmp_path: Path) -> None:
    whole_shop(tmp_path)
    other = "order_id,customer_id,status,item_id,price\n#W7000002,C-1,delivered,6000000003,9.90\n"
    assert "order #W7000002 belongs to C-2, not to C-1" in said(brought(tmp_path, "orders", other, "--overwrite"))
    stolen = CUSTOMERS.splitlines()[0] + "\nC-1,Vera,Holm,vera@example.com,,,,,,paypal_73,paypal,,\n"
    assert "payment method paypal_73 belongs to C-2, not to C-1" in said(brought(tmp_path, "customers", stolen, "--overwrite"))


@pytest.mark.slow
def test_a_shop_is_not_brought_in_among_the_samples_customers(tmp_path: Path) -> None:
    commands.document(tmp_path, "ask", "Where is my order #W1000009?", *commands.GRACE)
    done = brought(tmp_path, "customers", CUSTOMERS)
    assert (done.returncode, "the database holds the sample shop with its 40 customers" in said(done)) == (2, True)
    dry = brought(tmp_path, "customers", CUSTOMERS, "--replace-sample", "--dry-run")
    assert "The sample shop would go: 40 customers, 30 products, 150 orders" in said(dry)
    assert exported(tmp_path, "orders").count(b"#W1000009") > 0
    whole = [brought(tmp_path, kind, text, "--replace-sample") for kind, text in SHOP.items()]
    assert [one.returncode for one in whole] == [0, 0, 0]
    assert "The sample shop is gone" in said(whole[0])
    assert "sample" not in said(whole[1])
    assert (exported(tmp_path, "orders").count(b"#W1"), exported(tmp_path, "customers").count(b"\n")) == (0, 4)
    assert "#W7000001" in ask(tmp_path, "Where is my order #W7000001?", *VERA)["reply"]
    assert "cannot find" in ask(tmp_path, "Where is my order #W1000009?", *VERA)["reply"]


@pytest.mark.slow
def test_it_may_stand_beside_the_sample_where_that_is_wanted(tmp_path: Path) -> None:
    commands.document(tmp_path, "ask", "Where is my order #W1000009?", *commands.GRACE)
    assert counts(tmp_path, "customers", CUSTOMERS, "--beside-sample")["customer"] == "2 0 0 0"
    cheaper = exported(tmp_path, "products").replace(b"42.50", b"39.50")
    done = brought(tmp_path, "products", cheaper, "--beside-sample")
    assert "item 3000000101 is there already and came by no import" in said(done)
    assert counts(tmp_path, "products", cheaper, "--beside-sample", "--overwrite")["item"].split()[1] != "0"


@pytest.mark.slow
def test_a_catalogue_of_ones_own_is_no_part_of_the_sample(tmp_path: Path) -> None:
    assert counts(tmp_path, "products", PRODUCTS) == {"product": "2 0 0 0", "item": "3 0 0 0"}
    assert counts(tmp_path, "customers", CUSTOMERS, "--replace-sample")["customer"] == "2 0 0 0"
    assert exported(tmp_path, "products").count(b"\n") == 4
