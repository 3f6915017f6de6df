"""Any order, and any sequence of the tools on it: the sums of what was paid, went back and is promised always agree."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support.examples import examples
from support.generated_orders import METHODS, Drawn, add_methods, drawn_orders
from support.odd_orders import MARIA, ODD, add_order, remove_method
from support.own_shop import WRITES, Desk, seeded
from support.provider import Provider

from switchboard.declare.tool import Context, Tool
from switchboard.errors import ToolError
from tools.money import list_charges, refund_order
from tools.nouns import money
from tools.orders import (
    get_order_details,
    modify_pending_order_items,
)
from tools.payments import settle_requested
from tools.returns import exchange_delivered_order_items, return_delivered_order_items
from tools.shop import Order, PaymentMethod, Variant

CHOSEN = (modify_pending_order_items, return_delivered_order_items, exchange_delivered_order_items)
"""Where the customer may have what goes back on a gift card that paid nothing."""
AMOUNT = re.compile(r"([\d,]+\.\d\d) USD")
ANY_SHOP = settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))


class Books:
    """What the rows of the order say, by payment method: paid, back (sent or ordered), promised, and gift cards' balances."""

    def __init__(self, engine: Engine) -> None:
        with Session(engine) as session:
            order = session.get_one(Order, ODD)
            self.paid, self.back = Counter[str](), Counter[str]()
            for line in order.payments:
                if line.kind == "payment":
                    self.paid[line.payment_method_id] += line.amount_cents
                elif line.kind == "chargeback":
                    self.paid[line.payment_method_id] -= line.amount_cents
                else:
                    self.back[line.payment_method_id] += line.amount_cents
            self.promised = Counter(order.refunds_promised or {})
            self.disputed = any(line.kind == "chargeback" for line in order.payments)
            self.items = sum(item.price_cents for item in order.items)
            found = session.query(PaymentMethod).filter_by(customer_id=MARIA, source="gift_card")
            self.balances = {method.id: method.balance_cents or 0 for method in found}

    @property
    def out(self) -> Counter[str]:
        return self.back + self.promised


def drawn_arguments(engine: Engine, tool: Tool, draw: Any) -> dict[str, Any]:
    """Arguments that may fit the tool on the order."""
    with Session(engine) as session:
        order = session.get_one(Order, ODD)
        items = draw(st.lists(st.sampled_from(order.items), min_size=1, max_size=len(order.items), unique=True))
        news = []
        for item in items:
            same = [v.id for v in session.query(Variant).filter_by(product_id=item.product_id, available=True)]
            news.append(draw(st.sampled_from(sorted(same) or [item.item_id])))
        charges = [line.amount_cents for line in order.payments if line.kind == "payment"]
    told = Desk(engine, MARIA).call(list_charges, order_id=ODD)
    amounts = [1, told["refundable_cents"] // 3, told["refundable_cents"] - 1, told["refundable_cents"], *charges]
    arguments = {
        "order_id": ODD,
        "kind": draw(st.sampled_from(["partial", "full", "duplicate_charge"])),
        "amount_cents": max(draw(st.sampled_from(amounts)), 1),
        "reason": "no longer needed",
        "item_ids": [item.item_id for item in items],
        "new_item_ids": news,
        "payment_method_id": draw(st.sampled_from(METHODS)),
    }
    return {name: arguments[name] for name in tool.arguments.model_fields}


def check_words(result: Any) -> None:
    """Every amount that a result tells in words is the one that it tells in cents."""
    for name, value in result.items() if isinstance(result, dict) else ():
        if name.endswith("_cents") and name.removesuffix("_cents") in result:
            words = result[name.removesuffix("_cents")]
            assert money(value) in words, (name, result)
        for one in value if isinstance(value, list) else ():
            check_words(one)


def check_step(before: Books, after: Books, tool: Tool, arguments: dict[str, Any], result: Any, asked: str) -> None:
    """One call that was done: what was read back, what its result says, and what the rows say now are the same."""
    check_words(result)
    sent, promised = after.back - before.back, after.promised - before.promised
    moved = sum(sent.values()) + sum(promised.values())
    told = next(
        (result[name] for name in ("amount_cents", "value_cents", "to_refund_cents", "refund_cents") if name in result), 0
    )
    assert told == moved, (tool.name, result, sent, promised)
    if "to" in result:
        assert (
            sent + promised == Counter({way["method_id"]: way["amount_cents"] for way in result["to"]}) or tool is refund_order
        )
    said = [round(float(words.replace(",", "")) * 100) for words in AMOUNT.findall(asked)]
    assert moved == 0 or moved in said or moved == sum(said), (asked, moved)
    assert not before.disputed, f"{tool.name} went through on an order that the bank took money of"


def check_books(books: Books, chosen: Counter[str], at_first: dict[str, int], start: Books, desk: Desk) -> None:
    """The sums that hold always: in all, by each means, and what the reads say of them."""
    assert sum(books.out.values()) <= sum(books.paid.values())
    for method, cents in books.out.items():
        assert cents <= books.paid[method] + chosen[method], f"{method} gets back more than it paid"
    for gift_card, balance in books.balances.items():
        spent = books.paid[gift_card] - start.paid[gift_card]
        assert balance == at_first[gift_card] - spent + books.back[gift_card] - start.back[gift_card]
        assert balance >= 0
    told, details = desk.call(list_charges, order_id=ODD), desk.call(get_order_details, order_id=ODD)
    check_words(told)
    assert told["total_cents"] == round(details["total"] * 100) == books.items - told.get("discount_cents", 0)
    assert told["refundable_cents"] == sum(books.paid.values()) - sum(books.out.values())


def drawn_shop(folder: Path, drawn: Drawn) -> Engine:
    engine = seeded(folder)
    add_methods(engine)
    add_order(engine, drawn.pieces, drawn.lines, drawn.status)
    for method in drawn.removed:
        remove_method(engine, method)
    return engine


@pytest.mark.slow
@ANY_SHOP
@given(data=st.data())
def test_no_sequence_of_the_tools_gives_more_than_was_paid_in_all_and_by_each_means(
    tmp_path: Path, data: st.DataObject
) -> None:
    drawn = data.draw(drawn_orders())
    engine = drawn_shop(tmp_path, drawn)
    try:
        walk(engine, data)
    finally:
        engine.dispose()


def walk(engine: Engine, data: st.DataObject, provider: Provider | None = None) -> None:
    """Some calls, each rehearsed before, and the sums after each."""
    desk, start, chosen = Desk(engine, MARIA), Books(engine), Counter[str]()
    total, made = desk.call(list_charges, order_id=ODD)["total_cents"], 0
    for number in range(data.draw(st.integers(1, 5))):
        tool = data.draw(st.sampled_from(WRITES))
        arguments = drawn_arguments(engine, tool, data.draw)
        before, rows = Books(engine), desk.everything()
        try:
            rehearsed = rehearsal(engine, tool, arguments)
            assert desk.everything() == rows
            asked = tool.read_back(arguments, rehearsed) if tool.read_back else ""
            result = desk.call(tool, call_id=f"c{number}", **arguments)
        except ToolError:
            assert desk.everything() == rows
            continue
        made += 1
        after = Books(engine)
        check_step(before, after, tool, arguments, result, asked)
        if tool in CHOSEN and arguments["payment_method_id"].startswith("gift_card"):
            moved = (after.out - before.out)[arguments["payment_method_id"]]
            chosen[arguments["payment_method_id"]] += moved
        if tool is modify_pending_order_items:
            total += result.get("charged_cents", 0) - result.get("refund_cents", 0)
        if tool is refund_order:
            assert desk.call(tool, call_id=f"c{number}", **arguments) == result
        if provider:
            outside(engine, provider, tool, result, f"c{number}")
            after = Books(engine)
        check_books(after, chosen, start.balances, start, desk)
        assert desk.call(list_charges, order_id=ODD)["total_cents"] == total, tool.name


def rehearsal(engine: Engine, tool: Tool, arguments: dict[str, Any]) -> Any:
    """What a call would say, as the executor asks the customer about it: the rows are undone."""
    with Session(engine) as session:
        result = tool(Context("run-1", "rehearsal", "orders", session, MARIA), **tool.validated(arguments))
        session.rollback()
    return result


def outside(engine: Engine, provider: Provider, tool: Tool, result: Any, call_id: str) -> None:
    """The call's effect outside, as the executor makes it once the rows are committed; then again, as after a crash."""
    if tool.outside is None:
        return
    for _ in range(2):
        with Session(engine) as session:
            context = Context("run-1", call_id, "orders", session, MARIA, services={"payments": provider})
            try:
                check_words(tool.outside(context, result))
            except ToolError as error:
                assert error.code == "declined"
            session.commit()


@pytest.mark.slow
@ANY_SHOP
@given(data=st.data())
def test_a_provider_that_declines_or_is_late_sends_back_no_more_than_it_took(tmp_path: Path, data: st.DataObject) -> None:
    drawn = data.draw(drawn_orders(outside=True))
    engine = drawn_shop(tmp_path, drawn)
    moods = data.draw(st.lists(st.sampled_from(["fine", "fine", "declined", "late"]), max_size=6))
    charged = {line.reference: line.cents for line in drawn.lines if line.reference}
    provider = Provider(charged, endlessly(moods))
    try:
        walk(engine, data, provider)
        settle_requested(engine, provider)
        for reference, cents in charged.items():
            assert provider.sent_back(reference) <= cents
        kept = sum(cents for _, cents in provider.made.values())
        with Session(engine) as session:
            lines = [p for p in session.get_one(Order, ODD).payments if p.kind == "refund" and p.key and p.reference]
            assert kept == sum(line.amount_cents for line in lines if line.state == "settled")
    finally:
        engine.dispose()


def endlessly(moods: list[str]) -> Iterator[str]:
    yield from moods
    while True:
        yield "fine"


@pytest.mark.slow
@ANY_SHOP
@given(data=st.data())
def test_all_of_an_order_that_is_sent_back_brings_what_was_paid_for_it_and_its_parts_the_same_sum(
    tmp_path: Path, data: st.DataObject
) -> None:
    drawn = data.draw(drawn_orders())
    fresh = [line for line in drawn.lines if line.kind == "payment"]
    engine = drawn_shop(tmp_path, Drawn(drawn.pieces, fresh, "delivered", frozenset()))
    try:
        desk, books = Desk(engine, MARIA), Books(engine)
        total = desk.call(list_charges, order_id=ODD)["total_cents"]
        items = [piece.item_id for piece in drawn.pieces]
        whole = {"order_id": ODD, "item_ids": items, "payment_method_id": fresh[0].method}
        parts = 0
        for place in range(len(items)):
            parts += rehearsal(engine, return_delivered_order_items, whole | {"item_ids": [items[place]]})["value_cents"]
        result = desk.call(return_delivered_order_items, **whole)
        assert result["value_cents"] == total
        assert len(set(items)) < len(items) or parts == total
        assert all(cents <= books.paid[method] for method, cents in Books(engine).promised.items())
    finally:
        engine.dispose()
