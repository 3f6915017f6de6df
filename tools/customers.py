"""What operators see of a customer beside their case: who they are, and their newest orders."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tools.nouns import money
from tools.shop import Customer, Order, total_cents

MOST_ORDERS = 8


def known(engine: Engine, services: Mapping[str, Any], customer_id: str) -> list[tuple[str, str]]:
    """The rows on a customer, each a title and a text; none on one whom the shop does not have."""
    with Session(engine.execution_options(reading=True)) as session:
        customer = session.get(Customer, customer_id)
        if customer is None:
            return []
        newest = (Order.placed_on.desc().nulls_last(), Order.position.desc())
        orders = session.scalars(select(Order).where(Order.customer_id == customer.id).order_by(*newest).limit(MOST_ORDERS))
        who = [("Name", f"{customer.first_name} {customer.last_name}"), ("Mail on file", customer.email)]
        return [*who, *((f"Order {order.id}", _told(order)) for order in orders)]


def _told(order: Order) -> str:
    placed = f"placed on {order.placed_on:%Y-%m-%d}" if order.placed_on else ""
    return ", ".join(part for part in (order.status, placed, money(total_cents(order))) if part)
