"""Whole stores: migrate a database, load one from tau2-shaped JSON, dump rows in that shape, seed the own shop.

The JSON shape is that of tau2-bench's retail domain: dollars as floats, payment methods by id, payment history lines.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, inspect, select, text
from sqlalchemy.orm import Session

from switchboard import migrations
from switchboard.migrations import lock, migrate_cases
from tools.rows import (
    Customer,
    Fulfilment,
    Invoice,
    Order,
    OrderItem,
    Payment,
    PaymentMethod,
    Product,
    Refund,
    Row,
    Subscription,
    Ticket,
    Variant,
    now,
)

MIGRATIONS = Path(__file__).parent / "migrations"
SEED = Path(__file__).parent / "seed"
SEED_FILES = ("users", "orders", "products", "extras")
WRITTEN_ON = date(2026, 11, 21)
"""The day that the dates of the seed are told from."""
ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d")

Json = Mapping[str, Any]


def migrate(engine: Engine) -> None:
    """Bring the cases and the shop's rows to the newest migrations. Raises OperatorError when a newer program wrote them."""
    migrate_cases(engine)
    migrate_shop(engine)


def migrate_shop(engine: Engine) -> None:
    """Bring the shop's rows to the newest migration. Raises OperatorError when a newer program wrote them."""
    migrations.migrate(engine, "shop", MIGRATIONS, _as_of_0_2)


def _as_of_0_2(connection: Connection) -> str | None:
    """How far the shop of a database of Switchboard 0.2 is, which had one chain of Alembic's for everything."""
    return "0002_payments" if inspect(connection).has_table("customers") else None


def load_store(session: Session, users: Json, orders: Json, products: Json, extras: Json | None = None) -> None:
    """Insert a store. `extras` adds what the tau2 shape has no place for; its shape is in `tools/seed/README.md`."""
    extra = extras or {}
    more: Json = extra.get("orders", {})
    rank = {order_id: i for user in users.values() for i, order_id in enumerate(user["orders"])}
    _insert(session, Customer, (_customer(key, u) for key, u in users.items()))
    _insert(session, PaymentMethod, (m for key, u in users.items() for m in _methods(key, u)))
    _insert(session, Product, ({"id": key, "name": p["name"]} for key, p in products.items()))
    _insert(session, Variant, (v for key, p in products.items() for v in _variants(key, p)))
    _insert(session, Order, (_order(o, rank.get(key, 0), more.get(key, {})) for key, o in orders.items()))
    _insert(session, OrderItem, (i for key, o in orders.items() for i in _items(key, o, more.get(key, {}))))
    _insert(session, Fulfilment, (f for key, o in orders.items() for f in _fulfilments(key, o, more.get(key, {}))))
    _insert(session, Refund, (_dated(r) for r in extra.get("refunds", [])))
    _insert(session, Payment, (p for key, o in orders.items() for p in _payments(key, o, more.get(key, {}))))
    for row, name in ((Subscription, "subscriptions"), (Invoice, "invoices"), (Ticket, "tickets")):
        _insert(session, row, (_dated(r) for r in extra.get(name, [])))
    _skip_used_numbers(session)


def _insert(session: Session, row: type[Row] | type[Ticket], values: Iterable[dict[str, Any]]) -> None:
    if rows := list(values):
        session.execute(insert(row), rows)


def _skip_used_numbers(session: Session) -> None:
    """Postgres numbers new rows from a sequence, which rows that came with their own number do not move."""
    if session.get_bind().dialect.name == "postgresql":
        for table in ("refunds", "tickets"):
            next_one = f"(SELECT coalesce(max(id), 0) + 1 FROM {table})"
            session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {next_one}, false)"))


def dump_order(session: Session, order_id: str) -> dict[str, Any]:
    """An order in the tau2 shape. Raises NoResultFound when there is none."""
    order = session.get_one(Order, order_id)
    difference = order.exchange_price_difference_cents
    added = {
        "cancel_reason": order.cancel_reason,
        "exchange_items": order.exchange_items,
        "exchange_new_items": order.exchange_new_items,
        "exchange_payment_method_id": order.exchange_payment_method_id,
        "exchange_price_difference": None if difference is None else dollars(difference),
        "return_items": order.return_items,
        "return_payment_method_id": order.return_payment_method_id,
    }
    return {
        "order_id": order.id,
        "user_id": order.customer_id,
        "address": order.address,
        "items": [
            {
                "name": i.name,
                "product_id": i.product_id,
                "item_id": i.item_id,
                "price": dollars(i.price_cents),
                "options": i.options,
            }
            for i in order.items
        ],
        "fulfillments": [{"tracking_id": f.tracking_ids, "item_ids": f.item_ids} for f in order.fulfilments],
        "status": order.status,
        "payment_history": [
            {"transaction_type": p.kind, "amount": dollars(p.amount_cents), "payment_method_id": p.payment_method_id}
            for p in order.payments
        ],
        **{name: value for name, value in added.items() if value is not None},
    }


def dump_customer(session: Session, user_id: str) -> dict[str, Any]:
    """A customer in the tau2 shape. Raises NoResultFound when there is none."""
    customer = session.get_one(Customer, user_id)
    return {
        "name": {"first_name": customer.first_name, "last_name": customer.last_name},
        "address": customer.address,
        "email": customer.email,
        "payment_methods": {method.id: _dump_method(method) for method in customer.methods},
        "orders": [order.id for order in customer.orders],
    }


def _dump_method(method: PaymentMethod) -> dict[str, Any]:
    if method.source == "credit_card":
        return {"source": method.source, "brand": method.brand, "last_four": method.last_four, "id": method.id}
    if method.balance_cents is not None:
        return {"source": method.source, "balance": dollars(method.balance_cents), "id": method.id}
    return {"source": method.source, "id": method.id}


def cents(amount: float) -> int:
    """Dollars as whole cents."""
    return round(amount * 100)


def dollars(amount: int) -> float:
    """Whole cents as dollars with two decimals."""
    return round(amount / 100, 2)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _dated(row: Json) -> dict[str, Any]:
    """A row of extras: names that end in `_on` are days, in `_at` moments."""
    return {
        name: _day(value) if name.endswith("_on") else datetime.fromisoformat(value) if name.endswith("_at") else value
        for name, value in row.items()
    }


def _customer(customer_id: str, user: Json) -> dict[str, Any]:
    return {"id": customer_id, "email": user["email"], **user["name"], **user["address"]}


def _methods(customer_id: str, user: Json) -> Iterable[dict[str, Any]]:
    for position, (key, method) in enumerate(user["payment_methods"].items()):
        balance = method.get("balance")
        yield {
            "id": key,
            "customer_id": customer_id,
            "position": position,
            "source": method["source"],
            "brand": method.get("brand"),
            "last_four": method.get("last_four"),
            "balance_cents": None if balance is None else cents(balance),
            "removed_on": _day(method.get("removed_on")),
        }


def _variants(product_id: str, product: Json) -> Iterable[dict[str, Any]]:
    for position, (key, variant) in enumerate(product["variants"].items()):
        yield {
            "id": key,
            "product_id": product_id,
            "position": position,
            "options": variant["options"],
            "available": variant["available"],
            "price_cents": cents(variant["price"]),
        }


def _order(order: Json, position: int, more: Json) -> dict[str, Any]:
    difference = order.get("exchange_price_difference")
    kept = (
        "cancel_reason",
        "return_items",
        "return_payment_method_id",
        "exchange_items",
        "exchange_new_items",
        "exchange_payment_method_id",
    )
    return {
        "id": order["order_id"],
        "customer_id": order["user_id"],
        "position": position,
        "status": order["status"],
        **order["address"],
        **{name: _day(more.get(name)) for name in ("placed_on", "promised_on", "delivered_on")},
        **{name: order.get(name) for name in kept},
        "exchange_price_difference_cents": None if difference is None else cents(difference),
    }


def _items(order_id: str, order: Json, more: Json) -> Iterable[dict[str, Any]]:
    off: list[int | None] = more.get("discount_cents", [])
    for position, item in enumerate(order["items"]):
        kept = {name: item[name] for name in ("name", "product_id", "item_id", "options")}
        kept["discount_cents"] = off[position] if position < len(off) else None
        yield {"order_id": order_id, "position": position, "price_cents": cents(item["price"]), **kept}


def _fulfilments(order_id: str, order: Json, more: Json) -> Iterable[dict[str, Any]]:
    for position, parcel in enumerate(order["fulfillments"]):
        yield {
            "order_id": order_id,
            "position": position,
            "tracking_ids": parcel["tracking_id"],
            "item_ids": parcel["item_ids"],
            "carrier": more.get("carrier"),
            "last_scan": more.get("last_scan"),
        }


def _payments(order_id: str, order: Json, more: Json) -> Iterable[dict[str, Any]]:
    days: list[str | None] = more.get("paid_on", [])
    refunds: list[int | None] = more.get("refund_ids", [])
    for position, line in enumerate(order["payment_history"]):
        yield {
            "order_id": order_id,
            "position": position,
            "kind": line["transaction_type"],
            "amount_cents": cents(line["amount"]),
            "payment_method_id": line["payment_method_id"],
            "paid_on": _day(days[position]) if position < len(days) else None,
            "refund_id": refunds[position] if position < len(refunds) else None,
        }


def seeded_day(written: str) -> str:
    """A day of the seed (ISO) as it is loaded today: as long ago as it was on the day when the seed was written."""
    return (date.fromisoformat(written) + timedelta(days=(now().date() - WRITTEN_ON).days)).isoformat()


def _seed_file(name: str) -> Any:
    """A file of the seed with every date moved, so that what can be returned or is late stays so."""
    return json.loads(ISO_DAY.sub(lambda day: seeded_day(day[0]), (SEED / f"{name}.json").read_text("utf-8")))


def seed(engine: Engine) -> bool:
    """Fill a migrated, empty database with the own shop of `tools/seed/`, and tell whether it was one.

    A database with customers is left alone.
    """
    with Session(engine) as session, session.begin():
        lock(session.connection())
        if session.scalars(select(Customer.id).limit(1)).first() is not None:
            return False
        load_store(session, **{name: _seed_file(name) for name in SEED_FILES})
        return True
