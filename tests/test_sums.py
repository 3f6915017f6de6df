"""What an order really costs, and where its money goes back: discounts, several means, chargebacks, methods that are gone."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from support.odd_orders import CARD, GIFT_CARD, LAMP, MARIA, ODD, TENT, Line, Piece, add_order, remove_method
from support.own_shop import Desk, seeded

from switchboard.declare.tool import Tool
from tools.accounts import get_user_details
from tools.money import list_charges, quote_refund, refund_order
from tools.orders import (
    cancel_pending_order,
    get_order_details,
    modify_pending_order_items,
    modify_pending_order_payment,
)
from tools.returns import exchange_delivered_order_items, return_delivered_order_items
from tools.shop import Order, Variant

BOTH = (Piece(TENT, 6000), Piece(LAMP, 4000))


@pytest.fixture
def maria(tmp_path: Path) -> Desk:
    return Desk(seeded(tmp_path), MARIA)


def returned(*items: str, to: str = CARD) -> dict[str, Any]:
    return {"order_id": ODD, "item_ids": list(items), "payment_method_id": to}


def swapped(desk: Desk, item_id: str, price: int, to: str = CARD) -> dict[str, Any]:
    """Arguments that swap an item for another of its product, which costs so much."""
    with Session(desk.engine) as session:
        product = session.get_one(Variant, item_id).product_id
        new = session.query(Variant).filter(Variant.product_id == product, Variant.id != item_id).first()
        assert new is not None
        new.price_cents, new.available = price, True
        session.commit()
        return {"order_id": ODD, "item_ids": [item_id], "new_item_ids": [new.id], "payment_method_id": to}


def promised(desk: Desk) -> dict[str, int] | None:
    with Session(desk.engine) as session:
        return session.get_one(Order, ODD).refunds_promised


@pytest.mark.parametrize("discounts", [(None, None), (600, 400)], ids=["not recorded", "recorded"])
def test_a_charge_of_a_discounted_order_that_was_made_twice_is_seen(maria: Desk, discounts: tuple[int | None, int | None]):
    pieces = [Piece(TENT, 6000, discounts[0]), Piece(LAMP, 4000, discounts[1])]
    add_order(maria.engine, pieces, [Line("payment", 9000)] * 2)
    told = maria.call(list_charges, order_id=ODD)
    assert (told["total"], told["discount"], told["charges"][1]["duplicate_of"]) == ("90.00 USD", "10.00 USD", 1)
    assert maria.call(quote_refund, order_id=ODD, kind="duplicate_charge")["amount_cents"] == 9000
    assert maria.call(get_order_details, order_id=ODD)["total"] == 90.0


def test_a_charge_that_is_paid_above_a_recorded_price_is_no_duplicate_of_less(maria: Desk):
    add_order(maria.engine, [Piece(TENT, 6000, 0), Piece(LAMP, 4000, 0)], [Line("payment", 9000)] * 2)
    told = maria.call(list_charges, order_id=ODD)
    assert (told["overpaid_cents"], [c.get("duplicate_of") for c in told["charges"]]) == (8000, [None, None])


def test_an_order_that_was_paid_by_two_methods_is_told_as_paid_above_its_price(maria: Desk):
    add_order(maria.engine, BOTH, [Line("payment", 10_000), Line("payment", 10_000, GIFT_CARD)])
    assert maria.call(list_charges, order_id=ODD)["overpaid"] == "100.00 USD"


@pytest.mark.parametrize("discounts", [(None, None), (599, 401)], ids=["not recorded", "recorded"])
def test_a_part_that_is_returned_gives_back_what_was_really_paid_for_it(maria: Desk, discounts: tuple[int | None, int | None]):
    add_order(maria.engine, [Piece(TENT, 6000, discounts[0]), Piece(LAMP, 4000, discounts[1])], [Line("payment", 9000)])
    value = 5400 if discounts[0] is None else 5401
    assert maria.call(return_delivered_order_items, **returned(TENT))["value_cents"] == value
    assert promised(maria) == {CARD: value}


def test_the_parts_of_a_discounted_order_are_what_was_paid_to_the_cent(maria: Desk):
    add_order(maria.engine, [Piece(LAMP, 3333)] * 3, [Line("payment", 9999)])
    add_order(maria.engine, [Piece(LAMP, 3333)] * 3, [Line("payment", 8000)], order_id="#W2000002")
    whole = maria.call(return_delivered_order_items, **returned(LAMP, LAMP, LAMP) | {"order_id": "#W2000002"})
    assert whole["value_cents"] == 8000
    assert maria.call(return_delivered_order_items, **returned(LAMP))["value_cents"] == 3333


def test_a_charge_that_went_back_whole_was_no_discount(maria: Desk):
    """It was one of two parts of the price; where it was the whole price once more, the other charge tells the price."""
    add_order(maria.engine, BOTH, [Line("payment", 6000), Line("payment", 4000, GIFT_CARD), Line("refund", 4000, GIFT_CARD)])
    assert maria.call(list_charges, order_id=ODD)["total_cents"] == 10_000
    again = [Line("payment", 9000), Line("payment", 9000, GIFT_CARD), Line("refund", 9000)]
    add_order(maria.engine, BOTH, again, order_id="#W2000002")
    assert maria.call(list_charges, order_id="#W2000002")["total_cents"] == 9000


def test_a_cheaper_item_in_a_discounted_order_gives_back_its_share_and_a_dearer_one_costs_its_price(maria: Desk):
    add_order(maria.engine, BOTH, [Line("payment", 9000)], status="pending")
    cheaper = maria.call(modify_pending_order_items, **swapped(maria, TENT, 5000))
    assert (cheaper["refund_cents"], cheaper["total_cents"]) == (900, 8100)
    assert maria.call(get_order_details, order_id=ODD)["total"] == 81.0
    add_order(maria.engine, BOTH, [Line("payment", 9000)], status="pending", order_id="#W2000002")
    dearer = maria.call(modify_pending_order_items, **swapped(maria, TENT, 7000) | {"order_id": "#W2000002"})
    assert (dearer["charged_cents"], dearer["total_cents"]) == (1000, 10_000)


def test_an_order_that_is_paid_differently_keeps_its_discount(maria: Desk):
    add_order(maria.engine, BOTH, [Line("payment", 9000)], status="pending")
    maria.call(modify_pending_order_payment, order_id=ODD, payment_method_id=GIFT_CARD)
    told = maria.call(list_charges, order_id=ODD)
    assert (told["total_cents"], told["refundable_cents"], "overpaid" in told) == (9000, 9000, False)


def test_each_of_several_methods_gets_back_what_it_paid_and_the_gift_card_first(maria: Desk):
    lines = [Line("payment", 7000), Line("payment", 3000, GIFT_CARD)]
    add_order(maria.engine, BOTH, lines)
    add_order(maria.engine, BOTH, lines, order_id="#W2000002")
    add_order(maria.engine, BOTH, lines, order_id="#W2000003")
    result = maria.call(return_delivered_order_items, **returned(TENT))
    assert promised(maria) == {GIFT_CARD: 3000, CARD: 3000}
    assert [(way["method_id"], way["amount"]) for way in result["to"]] == [(GIFT_CARD, "30.00 USD"), (CARD, "30.00 USD")]
    read = return_delivered_order_items.read_back
    assert read is not None
    said = read(returned(TENT), result)
    assert "60.00 USD goes back, 30.00 USD to your gift card and 30.00 USD to your credit card ending" in said
    part = {"order_id": "#W2000002", "kind": "partial", "amount_cents": 4500, "reason": "as agreed"}
    assert [p["amount_cents"] for p in maria.call(refund_order, **part)["to"]] == [3000, 1500]
    whole = {"order_id": "#W2000003", "kind": "full", "amount_cents": 10_000, "reason": "as agreed"}
    back = {p["method_id"]: p["amount_cents"] for p in maria.call(refund_order, **whole)["to"]}
    assert back == {CARD: 7000, GIFT_CARD: 3000}


def test_a_return_may_all_go_to_a_gift_card_that_paid_nothing(maria: Desk):
    add_order(maria.engine, BOTH, [Line("payment", 10_000)])
    assert maria.call(return_delivered_order_items, **returned(TENT, to=GIFT_CARD))["refund_to"] == "gift card"
    assert promised(maria) == {GIFT_CARD: 6000}


@pytest.mark.parametrize("sent_back", [10_000, 7000], ids=["all", "more than the other item costs"])
def test_no_other_goods_are_sent_for_what_was_refunded(maria: Desk, sent_back: int):
    add_order(maria.engine, BOTH, [Line("payment", 10_000), Line("refund", sent_back)])
    add_order(maria.engine, BOTH, [Line("payment", 10_000), Line("refund", sent_back)], "pending", order_id="#W2000002")
    assert "other goods are not sent" in maria.refusal(exchange_delivered_order_items, **swapped(maria, TENT, 6000))
    pending = swapped(maria, TENT, 6000) | {"order_id": "#W2000002"}
    assert "other goods are not sent" in maria.refusal(modify_pending_order_items, **pending)


def test_a_return_of_what_was_refunded_is_refused_before_it_is_made(maria: Desk):
    add_order(maria.engine, BOTH, [Line("payment", 10_000), Line("refund", 10_000)])
    assert "brings nothing" in maria.refusal(return_delivered_order_items, **returned(TENT))


def test_no_money_and_no_goods_go_out_on_top_of_what_the_bank_took_back(maria: Desk):
    lines = [Line("payment", 5000), Line("payment", 5000), Line("payment", 5000), Line("chargeback", 5000, of=1)]
    add_order(maria.engine, BOTH, lines)
    add_order(maria.engine, BOTH, [Line("payment", 5000), Line("chargeback", 2000, of=0)], "pending", order_id="#W2000002")
    calls: list[tuple[Any, dict[str, Any]]] = [
        (refund_order, {"kind": kind, "amount_cents": 5000, "reason": "charged twice"})
        for kind in ("full", "partial", "duplicate_charge")
    ]
    calls += [(return_delivered_order_items, returned(TENT)), (exchange_delivered_order_items, swapped(maria, TENT, 6000))]
    pending: list[tuple[Any, dict[str, Any]]] = [
        (cancel_pending_order, {"reason": "no longer needed"}),
        (modify_pending_order_items, swapped(maria, TENT, 5000)),
        (modify_pending_order_payment, {"payment_method_id": GIFT_CARD}),
    ]
    for tool, arguments in calls:
        assert "A person looks at it" in maria.refusal(tool, **arguments | {"order_id": ODD})
    for tool, arguments in pending:
        assert "A person looks at it" in maria.refusal(tool, **arguments | {"order_id": "#W2000002"})
    told = maria.call(list_charges, order_id=ODD)
    assert (told["chargebacks"][0]["amount"], told["refundable_cents"]) == ("50.00 USD", 10_000)
    assert [charge["refundable_cents"] for charge in told["charges"]] == [5000, 0, 5000]


def test_a_card_that_is_gone_gets_its_money_back_and_pays_for_nothing(maria: Desk):
    add_order(maria.engine, BOTH, [Line("payment", 10_000)])
    remove_method(maria.engine, CARD)
    assert CARD not in maria.call(get_user_details, user_id=MARIA)["payment_methods"]
    assert "whose methods are: gift_card_1000007" in maria.refusal(exchange_delivered_order_items, **swapped(maria, TENT, 7000))
    result = maria.call(return_delivered_order_items, **returned(TENT))
    assert "(no longer on the account)" in result["refund_to"] and promised(maria) == {CARD: 6000}


def test_a_gift_card_that_is_gone_is_not_refilled(maria: Desk):
    add_order(maria.engine, BOTH, [Line("payment", 10_000, GIFT_CARD)])
    add_order(maria.engine, BOTH, [Line("payment", 10_000, GIFT_CARD)], "pending", order_id="#W2000002")
    remove_method(maria.engine, GIFT_CARD)
    assert "no longer on the account" in maria.refusal(return_delivered_order_items, **returned(TENT, to=GIFT_CARD))
    part = {"order_id": ODD, "kind": "partial", "amount_cents": 100, "reason": "as agreed"}
    assert "no longer on the account" in maria.refusal(refund_order, **part)
    whole = {"order_id": "#W2000002", "reason": "no longer needed"}
    assert "no longer on the account" in maria.refusal(cancel_pending_order, **whole)


def test_a_difference_goes_back_to_those_that_paid(maria: Desk):
    add_order(maria.engine, BOTH, [Line("payment", 8000, GIFT_CARD), Line("payment", 2000)])
    result = maria.call(exchange_delivered_order_items, **swapped(maria, TENT, 3000))
    assert promised(maria) == {GIFT_CARD: 3000}
    assert (result["to_refund"], result["to"][0]["method"]) == ("30.00 USD", "gift card")
    add_order(maria.engine, BOTH, [Line("payment", 10_000, GIFT_CARD)], "pending", order_id="#W2000002")
    change = swapped(maria, TENT, 3000) | {"order_id": "#W2000002"}
    assert "paid less" in maria.refusal(modify_pending_order_items, **change)


@pytest.mark.parametrize("tool", [modify_pending_order_payment, modify_pending_order_items], ids=lambda tool: str(tool.name))
def test_a_read_back_tells_what_a_provider_will_send_back(maria: Desk, tool: Tool):
    add_order(maria.engine, BOTH, [Line("payment", 10_000, reference="ch_1")], status="pending")
    change = swapped(maria, TENT, 5000) if tool is modify_pending_order_items else {"payment_method_id": GIFT_CARD}
    result = maria.call(tool, **change | {"order_id": ODD})
    assert result["refund_state"] == "requested" and tool.read_back is not None
    back = "10.00 USD" if tool is modify_pending_order_items else "100.00 USD"
    assert f"{back} to the credit card ending" in tool.read_back(change | {"order_id": ODD}, result)
