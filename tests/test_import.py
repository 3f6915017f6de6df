"""Bringing one's own customers, products and orders in: which files are taken, what is refused, and nothing half written."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support import commands
from support.commands import said
from support.shop_files import CUSTOMERS, ORDERS, PRODUCTS, SHOP, ask, brought, counts, exported, whole_shop, write

from tools.importing.reading.files import MOST_BYTES, delimiter_of
from tools.importing.reading.values import amount, of_type, yes_or_no
from tools.nouns import PaymentMethodId

VERA = ["--email", "vera@example.com"]
HEADER = "customer_id,first_name,last_name,email\n"


@pytest.mark.slow
def test_a_shop_of_ones_own_is_brought_in_and_the_desk_answers_from_it(tmp_path: Path) -> None:
    whole_shop(tmp_path)
    reply = ask(tmp_path, "Where is my order #W7000001?", *VERA)["reply"]
    assert ("#W7000001" in reply, "pending" in reply) == (True, True)
    assert "cannot find" in ask(tmp_path, "Where is my order #W7000002?", *VERA)["reply"]
    asked = ask(tmp_path, "Please cancel order #W7000001, I ordered it by mistake.", *VERA)
    assert ("69.79 USD" in asked["reply"], "two" in asked["reply"] or "Linen Towel" in asked["reply"]) == (True, True)


def test_the_first_import_into_a_new_folder_meets_no_sample(tmp_path: Path) -> None:
    whole_shop(tmp_path)
    assert exported(tmp_path, "customers").count(b"example.com") == 3  # a customer with two methods has two lines


@pytest.mark.slow
def test_what_came_in_is_told_and_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    assert counts(tmp_path, "customers", CUSTOMERS) == {"customer": "2 0 0 0", "payment_method": "3 0 0 0"}
    assert counts(tmp_path, "products", PRODUCTS) == {"product": "2 0 0 0", "item": "3 0 0 0"}
    assert counts(tmp_path, "orders", ORDERS) == {"order": "2 0 0 0"}
    before = [exported(tmp_path, kind) for kind in SHOP]
    assert counts(tmp_path, "customers", CUSTOMERS) == {"customer": "0 0 2 0", "payment_method": "0 0 3 0"}
    assert counts(tmp_path, "orders", ORDERS) == {"order": "0 0 2 0"}
    assert [exported(tmp_path, kind) for kind in SHOP] == before


def test_a_dry_run_shows_each_field_that_would_change_masked_and_writes_nothing(tmp_path: Path) -> None:
    brought(tmp_path, "customers", CUSTOMERS)
    before = exported(tmp_path, "customers")
    moved = CUSTOMERS.replace("vera@example.com", "vera.holm@example.com").replace("25.00", "30.00")
    done = brought(tmp_path, "customers", moved, "--dry-run")
    assert done.returncode == 0
    words = said(done)
    assert "customer C-1 email v...@example.com v...@example.com" in words
    assert "payment method gift_card_72 balance_cents 2500 3000" in words
    assert "nothing was written" in words
    assert exported(tmp_path, "customers") == before
    assert counts(tmp_path, "customers", moved) == {"customer": "0 1 1 0", "payment_method": "0 1 2 0"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiters_and_the_mark_of_utf_8_are_found_out(tmp_path: Path, delimiter: str, mark: str) -> None:
    text = f"{mark}{HEADER}C1,Zoë,Nilsson,zoe@example.com\n".replace(",", delimiter)
    assert counts(tmp_path, "customers", text) == {"customer": "1 0 0 0"}
    assert "Zoë".encode() in exported(tmp_path, "customers")


def test_the_delimiter_is_not_taken_from_within_quotes() -> None:
    assert delimiter_of('"a,b,c,d";e;f\n1;2;3') == ";"


THEIRS = "Kundennr;Vorname;Nachname;E-Mail;Umsatz\nK1;Ida;Kern;ida@example.com;12\n"


def test_columns_of_other_names_are_mapped_by_option_or_file_and_what_is_left_is_named(tmp_path: Path) -> None:
    refused = brought(tmp_path, "customers", THEIRS)
    assert (refused.returncode, "no column for customer_id, first_name, last_name" in said(refused)) == (2, True)
    assert "'Kundennr', 'Vorname', 'Nachname', 'E-Mail', 'Umsatz'" in said(refused)
    assert "payment_method_id" in said(refused)  # the fields that there are
    maps = [word for one in ("Kundennr=customer_id", "vorname=first_name", "Nachname=last_name") for word in ("--map", one)]
    done = brought(tmp_path, "customers", THEIRS, *maps)
    assert (done.returncode, "Nothing is made of these columns: Umsatz." in said(done)) == (0, True)
    mapping = (
        '[customers]\ncustomer_id = "Kundennr"\nfirst_name = "Vorname"\nlast_name = "Nachname"\n[orders]\nstatus = "Stand"\n'
    )
    write(tmp_path, "m.toml", mapping)
    assert counts(tmp_path, "customers", THEIRS, "--mapping", "m.toml") == {"customer": "0 0 1 0"}


def test_the_shops_own_words_for_a_status_are_translated_by_the_mapping(tmp_path: Path) -> None:
    whole_shop(tmp_path, {kind: SHOP[kind] for kind in ("customers", "products")})
    theirs = ORDERS.replace(",pending,", ",Offen,").replace(",processed,", ",VERSANDT,")
    assert "say what yours mean under [status]" in said(brought(tmp_path, "orders", theirs))
    write(tmp_path, "m.toml", '[status]\noffen = "pending"\nversandt = "processed"\n')
    assert counts(tmp_path, "orders", theirs, "--mapping", "m.toml") == {"order": "2 0 0 0"}
    assert counts(tmp_path, "orders", ORDERS) == {"order": "0 0 2 0"}


WRONG_MAPPINGS = [
    (("--map", "nope"), "is no mapping"),
    (("--map", "Umsatz=turnover"), "There is no field 'turnover'"),
    (("--map", "Nummer=customer_id"), "has no column 'Nummer'"),
    (("--mapping", "none.toml"), "cannot be read"),
    (("--mapping", "bad.toml"), "is no mapping in TOML"),
    (("--mapping", "other.toml"), "there is no table 'clients'"),
    (("--overwrite", "--keep"), "opposite"),
    (("--replace-sample", "--beside-sample"), "opposite"),
]


@pytest.mark.parametrize(("options", "words"), WRONG_MAPPINGS)
def test_a_mapping_that_is_none_is_refused_with_a_sentence(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    write(tmp_path, "bad.toml", "[customers\n")
    write(tmp_path, "other.toml", "[clients]\n")
    done = brought(tmp_path, "customers", THEIRS, *options)
    assert (done.returncode, words in said(done)) == (2, True), said(done)


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "latin-1": ("customer_id,first_name\nC1,Zoë\n".encode("latin-1"), "line 2: this is no UTF-8 text"),
    "empty": (b"", "is empty"),
    "a header alone": (HEADER.encode(), "holds no row below its header"),
    "a NUL": (b"customer_id,first_name\nC1,Z\0\n", "line 2: it holds a NUL character"),
    "a column twice": (b"customer_id,email,email\n1,2,3\n", "the column 'email' stands twice"),
    "another delimiter": (HEADER.replace(",", "|").encode() + b"a|b|c|d\n", "no column for customer_id"),
    "an open quote": (HEADER.encode() + b'C1,"A,B,a@example.com\n', "line 2: this is not CSV"),
    "two columns of one field": (b"email,E-Mail,customer_id\n1,2,3\n", "are both email"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    content, words = UNREADABLE[name]
    done = brought(tmp_path, "customers", content)
    assert (done.returncode, done.stdout, words in done.stderr) == (2, "", True), done.stderr


def test_folders_endings_and_sizes_are_checked_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with write(tmp_path, "big.csv", "").open("wb") as big:
        big.truncate(MOST_BYTES + 1)
    write(tmp_path, "a.xlsx", "x")
    for name, words in (
        ("folder.csv", "is a folder"),
        ("big.csv", "50 MB is the most"),
        ("a.xlsx", ".csv nor .jsonl"),
        ("no.csv", "No"),
    ):
        done = commands.switchboard(tmp_path, "import", "customers", name, new=True)
        assert (done.returncode, words in said(done)) == (2, True), said(done)
    assert not (tmp_path / "data" / "switchboard.db").exists()


LINES: dict[str, tuple[str, str, str]] = {
    "an id twice": (
        "customers",
        f"{HEADER}C1,A,B,a@example.com\nC1,A,B,a@example.com\n",
        "line 3: customer C1 stands in line 2",
    ),
    "the header again": ("customers", f"{HEADER}C1,A,B,a@example.com\n{HEADER}", "line 3: the header stands here again"),
    "a cell too many": ("customers", f"{HEADER}C1,A,B,a@example.com,x\n", "line 2: 5 cells, where the header has 4"),
    "no address": ("customers", f"{HEADER}C1,A,B,nobody\n", "line 2: email: 'nobody' cannot be taken: an e-mail address"),
    "an empty name": ("customers", f"{HEADER}C1,,B,a@example.com\n", "line 2: first_name is empty"),
    "a line break in quotes before": ("customers", f'{HEADER}C1,"A\nA",B,a@example.com\nC2,A,B,x\n', "line 4: email"),
    "a method twice": (
        "customers",
        CUSTOMERS.replace("paypal_73", "gift_card_72"),
        "line 4: payment method gift_card_72 stands in",
    ),
    "a card without digits": ("customers", CUSTOMERS.replace("0042", ""), "line 2: a credit_card needs its last_four"),
    "another name below": (
        "customers",
        CUSTOMERS.replace("C-1,,", "C-1,Mia,"),
        "line 3: first_name of customer C-1 is another",
    ),
    "a price in two readings": (
        "products",
        PRODUCTS.replace("49.99", "1.249"),
        "line 2: price: '1.249' can be read in two ways",
    ),
    "no yes and no no": ("products", PRODUCTS.replace("49.99,yes", "49.99,perhaps"), "line 2: available: 'perhaps' is neither"),
    "an item twice": ("products", PRODUCTS.replace("6000000002", "6000000001"), "line 3: item 6000000001 stands in line 2"),
    "a day of another form": (
        "orders",
        ORDERS.replace("2026-11-10,,", "10/11/2026,,"),
        "line 4: placed_on: '10/11/2026' is no day",
    ),
    "an unknown customer": ("orders", ORDERS.replace("C-2", "C-9"), "line 4: there is no customer C-9: import customers first"),
    "an unknown item": ("orders", ORDERS.replace("6000000001", "6000000009"), "there is no item 6000000009: import products"),
    "a method of another": ("orders", ORDERS.replace("paypal_73", "credit_card_71"), "customer C-2 has no payment method"),
    "a status of its own": ("orders", ORDERS.replace("processed", "lost"), "line 4: status 'lost' is none of"),
    "a number of another form": ("orders", ORDERS.replace("#W7000002", "77"), "line 4: order_id: '77' cannot be taken"),
    "an order again": ("orders", ORDERS + ORDERS.splitlines()[1] + "\n", "line 5: order #W7000001 stands in line 2 already"),
    "an amount without a method": ("orders", ORDERS.replace("paypal_73", ""), "payment_method_id and paid belong together"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LINES)
def test_a_wrong_line_is_told_with_its_number_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    kind, text, words = LINES[name]
    whole_shop(tmp_path, {one: SHOP[one] for one in ("customers", "products") if one != kind})
    before = [exported(tmp_path, one) for one in SHOP]
    done = brought(tmp_path, kind, text)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{kind}.csv, {words}" in said(done) or words in said(done)
    assert "nothing was imported" in done.stderr
    assert [exported(tmp_path, one) for one in SHOP] == before


def test_of_many_errors_the_first_twenty_are_told_and_the_count(tmp_path: Path) -> None:
    text = HEADER + "".join(f"C{n},A,B,none\n" for n in range(50))
    done = brought(tmp_path, "customers", text)
    assert done.stderr.count("customers.csv, line") == 20
    assert "And 30 more. 50 errors: nothing was imported." in said(done)
    told = json.loads(brought(tmp_path, "customers", text, "--json").stdout)
    assert (told["error_count"], len(told["errors"]), told["written"]) == (50, 20, False)


READ: list[tuple[Any, int | None]] = [
    ("49", 4900), ("49.9", 4990), ("49.99", 4999), ("49,99", 4999), ("1,249.00", 124900), ("1.249,00", 124900),
    ("1 249,5", 124950), ("1'249.00", 124900), ("1,249,000", 124900000), ("USD 5.00", 500), ("5 usd", 500), ("0", 0),
    (Decimal("49.9"), 4990), (7, 700), ("1.249", None), ("1,249", None), ("1 249", 124900), ("1,249,00", None),
    ("49.999", None), ("-5", None), ("5 EUR", None), ("$5", None), ("1,24,900", None), ("", None), ("five", None),
    ("\u0664\u0669", None), (True, None), (Decimal("1.249"), None), (Decimal("1E+400"), None), ("1e5", None),
    ("99999999999.00", None), (Decimal("4.99E+1"), 4990),
]  # fmt: skip


@pytest.mark.parametrize(("written", "cents"), READ)
def test_an_amount_is_read_where_it_can_mean_one_thing_alone(written: Any, cents: int | None) -> None:
    try:
        found: int | None = amount("USD")(written)
    except ValueError:
        found = None
    assert found == cents


@pytest.mark.slow
def test_json_lines_may_nest_and_say_the_same_as_a_spreadsheet(tmp_path: Path) -> None:
    customers = {
        "customer_id": "C-1", "name": {"first_name": "Vera", "last_name": "Holm"}, "email": "vera@example.com",
        "address": {"address1": "1 Quay", "city": "Bergen", "state": "VL", "zip": "50031", "country": "Norway"},
        "payment_methods": [
            {"payment_method_id": "credit_card_71", "payment_source": "credit_card", "last_four": "0042"},
            {"payment_method_id": "gift_card_72", "payment_source": "gift_card", "balance_cents": 2500},
        ],
    }  # fmt: skip
    brought(tmp_path, "customers", CUSTOMERS)
    found = counts(tmp_path, "customers", json.dumps(customers) + "\n\n", name="customers.jsonl")
    assert found == {"customer": "0 0 1 0", "payment_method": "0 0 2 0"}
    brought(tmp_path, "products", PRODUCTS)
    brought(tmp_path, "orders", ORDERS)
    items = [{"item_id": "6000000001", "price": 49.99}, {"item_id": "6000000003", "price": 9.9, "quantity": 2}]
    paid = [{"kind": "payment", "amount": "69.79", "payment_method_id": "credit_card_71", "paid_on": "2026-11-20"}]
    order = {"order_id": "W7000001", "customer_id": "C-1", "status": "pending", "items": items, "payments": paid}
    assert counts(tmp_path, "orders", json.dumps(order), name="orders.jsonl") == {"order": "0 0 1 0"}


@pytest.mark.parametrize("line", ["[1]", "{", "NaN", '{"a": NaN}', "[" * 100_000, '{"customer_id": {"a": 1}}', "9" * 5000])
def test_a_line_that_is_no_object_is_an_error_of_that_line(tmp_path: Path, line: str) -> None:
    good = json.dumps({"customer_id": "C1", "first_name": "A", "last_name": "B", "email": "a@example.com"})
    done = brought(tmp_path, "customers", f"{good}\n{line}\n", name="c.jsonl")
    assert (done.returncode, "c.jsonl, line 2:" in said(done)) == (1, True), said(done)


def test_an_order_that_lists_its_items_stands_once(tmp_path: Path) -> None:
    whole_shop(tmp_path)
    order = {
        "order_id": "#W7000009",
        "customer_id": "C-1",
        "status": "pending",
        "items": [{"item_id": "6000000003", "price": 9}],
    }
    done = brought(tmp_path, "orders", f"{json.dumps(order)}\n" * 2, name="orders.jsonl")
    assert "line 2: order #W7000009 stands in line 1 already" in said(done)


def test_options_may_have_columns_of_their_own(tmp_path: Path) -> None:
    text = "product_id,name,sku,option size,Option: colour,price_cents,in stock\n5000000009,Mug,6000000009,L,red,990,1\n"
    assert counts(tmp_path, "products", text) == {"product": "1 0 0 0", "item": "1 0 0 0"}
    assert b'{""size"": ""L"", ""colour"": ""red""}' in exported(tmp_path, "products")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Ja", True),
        ("NEIN", False),
        ("oui", True),
        (" non", False),
        ("Sí", True),
        ("FALSCH", False),
        ("vrai", True),
        (True, True),
    ],
)
def test_yes_and_no_are_read_in_the_languages_that_the_desk_speaks(written: object, meant: bool) -> None:
    assert yes_or_no(written) is meant


def test_a_number_of_another_form_is_refused_with_where_forms_are_said() -> None:
    with pytest.raises(ValueError, match=r"'pm7' cannot be taken: .*\[ids\] of switchboard\.toml"):
        of_type(PaymentMethodId)("pm7")
