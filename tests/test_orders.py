"""Changing pending orders; returning and exchanging delivered ones."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from support.own_shop import EMMA, PRIYA, Desk, seeded

from switchboard.database import open_engine, sqlite_url
from tools.orders import (
    cancel_pending_order,
    get_order_details,
    modify_pending_order_address,
    modify_pending_order_items,
    modify_pending_order_payment,
)
from tools.returns import exchange_delivered_order_items, return_delivered_order_items
from tools.shop import now
from tools.store import migrate, seed, seeded_day

KETTLE, BIG_KETTLE, GONE_KETTLE = "3000000101", "3000000103", "3000000104"
BOTTLE, BIG_BOTTLE = "3000001801", "3000001803"
HERS = "#W1000011"


@pytest.fixture
def priya(tmp_path: Path) -> Desk:
    """Verified, with a pending order of a kettle (42.50) and a bottle (24.90); her gift card holds 25.00."""
    return Desk(seeded(tmp_path), PRIYA)


def test_details_of_a_late_parcel_say_where_it_is(tmp_path: Path):
    details = Desk(seeded(tmp_path), "jonas_okafor_1002").call(get_order_details, order_id="#W1000002")
    assert (details["status"], details["promised_on"]) == ("processed", seeded_day("2026-11-03"))
    assert "held at" in details["fulfillments"][0]["last_scan"]
    assert None not in details.values() and "cancel_reason" not in details


def test_a_cancelled_order_goes_back_to_its_gift_card_at_once(tmp_path: Path):
    desk = Desk(seeded(tmp_path), "tomas_berg_1004")
    answer = desk.call(cancel_pending_order, order_id="#W1000004", reason="no longer needed")
    assert answer["refunds"] == ["80.90 USD to the gift card, at once"]
    order = desk.order("#W1000004")
    assert (order["status"], order["cancel_reason"]) == ("cancelled", "no longer needed")
    assert order["payment_history"][-1] == {
        "transaction_type": "refund",
        "amount": 80.9,
        "payment_method_id": "gift_card_1000004",
    }
    assert desk.methods("tomas_berg_1004")["gift_card_1000004"]["balance"] == 200.9
    assert "is cancelled" in desk.refusal(cancel_pending_order, order_id="#W1000004", reason="no longer needed")


def test_a_delivered_order_is_not_cancelled_but_can_be_returned(tmp_path: Path):
    text = Desk(seeded(tmp_path), EMMA).refusal(cancel_pending_order, order_id="#W1000001", reason="ordered by mistake")
    assert text == "Order #W1000001 is delivered, so it cannot be cancelled; it can be returned or exchanged."


def test_only_the_two_reasons_cancel_an_order(priya: Desk):
    assert "Wrong arguments" in priya.refusal(cancel_pending_order, order_id=HERS, reason="too expensive")


def test_each_modified_item_gets_its_own_new_item(priya: Desk):
    answer = priya.call(
        modify_pending_order_items,
        order_id=HERS,
        item_ids=[BOTTLE, KETTLE],
        new_item_ids=[BIG_BOTTLE, BIG_KETTLE],
        payment_method_id="gift_card_1000003",
    )
    assert (answer["charged_cents"], answer["charged"], answer["method"]) == (1240, "12.40 USD", "gift card")
    order = priya.order(HERS)
    assert [(i["item_id"], i["price"]) for i in order["items"]] == [(BIG_KETTLE, 49.9), (BIG_BOTTLE, 29.9)]
    assert order["status"] == "pending (item modified)"
    assert order["payment_history"][-1]["amount"] == 12.4
    assert priya.methods(PRIYA)["gift_card_1000003"]["balance"] == 12.6


@pytest.mark.parametrize(
    ("old", "new", "method", "why"),
    [
        ([KETTLE], [KETTLE], "credit_card_1000003", "would stay the same"),
        ([KETTLE], [GONE_KETTLE], "credit_card_1000003", "not available"),
        ([KETTLE], [BIG_BOTTLE], "credit_card_1000003", "is no item of Enamel Camp Kettle"),
        ([KETTLE], ["9999999999"], "credit_card_1000003", "is no item of Enamel Camp Kettle"),
        ([KETTLE, KETTLE], [BIG_KETTLE, BIG_KETTLE], "credit_card_1000003", "fewer of it than named"),
        ([KETTLE, BOTTLE], [BIG_KETTLE], "credit_card_1000003", "Name one for each"),
        ([KETTLE], [BIG_KETTLE], "paypal_9999999", "No payment method"),
        ([], [], "credit_card_1000003", "Wrong arguments"),
    ],
)
def test_items_that_do_not_fit_are_refused_and_change_nothing(
    priya: Desk, old: list[str], new: list[str], method: str, why: str
):
    text = priya.refusal(modify_pending_order_items, order_id=HERS, item_ids=old, new_item_ids=new, payment_method_id=method)
    assert why in text


def test_after_its_items_changed_an_order_takes_an_address_and_a_payment_method_but_no_more_items(priya: Desk):
    change = {"item_ids": [KETTLE], "new_item_ids": ["3000000102"], "payment_method_id": "credit_card_1000003"}
    priya.call(modify_pending_order_items, order_id=HERS, **change)
    there = {"address1": "9 Pier", "address2": "", "city": "Waco", "state": "TX", "country": "USA", "zip": "76701"}
    assert priya.call(modify_pending_order_address, order_id=HERS, **there)["address"] == there
    assert "were changed already" in priya.refusal(modify_pending_order_items, order_id=HERS, **change)
    assert "were changed already" in priya.refusal(cancel_pending_order, order_id=HERS, reason="no longer needed")


def test_another_payment_method_pays_and_the_first_gets_its_money_back(tmp_path: Path):
    desk = Desk(seeded(tmp_path), "tomas_berg_1004")
    desk.call(modify_pending_order_payment, order_id="#W1000004", payment_method_id="credit_card_1000004")
    history = [(p["transaction_type"], p["amount"], p["payment_method_id"]) for p in desk.order("#W1000004")["payment_history"]]
    assert history[1:] == [("payment", 80.9, "credit_card_1000004"), ("refund", 80.9, "gift_card_1000004")]
    assert desk.methods("tomas_berg_1004")["gift_card_1000004"]["balance"] == 200.9
    text = desk.refusal(modify_pending_order_payment, order_id="#W1000004", payment_method_id="gift_card_1000004")
    assert "more than its one payment" in text
    refunds = desk.call(cancel_pending_order, order_id="#W1000004", reason="no longer needed")["refunds"]
    assert refunds == ["80.90 USD to the credit card ending 4444, in 5 to 7 business days"]


def test_a_gift_card_that_holds_too_little_and_the_method_in_use_are_refused(priya: Desk):
    poor = priya.refusal(modify_pending_order_payment, order_id=HERS, payment_method_id="gift_card_1000003")
    assert poor.startswith("The gift card holds 25.00 USD, but 67.40 USD is due.")
    same = priya.refusal(modify_pending_order_payment, order_id=HERS, payment_method_id="credit_card_1000003")
    assert "already paid by" in same


def test_a_return_goes_to_the_original_method_or_any_gift_card(tmp_path: Path):
    desk = Desk(seeded(tmp_path), "maria_santos_1007")
    whole = {"order_id": "#W1000007", "item_ids": ["3000001001", "3000000901"]}
    answer = desk.call(return_delivered_order_items, **whole, payment_method_id="gift_card_1000007")
    assert (answer["status"], answer["value_cents"], answer["refund_to"]) == ("return requested", 12890, "gift card")
    order = desk.order("#W1000007")
    assert order["return_items"] == ["3000000901", "3000001001"]
    assert desk.methods("maria_santos_1007")["gift_card_1000007"]["balance"] == 100
    assert "under way" in desk.refusal(return_delivered_order_items, **whole, payment_method_id="gift_card_1000007")


def test_a_return_to_another_card_is_refused(tmp_path: Path):
    desk = Desk(seeded(tmp_path), "hanna_vesely_1020")
    delivered(desk, "#W1000020", days_ago=30)
    wish = {"order_id": "#W1000020", "item_ids": ["3000002601"], "payment_method_id": "paypal_1000020"}
    why = desk.refusal(return_delivered_order_items, **wish)
    assert "original payment method, credit_card_1000020, or to a gift card" in why


def delivered(desk: Desk, order: str, *, days_ago: int) -> None:
    day = now().date() - timedelta(days=days_ago)
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE orders SET delivered_on = :day WHERE id = :order"), {"day": day, "order": order})


@pytest.mark.parametrize(("days_ago", "possible"), [(29, True), (30, True), (31, False)])
def test_returns_and_exchanges_are_taken_for_30_days_after_delivery(tmp_path: Path, days_ago: int, possible: bool):
    desk = Desk(seeded(tmp_path), "maria_santos_1007")
    delivered(desk, "#W1000007", days_ago=days_ago)
    details = desk.call(get_order_details, order_id="#W1000007")
    assert ("returnable_until" in details, "returns_closed_on" in details) == (possible, not possible)
    wish = {"order_id": "#W1000007", "item_ids": ["3000000901"], "payment_method_id": "credit_card_1000007"}
    if possible:
        assert desk.call(return_delivered_order_items, **wish)["value_cents"] == 6990
    else:
        assert "transfer" in desk.refusal(return_delivered_order_items, **wish)
        assert "30 days" in desk.refusal(exchange_delivered_order_items, **wish, new_item_ids=["3000000902"])


def test_a_return_brings_back_no_more_than_what_is_refundable(tmp_path: Path):
    desk = Desk(seeded(tmp_path), "noor_farouk_1011")
    delivered(desk, "#W1000005", days_ago=3)
    order = desk.order("#W1000005")
    items = [item["item_id"] for item in order["items"]]
    method = order["payment_history"][0]["payment_method_id"]
    answer = desk.call(return_delivered_order_items, order_id="#W1000005", item_ids=items, payment_method_id=method)
    assert (answer["value_cents"], answer["price_cents"], answer["refunded_already_cents"]) == (12800, 14300, 1500)


def test_the_seed_is_as_old_on_every_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tools.store.now", lambda: datetime(2031, 5, 2, 23, 59, tzinfo=UTC))
    engine = open_engine(sqlite_url(tmp_path / "later.db"))
    migrate(engine)
    seed(engine)
    details = Desk(engine, EMMA).call(get_order_details, order_id="#W1000001")
    assert (details["placed_on"], details["delivered_on"]) == ("2031-04-13", "2031-04-16")
    assert details["fulfillments"][0]["last_scan"] == "delivered 2031-04-16"


def test_pieces_of_one_item_are_counted(tmp_path: Path):
    desk = Desk(seeded(tmp_path), "dmitri_volkov_1017")
    plug = "3000001101"
    wish = {"order_id": "#W1000017", "payment_method_id": "credit_card_1000017"}
    assert "fewer of it" in desk.refusal(return_delivered_order_items, item_ids=[plug] * 3, **wish)
    desk.call(return_delivered_order_items, item_ids=[plug, plug], **wish)
    assert desk.order("#W1000017")["return_items"] == [plug, plug]


def test_an_exchange_is_requested_once_with_its_price_difference(tmp_path: Path):
    desk = Desk(seeded(tmp_path), "dmitri_volkov_1017")
    wish = {
        "order_id": "#W1000017",
        "item_ids": ["3000001101", "3000001101"],
        "new_item_ids": ["3000001104", "3000001103"],
        "payment_method_id": "credit_card_1000017",
    }
    answer = desk.call(exchange_delivered_order_items, **wish)
    assert (answer["status"], answer["to_pay_cents"]) == ("exchange requested", 8500)
    assert (answer["to_pay"], answer["method"]) == ("85.00 USD", "credit card ending 4017")
    order = desk.order("#W1000017")
    assert order["exchange_new_items"] == ["3000001103", "3000001104"]
    assert order["exchange_price_difference"] == 85.0
    assert len(order["payment_history"]) == 1
    assert "exchange is under way" in desk.refusal(exchange_delivered_order_items, **wish)


def test_an_exchange_above_the_gift_card_is_refused(tmp_path: Path):
    desk = Desk(seeded(tmp_path), "dmitri_volkov_1017")
    text = desk.refusal(
        exchange_delivered_order_items,
        order_id="#W1000017",
        item_ids=["3000001101", "3000001101"],
        new_item_ids=["3000001104", "3000001104"],
        payment_method_id="gift_card_1000017",
    )
    assert "holds 50.00 USD, but 100.00 USD is due" in text


def test_a_pending_order_is_not_returned_but_can_be_cancelled(priya: Desk):
    text = priya.refusal(
        return_delivered_order_items, order_id=HERS, item_ids=[KETTLE], payment_method_id="credit_card_1000003"
    )
    assert "it can be cancelled" in text
