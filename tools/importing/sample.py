"""The sample shop beside rows of one's own: whether it is there, and taking it away."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tools.importing.memory import forget, last_given
from tools.importing.stored import chunks
from tools.rows import (
    CaseNote,
    Customer,
    Fulfilment,
    Invoice,
    Order,
    OrderItem,
    Payment,
    PaymentMethod,
    Product,
    Refund,
    Subscription,
    Ticket,
    Variant,
)
from tools.store import SEED


def sample_customers(session: Session) -> list[str]:
    """The customers of the sample that the database holds: by id and name, so that nobody else is taken for one.

    Who came by an import is the shop's own.
    """
    names = {key: one["name"]["last_name"] for key, one in _seed("users").items()}
    found = session.execute(select(Customer.id, Customer.last_name).where(Customer.id.in_(names)))
    return _those(session, "customer", found, names)


def remove_sample(session: Session) -> dict[str, int]:
    """Delete the sample's customers and products with all that is theirs. Returns how many there were of each kind."""
    customers = sample_customers(session)
    names = {key: one["name"] for key, one in _seed("products").items()}
    found = session.execute(select(Product.id, Product.name).where(Product.id.in_(names)))
    products = _those(session, "product", found, names)
    methods = list(session.scalars(select(PaymentMethod.id).where(PaymentMethod.customer_id.in_(customers))))
    items = list(session.scalars(select(Variant.id).where(Variant.product_id.in_(products))))
    orders = list(session.scalars(select(Order.id).where(Order.customer_id.in_(customers))))
    tickets = session.scalar(select(func.count()).select_from(Ticket).where(Ticket.customer_id.in_(customers)))
    for chunk in chunks(orders):
        session.execute(update(Payment).where(Payment.order_id.in_(chunk)).values(charge_id=None))
        for of_order in (Payment, Refund, Invoice, Fulfilment, OrderItem):
            session.execute(delete(of_order).where(of_order.order_id.in_(chunk)))
    of_customers: tuple[type[Any], ...] = (Invoice, Subscription, Ticket, CaseNote, Order, PaymentMethod)
    for table in of_customers:
        session.execute(delete(table).where(table.customer_id.in_(customers)))
    session.execute(delete(Customer).where(Customer.id.in_(customers)))
    session.execute(delete(Variant).where(Variant.product_id.in_(products)))
    session.execute(delete(Product).where(Product.id.in_(products)))
    gone = {"customer": customers, "payment_method": methods, "product": products, "item": items, "order": orders}
    forget(session, [(kind, one) for kind, ids in gone.items() for one in ids])
    return {"customers": len(customers), "products": len(products), "orders": len(orders), "tickets": tickets or 0}


def _those(session: Session, kind: str, found: Iterable[Any], names: dict[str, str]) -> list[str]:
    imported = last_given(session, kind, names)
    return [one for one, name in found if names[one] == name and one not in imported]


def _seed(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SEED / f"{name}.json").read_text("utf-8"))
    return found
