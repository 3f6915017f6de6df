"""Whatever is written in whatever order: no order sends back, or promises to, more than was paid for it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from support.examples import examples
from support.own_shop import WRITES, Desk, seeded

from switchboard.errors import ToolError
from tools.money import refund_order
from tools.orders import modify_pending_order_items
from tools.returns import return_delivered_order_items
from tools.shop import Order, Variant, total_cents

KOFI, PENDING = "kofi_asante_1021", "#W1000140"


def out_and_in(desk: Desk, order_id: str) -> tuple[int, int]:
    """The cents that went back or are promised, and those that were paid."""
    with Session(desk.engine) as session:
        order = session.get_one(Order, order_id)
        sums = {kind: sum(p.amount_cents for p in order.payments if p.kind == kind) for kind in ("payment", "refund")}
        promised = 0
        if order.exchange_price_difference_cents:
            promised = max(-order.exchange_price_difference_cents, 0)
        return sums["refund"] + promised, sums["payment"]


def arguments(desk: Desk, order_id: str, draw: Any) -> dict[str, Any]:
    """Arguments that may fit every write on the order."""
    with Session(desk.engine) as session:
        order = session.get_one(Order, order_id)
        items = draw(st.lists(st.sampled_from(order.items), min_size=1, max_size=2))
        news = []
        for item in items:
            same = [v.id for v in session.query(Variant).filter_by(product_id=item.product_id, available=True)]
            news.append(draw(st.sampled_from(same or [item.item_id])))
        method = draw(st.sampled_from(order.customer.methods)).id
        amounts = [1, total_cents(order) // 2, total_cents(order) - 1, total_cents(order)]
        return {
            "order_id": order_id,
            "kind": draw(st.sampled_from(["partial", "full", "duplicate_charge"])),
            "amount_cents": max(draw(st.sampled_from(amounts)), 1),
            "reason": "no longer needed",
            "item_ids": [item.item_id for item in items],
            "new_item_ids": news,
            "payment_method_id": method,
        }


@pytest.mark.slow
@settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_sequence_of_writes_sends_back_more_than_was_paid(tmp_path: Path, data: st.DataObject) -> None:
    engine = seeded(tmp_path)
    try:
        with Session(engine) as session:
            every = [(o.id, o.customer_id) for o in session.query(Order).order_by(Order.id) if o.payments]
        order_id, customer = data.draw(st.sampled_from(every))
        desk = Desk(engine, customer)
        returned = 0
        for _ in range(data.draw(st.integers(2, 6))):
            tool = data.draw(st.sampled_from(WRITES))
            given = arguments(desk, order_id, data.draw)
            try:
                result = desk.call(tool, **{name: given[name] for name in tool.arguments.model_fields})
            except ToolError:
                continue
            if tool is return_delivered_order_items:
                returned = result["value_cents"]
            out, paid = out_and_in(desk, order_id)
            assert out + returned <= paid, f"{order_id}: {tool.name} with {given}"
    finally:
        engine.dispose()


def test_a_cheaper_item_after_a_partial_refund_is_refused(tmp_path: Path) -> None:
    desk = Desk(seeded(tmp_path), KOFI)
    desk.call(refund_order, order_id=PENDING, kind="partial", amount_cents=12_899, reason="as agreed")
    with Session(desk.engine) as session:
        item = session.get_one(Order, PENDING).items[0]
        cheaper = session.query(Variant).filter(
            Variant.product_id == item.product_id, Variant.available, Variant.price_cents < item.price_cents
        )
        new, method = cheaper.first(), "credit_card_1000021"
        assert new is not None
        swap = {"order_id": PENDING, "item_ids": [item.item_id], "new_item_ids": [new.id], "payment_method_id": method}
    assert "left to refund" in desk.refusal(modify_pending_order_items, **swap)


def test_no_part_goes_out_while_a_return_or_exchange_is_under_way(tmp_path: Path) -> None:
    engine = seeded(tmp_path)
    for status in ("return requested", "exchange requested"):
        with Session(engine) as session:
            order = session.query(Order).filter_by(status="delivered").first()
            assert order is not None
            order.status = status
            session.commit()
            order_id, customer = order.id, order.customer_id
        refusal = Desk(engine, customer).refusal(
            refund_order, order_id=order_id, kind="partial", amount_cents=100, reason="as agreed"
        )
        assert status in refusal
        assert "in part" in refusal


def test_an_order_without_payments_is_not_returned_here(tmp_path: Path) -> None:
    engine = seeded(tmp_path)
    with Session(engine) as session:
        orders = session.query(Order).filter_by(status="delivered")
        order = max((o for o in orders if o.delivered_on), key=lambda o: str(o.delivered_on))
        for line in order.payments:
            session.delete(line)
        session.commit()
        session.refresh(order)
        item, method, order_id, customer = order.items[0].item_id, order.customer.methods[0].id, order.id, order.customer_id
    back = {"order_id": order_id, "item_ids": [item], "payment_method_id": method}
    assert "No payment is recorded" in Desk(engine, customer).refusal(return_delivered_order_items, **back)
