"""The shop: customers, products, orders, money, notes (tickets are the library's now)."""

from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from sqlalchemy import Column, ForeignKey


def text(name: str, nullable: bool = False, index: bool = False, unique: bool | None = None) -> Column[str]:
    return Column(name, sa.String(), nullable=nullable, index=index, unique=unique)


def whole(name: str, nullable: bool = False) -> Column[int]:
    return Column(name, sa.Integer(), nullable=nullable)


def day(name: str, nullable: bool = True) -> Column[Any]:
    return Column(name, sa.Date(), nullable=nullable)


def data(name: str, nullable: bool = False) -> Column[Any]:
    return Column(name, sa.JSON(), nullable=nullable)


def moment(name: str) -> Column[Any]:
    return Column(name, sa.DateTime(timezone=True), nullable=False)


def owner(name: str, target: str, nullable: bool = False, index: bool = True) -> Column[str]:
    return Column(name, sa.String(), ForeignKey(target), nullable=nullable, index=index)


def text_key() -> Column[str]:
    return Column("id", sa.String(), primary_key=True)


def number_key() -> Column[int]:
    return Column("id", sa.Integer(), primary_key=True)


def address() -> list[Column[str]]:
    return [text(name) for name in ("address1", "address2", "city", "country", "state", "zip")]


def upgrade(op: Operations) -> None:
    who_and_what(op)
    orders(op)
    money(op)
    desk(op)


def who_and_what(op: Operations) -> None:
    op.create_table("customers", text_key(), text("first_name"), text("last_name"), text("email", index=True), *address())
    op.create_table(
        "payment_methods",
        text_key(),
        owner("customer_id", "customers.id"),
        whole("position"),
        text("source"),
        text("brand", nullable=True),
        text("last_four", nullable=True),
        whole("balance_cents", nullable=True),
    )
    op.create_table("products", text_key(), text("name"))
    op.create_table(
        "variants",
        text_key(),
        owner("product_id", "products.id"),
        whole("position"),
        data("options"),
        Column("available", sa.Boolean(), nullable=False),
        whole("price_cents"),
    )


def orders(op: Operations) -> None:
    op.create_table(
        "orders",
        text_key(),
        owner("customer_id", "customers.id"),
        whole("position"),
        text("status"),
        *address(),
        *(day(name) for name in ("placed_on", "promised_on", "delivered_on")),
        text("cancel_reason", nullable=True),
        data("return_items", nullable=True),
        text("return_payment_method_id", nullable=True),
        data("exchange_items", nullable=True),
        data("exchange_new_items", nullable=True),
        text("exchange_payment_method_id", nullable=True),
        whole("exchange_price_difference_cents", nullable=True),
    )
    op.create_table(
        "order_items",
        number_key(),
        owner("order_id", "orders.id"),
        whole("position"),
        text("name"),
        text("product_id"),
        text("item_id"),
        whole("price_cents"),
        data("options"),
    )
    op.create_table(
        "fulfilments",
        number_key(),
        owner("order_id", "orders.id"),
        whole("position"),
        data("tracking_ids"),
        data("item_ids"),
        text("carrier", nullable=True),
        text("last_scan", nullable=True),
    )


def money(op: Operations) -> None:
    op.create_table(
        "refunds",
        number_key(),
        text("key", unique=True),
        owner("order_id", "orders.id"),
        text("kind"),
        whole("amount_cents"),
        text("reason"),
        moment("created_at"),
    )
    op.create_table(
        "payments",
        number_key(),
        owner("order_id", "orders.id"),
        whole("position"),
        text("kind"),
        whole("amount_cents"),
        owner("payment_method_id", "payment_methods.id", index=False),
        day("paid_on"),
        Column("charge_id", sa.Integer(), ForeignKey("payments.id")),
        Column("refund_id", sa.Integer(), ForeignKey("refunds.id")),
    )
    op.create_table(
        "subscriptions",
        text_key(),
        owner("customer_id", "customers.id"),
        text("plan"),
        whole("price_cents"),
        text("period"),
        text("status"),
        day("started_on", nullable=False),
        day("renews_on"),
    )
    op.create_table(
        "invoices",
        text_key(),
        owner("customer_id", "customers.id"),
        owner("order_id", "orders.id", nullable=True, index=False),
        owner("subscription_id", "subscriptions.id", nullable=True, index=False),
        whole("amount_cents"),
        text("status"),
        day("issued_on", nullable=False),
        day("due_on", nullable=False),
    )


def desk(op: Operations) -> None:
    op.create_table(
        "case_notes",
        number_key(),
        text("key", unique=True),
        text("run_id"),
        owner("customer_id", "customers.id", nullable=True),
        text("agent"),
        text("text"),
        moment("created_at"),
    )
