"""Who is verified, and what others' rows look like from there."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from support.own_shop import EMMA, PRIYA, Desk, seeded

from switchboard.errors import Refused, ToolError
from tools.accounts import get_user_details, modify_user_address
from tools.catalog import get_item_details, get_product_details, list_all_product_types
from tools.identity import find_user_id_by_email, find_user_id_by_name_zip
from tools.money import list_charges, quote_refund, refund_order
from tools.orders import cancel_pending_order, get_order_details, modify_pending_order_payment
from tools.shop import CaseNote, Ticket
from tools.tickets import add_case_note, open_ticket, take_contact_details, transfer_to_human_agents


@pytest.fixture
def nobody(tmp_path: Path) -> Desk:
    return Desk(seeded(tmp_path))


def test_an_email_address_verifies_its_customer_in_any_case(nobody: Desk):
    assert nobody.call(find_user_id_by_email, email=" Emma.Lindqvist@Example.com ") == EMMA
    assert nobody.customer == EMMA


def test_the_zip_code_tells_two_customers_of_one_name_apart(nobody: Desk):
    found = nobody.call(find_user_id_by_name_zip, first_name="maria", last_name="SANTOS", zip=60614)
    assert found == "maria_santos_1007"
    other = Desk(nobody.engine)
    assert other.call(find_user_id_by_name_zip, first_name="Maria", last_name="Santos", zip="97201") == "maria_santos_1006"


def test_an_unknown_customer_is_not_verified(nobody: Desk):
    assert "No customer has this e-mail" in nobody.refusal(find_user_id_by_email, email="nobody@example.com")
    assert nobody.customer is None


def test_a_second_customer_is_refused_in_one_run(nobody: Desk):
    nobody.call(find_user_id_by_email, email="emma.lindqvist@example.com")
    with pytest.raises(Refused, match="Another customer"):
        nobody.call(find_user_id_by_email, email="priya.raman@example.com")


def test_nothing_of_a_customer_answers_before_somebody_is_verified(nobody: Desk):
    tools = ((get_order_details, {}), (list_charges, {}), (cancel_pending_order, {"reason": "no longer needed"}))
    for tool, more in tools:
        with pytest.raises(Refused, match="No customer is verified"):
            nobody.call(tool, order_id="#W1000001", **more)
    with pytest.raises(Refused, match="No customer is verified"):
        nobody.call(get_user_details, user_id=EMMA)


def test_an_order_of_someone_else_and_one_that_does_not_exist_get_the_same_refusal(nobody: Desk):
    nobody.customer = EMMA
    for tool, more in (
        (get_order_details, {}),
        (quote_refund, {"kind": "full"}),
        (refund_order, {"kind": "full", "amount_cents": 100, "reason": "x"}),
        (cancel_pending_order, {"reason": "no longer needed"}),
    ):
        others = nobody.refusal(tool, order_id="#W1000011", **more)
        missing = nobody.refusal(tool, order_id="#W9999999", **more)
        assert others.replace("#W1000011", "#") == missing.replace("#W9999999", "#")
        assert "belongs to the verified customer" in others


def test_the_account_and_payment_method_of_someone_else_are_refused(nobody: Desk):
    nobody.customer = PRIYA
    home = {"address1": "1 New Way", "address2": "", "city": "Waco", "state": "TX", "country": "USA", "zip": "76701"}
    assert EMMA in nobody.refusal(get_user_details, user_id=EMMA)
    nobody.refusal(modify_user_address, user_id=EMMA, **home)
    text = nobody.refusal(modify_pending_order_payment, order_id="#W1000011", payment_method_id="credit_card_1000001")
    assert "gift_card_1000003" in text


def test_the_own_address_changes_and_the_orders_keep_theirs(nobody: Desk):
    nobody.customer = PRIYA
    home = {"address1": "1 New Way", "address2": "", "city": "Waco", "state": "TX", "country": "USA", "zip": "76701"}
    before = nobody.order("#W1000011")
    assert nobody.call(modify_user_address, user_id=PRIYA, **home)["address"] == home
    assert nobody.order("#W1000011") == before
    assert nobody.call(get_user_details, user_id=PRIYA)["address"] == home


def test_details_of_a_customer_hold_no_more_of_a_card_than_four_digits(nobody: Desk):
    nobody.customer = EMMA
    details = nobody.call(get_user_details, user_id=EMMA)
    card = details["payment_methods"]["credit_card_1000001"]
    assert (card["source"], card["last_four"], set(card)) == ("credit_card", "1111", {"source", "brand", "last_four"})
    assert details["subscriptions"][0]["price"] == "18.00 USD a month"
    assert details["invoices"][0]["for"] == "#W1000001"


def test_the_catalogue_answers_anyone(nobody: Desk):
    types = nobody.call(list_all_product_types)
    assert len(types) == 30 and list(types) == sorted(types)
    product = nobody.call(get_product_details, product_id=types["Enamel Camp Kettle"])
    item_id, item = next(iter(product["variants"].items()))
    assert nobody.call(get_item_details, item_id=item_id)["price"] == item["price"] == 42.5
    assert "no product" in nobody.refusal(get_product_details, product_id="9999999999")
    assert "no item" in nobody.refusal(get_item_details, item_id="9999999999")


@pytest.mark.parametrize("written", ["#W1000001", "W1000001", "1000001", "w1000001 ", 1000001])
def test_an_order_number_is_understood_however_it_is_written(written: object):
    assert get_order_details.validated({"order_id": written}) == {"order_id": "#W1000001"}


@pytest.mark.parametrize(
    "written", ["", "#W12", "the last one", "#W1000001; DROP TABLE orders", "#W１２３４５６７", None, True]
)
def test_what_is_no_order_number_is_refused_with_how_one_looks(written: object):
    with pytest.raises(ToolError, match="#W and seven digits"):
        get_order_details.validated({"order_id": written})


def test_handing_over_opens_a_ticket_with_the_whole_summary(nobody: Desk):
    summary = "The customer wants a cancellation undone. " * 60
    assert "T000005" in nobody.call(transfer_to_human_agents, summary=summary)
    with Session(nobody.engine) as session:
        ticket = session.get_one(Ticket, 5)
        assert (ticket.summary, ticket.priority, ticket.customer_id) == (summary.strip(), "normal", None)


def test_a_ticket_and_a_note_of_the_same_call_are_written_once(nobody: Desk):
    ticket = {"subject": "Bill", "summary": "It is too high.", "department": "billing"}
    first = nobody.call(open_ticket, call_id="t", **ticket)
    assert nobody.call(open_ticket, call_id="t", **ticket) == first
    for _ in range(2):
        assert nobody.call(add_case_note, call_id="n", text="Explained the bill.") == "Noted."
    with Session(nobody.engine) as session:
        assert session.query(CaseNote).count() == 1
        assert session.query(Ticket).count() == 5


def test_contact_details_need_a_way_to_reach_the_customer(nobody: Desk):
    assert "e-mail address or a phone" in nobody.refusal(take_contact_details, name="Ann Ode", about="A quote")
    noted = nobody.call(take_contact_details, name="Ann Ode", about="A quote", phone="+1 555 0100")
    assert noted["reach_by"] == "+1 555 0100"
