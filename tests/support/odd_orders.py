"""Orders that the seed has not: paid with a discount, by several methods, taken back by the bank, by a method that is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tools.shop import Customer, Order, OrderItem, Payment, PaymentMethod, Variant, now

MARIA, CARD, GIFT_CARD = "maria_santos_1007", "credit_card_1000007", "gift_card_1000007"
TENT, LAMP = "3000000301", "3000000403"
ODD = "#W2000001"


@dataclass(frozen=True)
class Piece:
    """A piece of an order: its item, its price, and what is recorded that a code took off it; cents."""

    item_id: str
    price: int
    discount: int | None = None


@dataclass(frozen=True)
class Line:
    """A line of the payment history; `of` is the place of the charge that it sends back, where that is recorded."""

    kind: str
    cents: int
    method: str = CARD
    of: int | None = None
    reference: str | None = None


def add_order(
    engine: Engine,
    pieces: Sequence[Piece],
    lines: Sequence[Line],
    status: str = "delivered",
    customer: str = MARIA,
    order_id: str = ODD,
) -> str:
    """Add an order that was placed nine days ago. Returns its number."""
    today = now().date()
    with Session(engine) as session:
        theirs = session.get_one(Customer, customer)
        order = Order(id=order_id, customer_id=customer, position=90, status=status, **theirs.address)
        order.placed_on, order.promised_on = today - timedelta(days=9), today
        order.delivered_on = today - timedelta(days=5) if status == "delivered" else None
        session.add(order)
        for position, piece in enumerate(pieces):
            variant = session.get_one(Variant, piece.item_id)
            item = OrderItem(position=position, name=variant.product.name, product_id=variant.product_id, item_id=variant.id)
            item.price_cents, item.discount_cents, item.options = piece.price, piece.discount, variant.options
            order.items.append(item)
        for position, line in enumerate(lines):
            row = Payment(position=position, kind=line.kind, amount_cents=line.cents, payment_method_id=line.method)
            row.state, row.paid_on, row.reference = "settled", order.placed_on, line.reference
            row.charge_id = None if line.of is None else order.payments[line.of].id
            order.payments.append(row)
            session.flush()
        session.commit()
    return order_id


def remove_method(engine: Engine, method_id: str) -> None:
    """Take a payment method off its account, as of yesterday."""
    with Session(engine) as session:
        session.get_one(PaymentMethod, method_id).removed_on = now().date() - timedelta(days=1)
        session.commit()
